// A shop for tests: a real MCP client -> server -> alipay-sdk -> emulator, in this process, on a clock that never waits.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import * as z from 'zod'
import type { CheckoutPages } from '../src/checkout/short-link.ts'
import { Clock } from '../src/clock.ts'
import { type Emulator, startEmulator } from '../src/emulator/emulator.ts'
import type { LedgerError } from '../src/errors.ts'
import { AlipayGateway } from '../src/gateway/alipay-gateway.ts'
import type { Channel, Environment } from '../src/gateway/gateway.ts'
import type { Connection } from '../src/gateway/signing.ts'
import type { Rules } from '../src/guard/call.ts'
import type { Ledger } from '../src/ledger/ledger.ts'
import { openLedger } from '../src/ledger/sqlite/open-ledger.ts'
import { newServices } from '../src/server/shared-services.ts'
import { parsePrivateKey, parsePublicKey } from '../src/settings/keys.ts'
import type { Role } from '../src/settings/role.ts'
import { type Selling, soldBy } from './buyer/sold-by.ts'
import { alipay, app } from './keys-for-tests.ts'
import { connect } from './shop-client.ts'

/** Sleeping moves this clock on: nothing waits, and the emulator sees the time pass. */
export class TestClock extends Clock {
  override async sleep(ms: number): Promise<void> {
    this.advance(Math.max(0, ms))
  }
}

export type Fields = Readonly<Record<string, unknown>>
export interface Shop {
  readonly emulator: Emulator
  readonly clock: TestClock
  readonly gateway: AlipayGateway
  /** The structured part; `isError` is added where it is true. The signal is the host's, which may cancel. */
  call(tool: string, args: Fields, signal?: AbortSignal): Promise<Fields>
  /** The same for a buyer, whom the program around the model names; undefined: it names none. */
  callAs(buyer: unknown, tool: string, args: Fields, signal?: AbortSignal): Promise<Fields>
  text(tool: string, args: Fields): Promise<string>
  /** Everything that the client gets, images included, and the progress told on the way. */
  whole(
    tool: string,
    args: Fields,
    onprogress?: (progress: { progress: number }) => void,
  ): Promise<{ content: readonly Fields[]; fields: Fields }>
  readonly qrFolder: string
  /** A call of the emulator's control API. */
  control(path: string, body: Fields): Promise<Fields>
  trades(): Promise<z.infer<typeof trades>>
  /** An order that exists and is paid. */
  paidOrder(total_amount?: string): Promise<{ out_trade_no: string; pay_url: string }>
  /** The server's process ends and another one starts, with the same ledger: what was in flight is gone. */
  restart(): Promise<void>
  /** As on another computer, or in `local` after a start: an empty ledger. */
  forgetAll(): Promise<void>
  ledger(): Promise<Ledger>
  /** From now on the server cannot open it; undefined: it can again. */
  breakLedger(error: LedgerError | undefined): void
  close(): Promise<void>
}

const trades = z.looseObject({
  paid: z.string(),
  refunded: z.string(),
  trades: z.array(z.record(z.string(), z.unknown())),
})

const AGREEMENTS = {
  product: 'GENERAL_WITHHOLDING',
  personal_product_code: 'CYCLE_PAY_AUTH_P',
  sign_scene: 'INDUSTRY|DIGITAL_MEDIA',
} as const

/** What is said where an error brings no Chinese sentence: every one of ours must. */
const UNSAID = '请求有误，没有执行，本次没有动钱。'

export interface ShopOptions {
  environment?: Environment
  sandboxRules?: boolean
  channels?: readonly Channel[]
  readOnly?: boolean
  /** What the operator has set, over what is usual. */
  rules?: Partial<Rules>
  /** How the merchant answers a question in the chat; null: the client declines. Absent: it shows no forms. */
  answer?: (question: string) => unknown
  /** Since 2026-07-28 a client brings the answer back with a call of its own. Absent: a client of before. */
  protocol?: '2026-07-28'
  /** Milliseconds of real time for one exchange. */
  timeout?: number
  /** Orders get short links there; absent: links of Alipay's. */
  pages?: CheckoutPages
  /** Who sits in the chat; the merchant, if absent. */
  role?: Role
  /** What is sold, and to whom how much. */
  sells?: Selling
  /** Whether subscriptions are offered. */
  subscriptions?: boolean
  /** What the operator reads. */
  tell?: (line: string) => void
  /** What links and requests have beside the usual. */
  connection?: Partial<Connection>
}

/**
 * A shop for the tests of this file, or of the group that calls it: opened before them, closed after them, and before
 * each of them as new, with an empty ledger and nothing at Alipay. It can be used from the first hook on.
 */
export function useShop(options: ShopOptions = {}): Shop {
  const shop = {} as Shop
  beforeAll(async () => {
    Object.assign(shop, await openShop(options))
  })
  beforeEach(async () => {
    await shop.control('reset', {})
    await shop.forgetAll()
  })
  afterAll(() => shop.close())
  return shop
}

export async function openShop(options: ShopOptions = {}): Promise<Shop> {
  const { environment = 'local', sandboxRules = false, timeout = 5_000 } = options
  const clock = new TestClock()
  const emulator = await startEmulator({ clock, sandboxRules, keys: { application: app, alipay } })
  const connection = {
    gateway: emulator.gateway,
    app_id: emulator.app_id,
    privateKey: parsePrivateKey(emulator.private_key),
    alipayPublicKey: parsePublicKey(emulator.alipay_public_key),
    timeout,
    agreements: options.subscriptions ? AGREEMENTS : undefined,
    ...options.connection,
  }
  const gateway = new AlipayGateway(connection, clock, false)
  const qrFolder = mkdtempSync(join(tmpdir(), 'alipay-mcp-test-'))
  const channels = options.channels ?? ['page', 'mobile', 'qr']
  const readOnly = options.readOnly ?? false
  const partition = { environment, gateway: emulator.gateway, merchant: emulator.app_id }
  let opened = openLedger({ folder: undefined, partition })
  let broken: LedgerError | undefined
  const fresh = () =>
    newServices({
      gateway,
      clock,
      qrFolder,
      pages: options.pages,
      role: options.role ?? 'merchant',
      shop: options.sells && soldBy(options.sells),
      ledger: () => (broken ? Promise.reject(broken) : opened),
      owner: randomBytes(4).toString('hex'),
      rules: { environment, readOnly, channels, limits: { callsPerMinute: 0 }, ...options.rules },
    })
  const open = () => connect(environment, readOnly, fresh(), options)
  let client = await open()
  const restart = async () => {
    await client.close()
    client = await open()
  }

  const callTool = (name: string, args: Fields, signal?: AbortSignal, buyer?: unknown) => {
    const _meta = buyer === undefined ? undefined : { 'alipay-mcp/buyer': buyer }
    return client.callTool({ name, arguments: { ...args }, ...(_meta && { _meta }) }, signal && { signal })
  }
  const control = async (path: string, body: Fields): Promise<Fields> => {
    const response = await fetch(`${emulator.control_url}/${path}`, {
      method: 'POST',
      // A connection that is kept may be closed by the emulator in the moment in which it is used again.
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`control/${path}: ${response.status} ${await response.text()}`)
    return { ...Object(await response.json()) }
  }
  const call = (tool: string, args: Fields, signal?: AbortSignal) => callAs(undefined, tool, args, signal)
  const callAs = async (buyer: unknown, tool: string, args: Fields, signal?: AbortSignal) => {
    const { structuredContent, isError } = await callTool(tool, args, signal, buyer)
    // Only the first result of a process has it: test/server/results.test.ts.
    const { environment_note: _, ...told } = Object(structuredContent)
    if (told.message_zh === UNSAID) throw new Error(`${tool} has no Chinese of its own for: ${told.message}`)
    return { ...told, ...(isError && { isError }) }
  }
  return {
    emulator,
    clock,
    gateway,
    call,
    callAs,
    control,
    async text(tool, args) {
      const { content } = await callTool(tool, args)
      return content.map((part) => (part.type === 'text' ? part.text : part.type)).join('\n')
    },
    async whole(name, args, onprogress) {
      const options = onprogress ? { onprogress } : {}
      const { content, structuredContent } = await client.callTool({ name, arguments: { ...args } }, options)
      return { content: content.map((part) => ({ ...part })), fields: { ...Object(structuredContent) } }
    },
    qrFolder,
    async trades() {
      return trades.parse(await (await fetch(`${emulator.control_url}/trades`)).json())
    },
    async paidOrder(total_amount = '100.00') {
      const { out_trade_no, pay_url } = await call('create_payment', { subject: 'Tea 茶', total_amount })
      await control('pay', { pay_url })
      return { out_trade_no, pay_url }
    },
    restart,
    async forgetAll() {
      ;(await opened).close()
      opened = openLedger({ folder: undefined, partition })
      await restart()
    },
    ledger: () => opened,
    breakLedger(error) {
      broken = error
    },
    async close() {
      await client.close()
      await gateway.shutDown()
      ;(await opened).close()
      await emulator.close()
      rmSync(qrFolder, { recursive: true })
    },
  }
}
