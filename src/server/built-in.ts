// In local with no credentials, all in this process: the emulator, the pages of its orders, its notifications, the watcher.
import type { CheckoutPages } from '../checkout/short-link.ts'
import type { Clock } from '../clock.ts'
import { ConfigError } from '../errors.ts'
import { type FrontSide, frontHandlers } from '../front/front-handlers.ts'
import { startFront } from '../front/front-server.ts'
import type { Connection } from '../gateway/signing.ts'
import { type Call, NO_APPROVER } from '../guard/call.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Config } from '../settings/config.ts'
import { parsePrivateKey, parsePublicKey } from '../settings/keys.ts'
import type { Payee } from '../settings/payee.ts'
import { DeliveryHooks } from '../shop/delivery-hooks.ts'
import { SubscriptionWatch } from '../subscriptions/subscription-watch.ts'
import { Watcher } from '../watcher/watcher.ts'

/** Of the process; the ledger is in its memory, so that no other process could serve its pages. */
interface Process {
  clock: Clock
  owner: string
  ledger(): Promise<Ledger>
  say(line: string): void
}

type EmulatorConnection = Required<Pick<Connection, 'gateway' | 'app_id' | 'privateKey' | 'alipayPublicKey'>>

export interface BuiltIn {
  connection: EmulatorConnection
  pages: CheckoutPages
  /** From now on, until all of it is closed. */
  watch(call: Omit<Call, 'approver'>): void
  close(): void
}

export async function startBuiltIn({ emulatorPort, payee, shop }: Config, process: Process): Promise<BuiltIn> {
  const connection = await startEmulatorOn(emulatorPort, process)
  const front = await startOwnFront(connection, payee ?? DEMO_SHOP, process)
  const ending = new AbortController()
  return {
    connection,
    pages: { at: front.at, proven: async () => ({ at: front.at }) },
    watch: (call) => runWatcher({ ...call, approver: NO_APPROVER }, shop.deliverySecret?.reveal(), ending.signal),
    close: () => {
      ending.abort()
      void front.close()
    },
  }
}

/** It says nothing: whoever tries this out has nothing at stake. */
function runWatcher(call: Call, deliverySecret: Buffer | undefined, ending: AbortSignal): void {
  void new Watcher(call, () => {}).run(ending).catch(() => {})
  const hooks = new DeliveryHooks(call, deliverySecret, () => {})
  const deliver = async () => {
    while (!ending.aborted) await call.clock.sleep(await hooks.step())
  }
  void deliver().catch(() => {})
  const agreements = new SubscriptionWatch({ ...call, role: 'merchant' }, () => {})
  const watchAgreements = async () => {
    while (!ending.aborted) await call.clock.sleep(await agreements.step())
  }
  if (call.gateway.agreements) void watchAgreements().catch(() => {})
}

async function startEmulatorOn(port: number, { clock, say }: Process): Promise<EmulatorConnection> {
  const { startEmulator } = await import('../emulator/emulator.ts')
  const emulator = await startEmulator({ port, clock }).catch((cause) => {
    const problem = cause instanceof Error ? cause.message : 'the emulator did not start.'
    throw new ConfigError([{ variable: 'ALIPAY_EMULATOR_PORT', problem, fix: 'set it to a free port or to 0.' }])
  })
  say(`Emulator of Alipay's gateway: ${emulator.gateway} (control: ${emulator.control_url})`)
  return {
    gateway: emulator.gateway,
    app_id: emulator.app_id,
    privateKey: parsePrivateKey(emulator.private_key),
    alipayPublicKey: parsePublicKey(emulator.alipay_public_key),
  }
}

const DEMO_SHOP: Payee = { name: '示例商家 Demo shop' }

/** On a free port: nobody but a buyer at this computer comes there. */
async function startOwnFront(connection: EmulatorConnection, payee: Payee, { clock, owner, ledger }: Process) {
  const { app_id, alipayPublicKey } = connection
  const side: FrontSide = {
    ...{ ledger: await ledger(), clock, payee, app_id, environment: 'local', followsLedger: false },
    at: '',
    actor: () => ({ at: clock.now(), owner, host: 'alipay-mcp' }),
    alipayPublicKeys: new Map([[app_id, alipayPublicKey]]),
    recipient: { app_ids: [app_id], seller_id: undefined },
    // Standard error is the operator's, who has nothing at stake here.
    say: () => {},
  }
  const front = await startFront({ host: '127.0.0.1', port: 0 }, frontHandlers(side))
  side.at = `http://127.0.0.1:${front.port}`
  return { at: side.at, close: front.close }
}
