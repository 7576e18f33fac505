// alipay-mcp listen: takes Alipay's notifications. What faces the internet is a process of its own, without private key.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Clock } from '../clock.ts'
import { ConfigError } from '../errors.ts'
import { startFront } from '../front/front-server.ts'
import { receiveNotification } from '../front/receive-notification.ts'
import { placeOf } from '../server/ledger-location.ts'
import { limitStderr } from '../server/stderr-limit.ts'
import { type FrontConfig, frontConfigOf } from '../settings/front-config.ts'
import type { CommandLine } from './command-line.ts'
import { opened, reported, terminalActor } from './ledger-command.ts'
import { UsageError } from './usage-text.ts'

const USUAL_HEALTH_PORT = 8422

export function listen(line: CommandLine, main: string): Promise<number> {
  const healthPort = healthPortOf(line)
  return reported(line, () => {
    const config = requireFrontConfig(line)
    if (!line.front) return runFrontApart(config, healthPort, line, main)
    refusePrivateKey(line)
    return runFront(config, healthPort)
  })
}

function healthPortOf({ healthPort }: CommandLine): number {
  const port = Number(healthPort ?? USUAL_HEALTH_PORT)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new UsageError({
    en: '--health-port takes a whole number from 0 to 65535.',
    zh: '--health-port 的值须是 0 到 65535 的整数。',
  })
}

function requireFrontConfig(line: CommandLine): FrontConfig {
  const read = frontConfigOf(line)
  for (const notice of read.notices) say(`Notice: ${new ConfigError([notice]).message}`)
  if ('problems' in read) throw new ConfigError(read.problems)
  return read.config
}

/** Whoever gets into this process must find nothing there that moves money. */
function refusePrivateKey({ variables, origins }: CommandLine): void {
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

/** Gets no environment but what is named here, and no file. */
async function runFrontApart(
  config: FrontConfig,
  healthPort: number,
  line: CommandLine,
  main: string,
): Promise<number> {
  const { PATH, SystemRoot, TZ } = line.variables
  const env = { PATH, SystemRoot, TZ, ...frontVariables(config, line) }
  const args = [
    main,
    'listen',
    '--front',
    '--no-settings-file',
    '--health-port',
    String(healthPort),
    '--lang',
    line.language,
  ]
  const front = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  // Not once: a second signal would end this process at once, and leave the other one behind.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => front.kill('SIGTERM'))
  const [code] = await once(front, 'exit')
  return typeof code === 'number' ? code : 1
}

function frontVariables(config: FrontConfig, { variables }: CommandLine): Record<string, string> {
  const { environment, gateway, seller_id, app_id, alipayPublicKeys, publicUrl, dataDir } = config
  const key = alipayPublicKeys.get(app_id)?.export({ type: 'spki', format: 'pem' }).toString() ?? ''
  const { ALIPAY_LISTEN, ALIPAY_NOTIFY_APPS } = variables
  const given = { ALIPAY_SELLER_ID: seller_id, ALIPAY_DATA_DIR: dataDir, ALIPAY_LISTEN, ALIPAY_NOTIFY_APPS }
  return {
    ALIPAY_ENV: environment,
    ALIPAY_GATEWAY: gateway,
    ALIPAY_APP_ID: app_id,
    ALIPAY_PUBLIC_KEY: key,
    ALIPAY_PUBLIC_URL: publicUrl,
    ...Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  }
}

/** Until SIGTERM or SIGINT; what has begun is answered first. */
async function runFront(config: FrontConfig, healthPort: number): Promise<number> {
  limitStderr(process.stderr)
  const { app_id, seller_id, alipayPublicKeys, listen: at, publicUrl } = config
  const clock = new Clock()
  const recipient = { app_ids: [...alipayPublicKeys.keys()], seller_id }
  const place = placeOf({ ...config, credentials: { app_id }, app_auth_token: undefined })
  return opened(place, async (ledger) => {
    const receiving = {
      alipayPublicKeys,
      app_id,
      recipient,
      ledger,
      actor: () => ({ ...terminalActor(clock), host: 'Alipay' }),
    }
    const ended = untilSignal()
    const front = await startFront(
      { ...at, healthPort },
      { notify: (body) => receiveNotification(body, receiving), health: () => ledger.frozen(), say },
    ).catch((error: NodeJS.ErrnoException) => {
      throw new ConfigError([portProblem(error, config)])
    })
    say(
      `Listening on ${at.host}:${front.port} for ${publicUrl}/notify; health: http://127.0.0.1:${front.healthPort}/health`,
    )
    await ended
    await front.close()
    return 0
  })
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
}

function portProblem({ code, message }: NodeJS.ErrnoException, { listen: { host, port } }: FrontConfig) {
  const problem =
    code === 'EADDRINUSE'
      ? `${host}:${port}, or the health port, is in use already.`
      : `${host}:${port} cannot be used (${code ?? message}).`
  return {
    variable: 'ALIPAY_LISTEN',
    problem,
    fix: 'end the program that uses it, or set ALIPAY_LISTEN and --health-port to free ports.',
  }
}

function say(line: string): void {
  process.stderr.write(`[alipay-mcp] ${line}\n`)
}
