// Makes what the tools work with, when it is first needed: the gateway, and in local the built-in emulator.
import { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { ConfigError } from '../errors.ts'
import type { AlipayGateway, Connection } from '../gateway/alipay-gateway.ts'
import { Refunds } from '../guard/refunds.ts'
import { parsePrivateKey, parsePublicKey } from '../keys.ts'
import { Memory } from '../ledger/memory.ts'
import type { Services } from '../tools/tool.ts'

export class LazyServices {
  readonly #config: Config
  readonly #say: (line: string) => void
  readonly #clock = new Clock()
  #made: Promise<Services> | undefined
  #gateway: AlipayGateway | undefined

  /** @param say tells the operator, on standard error, where the emulator listens */
  constructor(config: Config, say: (line: string) => void) {
    this.#config = config
    this.#say = say
  }

  /** The same services at every call; a failed start (a port in use) is tried again at the next one. */
  get(): Promise<Services> {
    this.#made ??= this.#make().catch((error) => {
      this.#made = undefined
      throw error
    })
    return this.#made
  }

  /** Gives changing calls in flight up to `grace` milliseconds. */
  async shutDown(grace: number): Promise<void> {
    await this.#gateway?.shutDown(grace)
  }

  async #make(): Promise<Services> {
    const { environment, channels } = this.#config
    // alipay-sdk takes longer to load than everything else together: not before it is needed.
    const [connection, { AlipayGateway }] = await Promise.all([
      this.#connection(),
      import('../gateway/alipay-gateway.ts'),
    ])
    const clock = this.#clock
    const follows = this.#config.gateway !== undefined
    const gateway = new AlipayGateway(connection, clock, follows)
    this.#gateway = gateway
    const memory = new Memory()
    return { environment, channels, gateway, clock, memory, refunds: new Refunds(gateway, clock, memory) }
  }

  async #connection(): Promise<Connection> {
    const { credentials, gateway, notify_url, return_url, timeout } = this.#config
    const rest = { notify_url, return_url, timeout }
    if (!credentials || gateway === undefined) return { ...(await this.#emulator()), ...rest }
    const { app_id, privateKey, alipayPublicKey } = credentials
    return {
      gateway,
      app_id,
      privateKey: privateKey.reveal(),
      alipayPublicKey: alipayPublicKey.reveal(),
      ...rest,
    }
  }

  async #emulator(): Promise<Pick<Connection, 'gateway' | 'app_id' | 'privateKey' | 'alipayPublicKey'>> {
    const { startEmulator } = await import('../emulator/emulator.ts')
    const port = this.#config.emulatorPort
    const emulator = await startEmulator({ port, clock: this.#clock }).catch((cause) => {
      const problem = cause instanceof Error ? cause.message : 'the emulator did not start.'
      throw new ConfigError([
        { variable: 'ALIPAY_EMULATOR_PORT', problem, fix: 'set it to a free port or to 0.' },
      ])
    })
    this.#say(`Emulator of Alipay's gateway: ${emulator.gateway} (control: ${emulator.control_url})`)
    return {
      gateway: emulator.gateway,
      app_id: emulator.app_id,
      privateKey: parsePrivateKey(emulator.private_key),
      alipayPublicKey: parsePublicKey(emulator.alipay_public_key),
    }
  }
}
