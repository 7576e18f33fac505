// Whoever uses a ledger: all its methods once, and a server whose tools work on with it; Alipay is one that knows two orders.
import { Client } from '@modelcontextprotocol/client'
import { InMemoryTransport } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { LedgerError } from '../../src/errors.ts'
import type { Gateway, Outcome, Trade } from '../../src/gateway/gateway.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { CallsInFlight } from '../../src/server/calls-in-flight.ts'
import { createServer } from '../../src/server/server.ts'
import { newServices } from '../../src/server/shared-services.ts'
import { at, PARTITION } from '../cli/ledger/full-ledger.ts'
import { TestClock } from '../shop.ts'
import type { Came } from './fuzzer.ts'

export interface Read extends Came {
  /** What was thrown that is no LedgerError. */
  thrown: string | undefined
  /** Numbers of orders that a tool called paid. */
  paid: readonly string[]
}

const NOW = at('2026-11-02 12:30:00')
const NUMBERS = ['PAID', 'UNPAID', 'LATER']
const lost = { outcome: 'unknown', why: 'no answer' } as const
const notThere: Outcome<never> = {
  outcome: 'refused',
  refusal: { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST', verified: true },
}

const trade = (out_trade_no: string): Trade => ({
  out_trade_no,
  trade_no: `T${out_trade_no}`,
  trade_status: 'TRADE_SUCCESS',
  total_amount: '100.00',
  send_pay_date: '2026-11-01 09:00:00',
})

const alipay: Gateway = {
  checkIn: async () => undefined,
  payLink: async () => 'https://pay.example/?x',
  keepableLink: async (link) => link,
  wholeLink: async (kept) => kept,
  precreate: async () => lost,
  query: async (order) =>
    'out_trade_no' in order && ['PAID', 'LATER'].includes(order.out_trade_no)
      ? { outcome: 'done', answer: trade(order.out_trade_no) }
      : notThere,
  refundQuery: async () => ({ outcome: 'done', answer: {} }),
  refund: async () => lost,
  close: async () => notThere,
}

const request = {
  out_trade_no: 'PAID',
  trade_no: 'T',
  total_fen: 10_000,
  out_request_no: 'R',
  portion: { kind: 'amount', ordinal: 1 },
  amount_fen: 100,
} as const
const RULES = { asks: 'always', daily_refunds_fen: 100_000 } as const
const newOrder = {
  out_trade_no: 'NEW',
  total_amount: '100.00',
  subject: 'Tea',
  channel: 'page',
  time_expire: '2026-12-31 00:00:00',
} as const

const READS: readonly ((ledger: Ledger) => Promise<unknown>)[] = [
  ...NUMBERS.map((out_trade_no) => (ledger: Ledger) => ledger.order({ out_trade_no })),
  (ledger) => ledger.order({ trade_no: '20261122220014000000004' }),
  (ledger) => ledger.replacements('PAID'),
  (ledger) => ledger.intents('PAID'),
  (ledger) => ledger.inDoubt(),
  (ledger) => ledger.list({ limit: 20 }),
  (ledger) => ledger.list({ limit: 1, text: '茶', state: 'unknown' }),
  (ledger) => ledger.evaluateRefund(request, RULES, NOW),
  (ledger) => ledger.approval(1),
  (ledger) => ledger.openApprovals(NOW.at),
  (ledger) => ledger.approvals({}),
  (ledger) => ledger.events({}),
  (ledger) => ledger.days(),
  (ledger) => ledger.frozen(),
]
const WRITES: readonly ((ledger: Ledger) => Promise<unknown>)[] = [
  (ledger) => ledger.reserveOrder(newOrder, { daily_payments_fen: 100_000 }, NOW),
  (ledger) => ledger.recordTrade({ trade: trade('PAID') }, NOW),
  (ledger) => ledger.requestClose('UNPAID', NOW),
  (ledger) => ledger.reserve('close', 'UNPAID', NOW),
  (ledger) => ledger.reserveRefund(request, RULES, undefined, NOW),
  (ledger) => ledger.markSending(1, true, NOW),
  (ledger) => ledger.resolve(1, { state: 'done', moved: 'now', refund_fee_fen: 3_000 }, NOW),
  (ledger) => ledger.takeOver(1, NOW),
  (ledger) => ledger.foundRefund(request, {}, NOW),
  (ledger) => ledger.decide(1, true, 'terminal', NOW),
  (ledger) => ledger.forget('PAID', NOW),
  (ledger) => ledger.prune(NOW.at, NOW),
]
const CALLS: readonly (readonly [tool: string, args: Readonly<Record<string, unknown>>])[] = [
  ['list_payments', {}],
  ['list_payments', { state: 'paid', refresh: true }],
  ['query_payment', { out_trade_no: 'PAID' }],
  ['query_payment', { out_trade_no: 'UNPAID' }],
  ['create_payment', { subject: 'Tea', total_amount: '100.00' }],
  ['create_payment', { subject: 'Tea', total_amount: '100.00', out_trade_no: 'UNPAID' }],
  ['create_payment', { subject: 'Tea', total_amount: '100.00', replaces: 'UNPAID', channel: 'qr' }],
  ['refund_payment', { out_trade_no: 'PAID' }],
  ['refund_payment', { out_trade_no: 'PAID', refund_amount: '30.00' }],
  ['query_refund', { out_trade_no: 'PAID' }],
  ['close_payment', { out_trade_no: 'UNPAID' }],
  ['wait_for_payment', { out_trade_no: 'PAID' }],
]

export async function openDesk() {
  const thrown: string[] = []
  let ledger: Promise<Ledger> = Promise.reject(new LedgerError('none', 'none'))
  ledger.catch(() => {})
  const client = await connect(
    () => ledger,
    (_, error) => thrown.push(stackOf(error)),
  )
  return {
    /** Opens it, reads it whole, does one step that writes and makes one call; what is damaged may say so each time. */
    async use(open: () => Promise<Ledger>, number: number): Promise<Read> {
      thrown.length = 0
      const opened = await open().catch((error: unknown) => broken(error))
      if (opened instanceof LedgerError) return { text: opened.message, thrown: undefined, paid: [] }
      if (!('order' in opened)) return { text: '', thrown: stackOf(opened), paid: [] }
      ledger = Promise.resolve(opened)
      const texts: string[] = []
      const [write, call] = [WRITES[number % WRITES.length], CALLS[number % CALLS.length]]
      for (const step of [...READS, ...(write ? [write] : [])]) {
        const came = await step(opened).catch((error: unknown) => broken(error))
        if (came instanceof LedgerError) texts.push(came.message)
        else if (came instanceof Error) thrown.push(stackOf(came))
      }
      const answered = await called(client, call)
      opened.close()
      return { text: [...texts, answered.text].join('\n'), thrown: thrown[0], paid: answered.paid }
    },
    close: () => client.close(),
  }
}

const broken = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
const stackOf = (error: unknown) => (error instanceof Error ? String(error.stack) : String(error))

async function called(client: Client, call: (typeof CALLS)[number] | undefined) {
  const [name, args] = call ?? ['list_payments', {}]
  const { content, structuredContent } = await client.callTool({ name, arguments: { ...args } })
  const { paid, out_trade_no } = Object(structuredContent)
  return { text: JSON.stringify([content, structuredContent]), paid: paid === true ? [String(out_trade_no)] : [] }
}

async function connect(ledger: () => Promise<Ledger>, report: (id: string, error: unknown) => void): Promise<Client> {
  const { environment } = PARTITION
  const services = newServices({
    gateway: alipay,
    clock: new TestClock(),
    qrFolder: '/nonexistent',
    ledger,
    owner: 'fuzz',
    role: 'merchant',
    rules: { environment, readOnly: false, channels: ['page', 'qr'], limits: { callsPerMinute: 0 } },
  })
  const role = 'merchant' as const
  const offer = { role, hasItems: false, tell: () => {} }
  const deps = {
    ...offer,
    environment,
    readOnly: false,
    services: async () => services,
    calls: new CallsInFlight(),
    report,
  }
  const [near, far] = InMemoryTransport.createLinkedPair()
  serveStdio(() => createServer(deps), { transport: far })
  const client = new Client({ name: 'fuzz', version: '1.0.0' })
  await client.connect(near)
  return client
}
