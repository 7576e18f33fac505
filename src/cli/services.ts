// Makes what the tools work with, when it is first needed: the gateway, and in local the built-in emulator.
import { join } from 'node:path'
import envPaths from 'env-paths'
import { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { ConfigError } from '../errors.ts'
import type { AlipayGateway, Connection } from '../gateway/alipay-gateway.ts'
import { Refunds } from '../guard/refunds.ts'
import { parsePrivateKey, parsePublicKey } from '../keys.ts'
import { Memory } from '../ledger/memory.ts'
import { Watches } from '../ledger/watches.ts'
import { QrFiles } from '../qr-files.ts'
import type { Services } from '../tools/tool.ts'

const CLOCK_OFF_MS = 120_000

export class LazyServices {
  readonly #config: Config
  readonly #say: (line: string) => void
  readonly #clock = new Clock()
  #made: Promise<Services> | undefined
  #gateway: AlipayGateway | undefined
  #stopped = false

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

  /** The host is going: what has not been sent shall not be sent any more. */
  stopChanging(): void {
    this.#stopped = true
    this.#gateway?.stopChanging()
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
    const follow = this.#config.gateway !== undefined && ((apart: number) => this.#warnOfClock(apart))
    const gateway = new AlipayGateway(connection, clock, follow)
    this.#gateway = gateway
    // The host may have gone while alipay-sdk was loading.
    if (this.#stopped) gateway.stopChanging()
    return newServices({ environment, channels, gateway, clock, qrFolder: qrFolder() })
  }

  #warnOfClock(apart: number): void {
    if (Math.abs(apart) < CLOCK_OFF_MS) return
    const minutes = Math.round(Math.abs(apart) / 60_000)
    const how = apart > 0 ? 'behind' : 'ahead of'
    this.#say(
      `The clock of this computer is ${minutes} minutes ${how} Alipay's, which is followed now; set it right.`,
    )
  }

  async #connection(): Promise<Connection> {
    const { credentials, gateway, notify_url, return_url, timeout, qrProductCode } = this.#config
    const rest = {
      notify_url,
      return_url,
      timeout,
      qrProductCode,
      app_auth_token: this.#config.app_auth_token?.reveal(),
    }
    if (!credentials || gateway === undefined) return { ...(await this.#emulator()), ...rest }
    const { app_id, privateKey, alipayPublicKey, certificates } = credentials
    return {
      certificates,
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

interface Parts extends Pick<Services, 'environment' | 'channels' | 'gateway' | 'clock'> {
  qrFolder: string
}

/** With empty memories, as after a start. */
export function newServices({ qrFolder, ...parts }: Parts): Services {
  const { gateway, clock } = parts
  const memory = new Memory()
  const refunds = new Refunds(gateway, clock, memory)
  return { ...parts, memory, refunds, watches: new Watches(clock), qrFiles: new QrFiles(qrFolder) }
}

/** In this user's cache folder: a folder in /tmp could have been laid there by somebody else. */
function qrFolder(): string {
  return join(envPaths('alipay-mcp', { suffix: '' }).cache, 'qr')
}
