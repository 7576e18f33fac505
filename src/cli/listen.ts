// alipay-mcp listen: takes Alipay's notifications and watches unpaid orders, in two processes: what faces the internet has no
// private key, and what has it has no socket.
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { AlertSender, type AlertSenderCall } from '../alerts/alert-sender.ts'
import { inChinese } from '../doctor/chinese/in-chinese.ts'
import { ConfigError } from '../errors.ts'
import { type Call, NO_APPROVER } from '../guard/call.ts'
import type { Both, Language } from '../language.ts'
import { placeOf } from '../server/ledger-location.ts'
import { LazyServices } from '../server/services.ts'
import { limitStderr } from '../server/stderr-limit.ts'
import { type Config, configOf } from '../settings/config.ts'
import { type FrontConfig, frontConfigOf } from '../settings/front-config.ts'
import { DeliveryHooks } from '../shop/delivery-hooks.ts'
import { SubscriptionWatch } from '../subscriptions/subscription-watch.ts'
import { Watcher } from '../watcher/watcher.ts'
import type { CommandLine } from './command-line.ts'
import { opened, reported } from './ledger-command.ts'
import { refusePrivateKey, runFront } from './listen/front.ts'
import { say, untilSignal } from './listen/process.ts'
import { UsageError } from './usage-text.ts'

const USUAL_HEALTH_PORT = 8422

export function listen(line: CommandLine, main: string): Promise<number> {
  const healthPort = healthPortOf(line)
  if (line.front && line.watcher) throw new UsageError(ONE_HALF)
  return reported(line, async () => {
    limitStderr(process.stderr)
    // Whoever read it may be gone: a payment is to be heard of all the same.
    process.stderr.on('error', () => {})
    if (line.watcher) return runWatcher(requireConfig(line), line.language)
    if (line.front) {
      refusePrivateKey(line)
      return runFront(requireFrontConfig(line), healthPort, line.language)
    }
    const config = requireFrontConfig(line)
    // The front does not know for whom the app acts: whose orders those of before are, these settings tell.
    await opened(placeOf(requireConfig(line)), async () => 0)
    return runBoth(startFrontApart(config, healthPort, line, main), () => startWatcherApart(line, main), line.language)
  })
}

const ONE_HALF = {
  en: '--front and --watcher are the two halves: give one of them, or none for both.',
  zh: '--front 和 --watcher 是两个部分：填其中一个；都不填则两个都运行。',
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

function requireConfig(line: CommandLine): Config {
  const read = configOf(line)
  if ('problems' in read) throw new ConfigError(read.problems)
  return read.config
}

/** Whichever ends first takes the other one with it: half of it would look like all. */
async function runBoth(front: ChildProcess, startWatcher: () => ChildProcess, language: Language): Promise<number> {
  const signal = untilSignal().then(() => 'signal')
  const ended = once(front, 'exit')
  // Without the front nothing shall look as if it ran.
  await Promise.race([once(front, 'message'), ended, signal])
  const both = front.exitCode === null && front.signalCode === null ? [front, startWatcher()] : [front]
  const exits = both.map((child) => (child === front ? ended : once(child, 'exit')))
  const first = await Promise.race([signal, ...exits])
  if (first !== 'signal') {
    const which = both.find((child) => child.exitCode !== null || child.signalCode !== null)
    say((which === front ? FRONT_ENDED : WATCHER_ENDED)[language])
  }
  for (const child of both) child.kill('SIGTERM')
  const codes = (await Promise.all(exits)).map(([code]) => code)
  // One that was just starting ends by the signal itself.
  return first === 'signal' || codes.every((code) => code === 0) ? 0 : 1
}

const FRONT_ENDED: Both = {
  en: 'The half that faces the internet has ended, so the watcher ends, too.',
  zh: '面向公网的部分已结束，watcher 也随之结束。',
}
const WATCHER_ENDED: Both = {
  en: 'The watcher has ended, so the half that faces the internet ends, too.',
  zh: 'watcher 已结束，面向公网的部分也随之结束。',
}

/** The channel ends with this process, killed or not, and the halves then end, too. */
const STDIO: StdioOptions = ['ignore', 'ignore', 'inherit', 'ipc']

/** With the environment and the settings of this call. */
function startWatcherApart({ settingArgs, language }: CommandLine, main: string): ChildProcess {
  const args = [
    main,
    'listen',
    '--watcher',
    ...settingArgs,
    ...(settingArgs.includes('--lang') ? [] : ['--lang', language]),
  ]
  return spawn(process.execPath, args, { stdio: STDIO })
}

// For what is forwarded.
const WAY_OUT = ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy', 'NODE_EXTRA_CA_CERTS']

/** Gets no environment but what is named here, and no file. */
function startFrontApart(config: FrontConfig, healthPort: number, line: CommandLine, main: string): ChildProcess {
  const { PATH, SystemRoot, TZ } = line.variables
  const way = config.forwardUrl === undefined ? [] : WAY_OUT.map((name) => [name, line.variables[name]] as const)
  const env = { PATH, SystemRoot, TZ, ...Object.fromEntries(way), ...frontVariables(config, line) }
  const health = ['--health-port', String(healthPort)]
  const args = [main, 'listen', '--front', '--no-settings-file', ...health, '--lang', line.language]
  return spawn(process.execPath, args, { env, stdio: STDIO })
}

function frontVariables(config: FrontConfig, { variables }: CommandLine): Record<string, string> {
  const { environment, gateway, seller_id, app_id, alipayPublicKeys, publicUrl, forwardUrl } = config
  const key = alipayPublicKeys.get(app_id)?.export({ type: 'spki', format: 'pem' }).toString() ?? ''
  const { ALIPAY_LISTEN, ALIPAY_NOTIFY_APPS, ALIPAY_PAYEE, ALIPAY_TRUSTED_PROXIES } = variables
  const given = {
    ALIPAY_SELLER_ID: seller_id,
    // Where this user keeps data it could not tell: that is in variables which it does not get.
    ALIPAY_DATA_DIR: placeOf({ ...config, credentials: { app_id }, app_auth_token: undefined }).folder,
    ALIPAY_FORWARD_URL: forwardUrl,
    ALIPAY_LISTEN,
    ALIPAY_NOTIFY_APPS,
    ALIPAY_PAYEE,
    ALIPAY_TRUSTED_PROXIES,
  }
  return {
    ALIPAY_ENV: environment,
    ALIPAY_GATEWAY: gateway,
    ALIPAY_APP_ID: app_id,
    ALIPAY_PUBLIC_KEY: key,
    ALIPAY_PUBLIC_URL: publicUrl,
    ...Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  }
}

/** The half with the private key and without a socket: it asks Alipay, and sends nothing else. Until SIGTERM or SIGINT. */
async function runWatcher(config: Config, language: Language): Promise<number> {
  const services = new LazyServices(config, say)
  const ended = untilSignal()
  try {
    const { gateway, clock, rules } = await services.get()
    // One that cannot be opened is a failed start.
    await services.ledger()
    const owner = randomUUID()
    const actor = () => ({ at: clock.now(), owner, host: 'alipay-mcp listen' })
    const call = { gateway, clock, rules, actor, ledger: () => services.ledger(), approver: NO_APPROVER }
    const tell = ({ en, zh }: Both, why?: string) => {
      if (why === undefined) say({ en, zh }[language])
      else say(language === 'zh' ? `${zh}：${inChinese(why)}` : `${en}: ${why}`)
    }
    const watcher = new Watcher(call, tell)
    await Promise.race([
      ended,
      watcher.run(),
      delivering(config, call, watcher, tell),
      ...watchingAgreements(config, call, watcher, tell),
      ...alerting(config, call, watcher, tell),
    ])
    await watcher.end()
    return 0
  } finally {
    await services.shutDown()
  }
}

/** By the watcher that is at work, as soon as an order is paid, chat or no chat. */
async function delivering(config: Config, call: Call, watcher: Watcher, tell: (text: Both) => void): Promise<never> {
  const hooks = new DeliveryHooks(call, config.shop.deliverySecret?.reveal(), tell)
  for (;;) await call.clock.sleep(watcher.isActive ? await hooks.step() : IDLE_MS)
}

/** Where subscriptions are on; by the watcher that is at work. */
function watchingAgreements({ subscriptions }: Config, call: Call, watcher: Watcher, tell: (text: Both) => void) {
  if (!subscriptions) return []
  const watch = new SubscriptionWatch({ ...call, role: 'merchant' }, tell)
  const run = async (): Promise<never> => {
    for (;;) await call.clock.sleep(watcher.isActive ? await watch.step() : IDLE_MS)
  }
  return [run()]
}

/** Where an address is set; by the watcher that is at work: by one sender, and each alert at least once. */
function alerting(config: Config, call: AlertSenderCall, watcher: Watcher, tell: (text: Both) => void) {
  const { alertUrl, alertSecret, alertOn } = config
  if (!alertUrl) return []
  const target = { url: alertUrl.reveal(), secret: alertSecret?.reveal(), on: alertOn }
  const sender = new AlertSender(call, target, tell)
  const run = async (): Promise<never> => {
    for (;;) await call.clock.sleep(watcher.isActive ? await sender.step() : IDLE_MS)
  }
  return [run()]
}

const IDLE_MS = 1_000
