// listen --front: the half that faces the internet, in a process without private key.
import { Clock } from '../../clock.ts'
import { ConfigError } from '../../errors.ts'
import { frontHandlers } from '../../front/front-handlers.ts'
import { type Front, startFront } from '../../front/front-server.ts'
import { Exchange } from '../../gateway/exchange.ts'
import type { Both, Language } from '../../language.ts'
import { placeOf } from '../../server/ledger-location.ts'
import type { FrontConfig } from '../../settings/front-config.ts'
import type { CommandLine } from '../command-line.ts'
import { opened, terminalActor } from '../ledger-command.ts'
import { say, untilSignal } from './process.ts'

/** Whoever gets into this process must find nothing there that moves money. */
export function refusePrivateKey({ variables, origins }: CommandLine): void {
  const found = PRIVATE.filter((name) => variables[name]?.trim())
  if (found.length === 0) return
  throw new ConfigError(
    found.map((name) => ({
      variable: origins.get(name)?.label ?? name,
      problem: 'is set, and the half that faces the internet must not hold it.',
      fix: 'give --front settings without it; or run listen without --front, which leaves it out by itself.',
    })),
  )
}

const PRIVATE = ['ALIPAY_PRIVATE_KEY', 'ALIPAY_PRIVATE_KEY_FILE', 'ALIPAY_APP_AUTH_TOKEN']

/** Until SIGTERM or SIGINT; what has begun is answered first. */
export async function runFront(config: FrontConfig, healthPort: number, language: Language): Promise<number> {
  const { app_id, seller_id, alipayPublicKeys, listen: at } = config
  const clock = new Clock()
  const recipient = { app_ids: [...alipayPublicKeys.keys()], seller_id }
  const { folder, partition } = placeOf({ ...config, credentials: { app_id }, app_auth_token: undefined })
  const place = { folder, partition: { ...partition, takes_over: false } }
  const ended = untilSignal()
  const forward = forwardTo(config.forwardUrl)
  return opened(place, async (ledger) => {
    const handlers = frontHandlers({
      at: config.publicUrl,
      environment: config.environment,
      payee: config.payee,
      trustedProxies: config.trustedProxies,
      alipayPublicKeys,
      app_id,
      recipient,
      ledger,
      forward,
      clock,
      followsLedger: true,
      actor: () => ({ ...terminalActor(clock), host: 'alipay-mcp listen' }),
      say: (line) => say(line[language]),
    })
    const front = await startFront({ ...at, healthPort }, handlers).catch((error: PortError) => {
      throw new ConfigError([portProblem(error, healthPort)])
    })
    say(listeningText(config, front)[language])
    process.send?.('listening')
    await ended
    await front.close()
    return 0
  })
}

// Alipay waits no longer for an answer.
const FORWARD_MS = 5_000

function forwardTo(address: string | undefined) {
  if (address === undefined) return undefined
  const exchange = new Exchange(address)
  const { search } = new URL(address)
  return (body: Buffer) => exchange.post(search.slice(1), body, { within: FORWARD_MS })
}

interface PortError extends Error {
  code?: string
  address?: string
  port?: number
}

function portProblem({ code, message, address, port }: PortError, healthPort: number) {
  const where = `${address ?? '?'}:${port ?? '?'}`
  const problem =
    code === 'EADDRINUSE' ? `${where} is in use already.` : `${where} cannot be used (${code ?? message}).`
  const fix =
    'end the program that uses it, or give another port: ALIPAY_LISTEN for notifications, --health-port for health.'
  return { variable: port === healthPort ? '--health-port' : 'ALIPAY_LISTEN', problem, fix }
}

function listeningText({ listen: { host }, publicUrl }: FrontConfig, { port, healthPort }: Front): Both {
  const health = `http://127.0.0.1:${healthPort}/health`
  return {
    en: `Listening on ${host}:${port} for ${publicUrl}: pages of orders under /p and of subscriptions under /s, notifications at /notify; health: ${health}`,
    zh: `正在 ${host}:${port} 响应 ${publicUrl}：订单付款页在 /p，订阅页在 /s，异步通知在 /notify；健康检查：${health}`,
  }
}
