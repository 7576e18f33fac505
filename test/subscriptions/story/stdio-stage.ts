// The stage of the story with the built program alone: a server of each role over stdio, listen, charge-due, one ledger on disk.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client as NewClient } from '@modelcontextprotocol/client'
import { StdioClientTransport as NewTransport } from '@modelcontextprotocol/client/stdio'
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { World } from '../../crash/world.ts'
import { type Env, type Fields, MAIN } from '../../e2e/hosts.ts'
import { ListenProcess } from '../../race/buyer-server.ts'
import { booksOf, type Stage } from './stage.ts'

export type Era = 'before' | '2026-07-28'
type Chat = (who: string | undefined, tool: string, args: Fields) => Promise<Fields>

const LOOKS = 600
const LOOK_AGAIN_MS = 100
const TIMETABLE = { id: 'timetable', subject: 'Timetable', price: '0.01', deliver: { text: 'At noon.' } }
const CLOCK_WATCHER = 'whoever asks the time'

export class StdioStage implements Stage {
  at = ''
  buyersHeard = false
  readonly #ending: (() => Promise<void>)[] = []
  #merchant: Chat = unopened
  #buyers: Chat = unopened
  #timetable: unknown
  #moved = 0

  private constructor(
    readonly world: World,
    readonly folder: string,
    readonly announced: Stage['announced'],
  ) {}

  static async open(merchant: Era, buyers: Era, announced: Stage['announced']): Promise<StdioStage> {
    const world = await World.open()
    const folder = join(dirname(world.folder), 'shop')
    mkdirSync(folder, { recursive: true })
    const stage = new StdioStage(world, folder, announced)
    stage.sell([])
    writeFileSync(join(folder, 'secret'), 'a secret for tests only, long enough', { mode: 0o600 })
    Object.assign(world.settings, {
      ALIPAY_TOOLSETS: 'payments,subscriptions',
      ALIPAY_SUBSCRIPTION_PRODUCT: 'GENERAL_WITHHOLDING',
      ALIPAY_SUBSCRIPTION_SCENE: 'INDUSTRY|DIGITAL_MEDIA',
      ALIPAY_ITEMS_FILE: stage.#itemsFile,
      ALIPAY_DELIVERY_SECRET_FILE: join(folder, 'secret'),
      ALIPAY_LISTEN: '127.0.0.1:0',
      ALIPAY_PUBLIC_URL: 'http://127.0.0.1:9',
    })
    await stage.#listen()
    stage.#merchant = await stage.#chat({}, merchant)
    stage.#buyers = await stage.#chat({ ALIPAY_ROLE: 'buyer' }, buyers)
    stage.#timetable = await stage.#buyers(CLOCK_WATCHER, 'create_payment', { item: TIMETABLE.id })
    return stage
  }

  /** The half without a key, on whichever port is free; the servers then know it. */
  async #listen(): Promise<void> {
    const { ALIPAY_PRIVATE_KEY: _, ...env } = this.world.env()
    await this.world.ledger()
    const front = await ListenProcess.start(env, this.folder, ['--front', '--health-port', '0'], /Listening on/)
    this.#ending.push(() => front.end('SIGTERM'))
    const port = /Listening on \S+:(\d+) for/.exec(front.stderr)?.[1]
    this.at = `http://127.0.0.1:${port}`
    Object.assign(this.world.settings, { ALIPAY_PUBLIC_URL: this.at })
    await this.control('app', { gateway_url: `${this.at}/notify` })
  }

  async #chat(settings: Env, era: Era): Promise<Chat> {
    const started = { command: process.execPath, args: [MAIN], env: this.world.env(settings), cwd: this.folder }
    const versionNegotiation = { mode: { pin: '2026-07-28' } } as const
    const client =
      era === 'before'
        ? new OldClient({ name: 'old', version: '1.0.0' })
        : new NewClient({ name: 'new', version: '1.0.0' }, { versionNegotiation })
    if (client instanceof OldClient) await client.connect(new OldTransport({ ...started, stderr: 'ignore' }))
    else await client.connect(new NewTransport({ ...started, stderr: 'ignore' }))
    this.#ending.push(() => client.close())
    return async (who, name, args) => {
      const _meta = who === undefined ? undefined : { 'alipay-mcp/buyer': who }
      const { structuredContent, isError } = await client.callTool({
        name,
        arguments: { ...args },
        ...(_meta && { _meta }),
      })
      return { ...Object(structuredContent), ...(isError === true && { isError }) }
    }
  }

  async ask(who: string | undefined, tool: string, args: Fields): Promise<Fields> {
    if (who === undefined) return this.#merchant(undefined, tool, args)
    const { out_trade_no } = Object(this.#timetable)
    if (!this.buyersHeard) await this.#buyers(CLOCK_WATCHER, 'query_payment', { out_trade_no })
    this.buyersHeard = true
    return this.#buyers(who, tool, args)
  }

  async chargeDue(): Promise<Fields> {
    const printed = await this.world.command(['charge-due', '--json'])
    // It also says, on standard error, by how much the clocks differ.
    return JSON.parse(printed.split('\n').find((line) => line.startsWith('{')) ?? printed)
  }

  control = (path: string, body: Fields) => this.world.control(path, body)
  books = () => booksOf(this.world.emulator.control_url)

  async until(at: number): Promise<void> {
    const ms = Math.max(0, at - Date.now() - this.#moved)
    await this.control('clock', { ms })
    this.#moved += ms
    this.buyersHeard = false
    // As a watcher that is at work hears it, for the pages.
    const ledger = await this.world.ledger()
    await ledger.saveClockOffsets({ corrected: at - Date.now(), alipay_ahead: 0 })
    await this.#merchant(undefined, 'query_payment', { out_trade_no: 'WHAT_TIME_IS_IT' })
  }

  /** Started for it: one that runs hears only every ten minutes that the emulator's clock was moved. */
  async watch(isSo: () => Promise<boolean>): Promise<void> {
    const watcher = await ListenProcess.start(this.world.env(), this.folder, ['--watcher'])
    try {
      for (let look = 0; look < LOOKS; look++) {
        if (await isSo()) return
        await pause(LOOK_AGAIN_MS)
      }
      throw new Error(`the watcher never came to it: ${watcher.stderr}`)
    } finally {
      await watcher.end('SIGTERM')
    }
  }

  sell(plans: readonly Fields[]): void {
    writeFileSync(this.#itemsFile, JSON.stringify({ items: [TIMETABLE], plans }), { mode: 0o600 })
  }

  get #itemsFile(): string {
    return join(this.folder, 'items.json')
  }

  async close(): Promise<void> {
    for (const end of this.#ending.reverse()) await end()
    await this.world.close()
  }
}

const unopened: Chat = async () => {
  throw new Error('the server is not started yet')
}
