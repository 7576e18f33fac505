// Every fault of the emulator against every tool, with and without the sandbox's rules, as printed tables.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { YES } from '../src/approval/chat.ts'
import { FAULTS } from '../src/emulator/faults.ts'
import { type Fields, openShop, type Shop } from './shop.ts'
import { CATALOGUE, goodCall } from './tools/catalogue.ts'

const TIMEOUT_MS = 2_500
const QR = 'create_payment qr'
/** A tool, or a tool with a channel. */
const COLUMNS = [
  ...CATALOGUE.filter(({ method }) => method).map((row) => ({ ...row, column: row.name })),
  ...CATALOGUE.filter(({ name }) => name === 'create_payment').map((row) => {
    return { ...row, method: 'alipay.trade.precreate', column: QR }
  }),
]
type Column = (typeof COLUMNS)[number]

const HARMLESS = ['sign_first', 'escaped_slashes', 'plain_slashes']
const SLOW = ['delay', 'late']

/** A fault once: reads are repeated, the refund repeats itself, a close is looked up. Always: only proofs remain. */
function expected({ column: tool, done, destructive }: Column, fault: string, times: 1 | 'always') {
  if (HARMLESS.includes(fault)) return done
  if (fault === 'refuse') return 'refused_by_alipay'
  // The effect of `late` comes when the call is long over.
  const effect = FAULTS.get(fault)?.effect === true && fault !== 'late'
  if (fault === 'rate_limit' && (destructive || times === 'always')) return 'refused_by_alipay'
  if (tool === 'refund_payment') return times === 1 || effect ? 'moved now' : 'unknown'
  if (tool === QR) return lostCode(fault, times)
  if (tool === 'wait_for_payment' && times === 1) return 'paid'
  if (tool === 'close_payment') return effect ? 'closed' : 'unknown'
  // A question beside others has more time than one exchange; the one question of query_payment has as much.
  if (times === 1 && (tool !== 'query_payment' || !SLOW.includes(fault))) return done
  // Without an answer a reading tool knows nothing new, and create_payment, which reads first, has done nothing.
  return 'no_answer'
}

/** A lost code is asked for once more; without an answer it stays unknown whether there is one. */
function lostCode(fault: string, times: 1 | 'always'): string {
  if (fault === 'rate_limit') return 'refused_by_alipay'
  return times === 1 ? 'link' : 'unknown'
}

function outcomeOf({ told }: Column, answer: Fields): string {
  return String(answer.isError ? answer.error : told?.(answer))
}

async function prepare(column: Column, shop: Shop): Promise<Fields> {
  return column.column === QR ? { subject: 'Tea', total_amount: '1.00', channel: 'qr' } : goodCall(column, shop)
}

/** What the emulator's trades say of the order, to hold the answer against. */
async function truth({ out_trade_no }: Fields, shop: Shop): Promise<Fields> {
  return (await shop.trades()).trades.find((trade) => trade.out_trade_no === out_trade_no) ?? {}
}

function requireTrue(tool: string, outcome: string, trade: Fields): void {
  if (outcome === 'moved now') expect(trade.refunded).toBe('1.00')
  if (tool === 'refund_payment' && outcome === 'refused_by_alipay') expect(trade.refunded).toBe('0.00')
  if (tool === 'close_payment' && outcome === 'closed') expect(trade.trade_status).toBe('TRADE_CLOSED')
  if (tool === 'close_payment' && outcome === 'refused_by_alipay') expect(trade.trade_status).toBe('WAIT_BUYER_PAY')
}

/** What the ledger has of the step, to hold the answer against. */
async function requireRecorded(tool: string, outcome: string, args: Fields, shop: Shop): Promise<void> {
  const state = { 'moved now': 'done', link: 'done', unknown: 'unknown', refused_by_alipay: 'refused' }[outcome]
  if (tool === 'refund_payment') {
    const intents = await (await shop.ledger()).intents(String(args.out_trade_no))
    expect(intents).toMatchObject([{ kind: 'refund', number: expect.stringMatching(/^RF/), state }])
  }
  if (tool === QR) {
    const { orders } = await (await shop.ledger()).list({ limit: 1 })
    const intents = await (await shop.ledger()).intents(String(orders[0]?.out_trade_no))
    expect(intents).toMatchObject([{ kind: 'create', state }])
  }
}

const results = new Map<string, string>()
const RULES = [
  { rules: 'production', environment: 'local', sandboxRules: false },
  { rules: 'sandbox', environment: 'sandbox', sandboxRules: true },
] as const
const TIMES = [1, 'always'] as const

/** All before the first test: starting so many takes the time that an answer has. */
const shops = new Map<string, Shop>()
beforeAll(async () => {
  for (const { rules, ...options } of RULES) {
    for (const { column } of COLUMNS) {
      for (const times of TIMES) {
        const shop = await openShop({ ...options, timeout: TIMEOUT_MS, answer: () => YES })
        shops.set([rules, column, times].join(), shop)
      }
    }
  }
}, 120_000)
afterAll(async () => {
  for (const shop of shops.values()) await shop.close()
})

/** A row a fault, a column a tool; each cell for the fault once, and for always where that differs. */
function printed(rules: string): string {
  const cell = (column: string, fault: string) => {
    const [once, always] = [1, 'always'].map((times) => results.get([rules, column, fault, times].join()) ?? '-')
    return (once === always ? once : `${once}, ${always}`) ?? ''
  }
  const line = (first: string, rest: string[]) => first.padEnd(20) + rest.map((text) => text.padEnd(25)).join('')
  const columns = COLUMNS.map(({ column }) => column)
  const rows = [...FAULTS.keys()].map((fault) =>
    line(
      fault,
      columns.map((column) => cell(column, fault)),
    ),
  )
  return [line('fault once, always', columns), ...rows].join('\n')
}
afterAll(() => {
  const tables = new Map<string, string>()
  for (const { rules } of RULES) {
    const table = printed(rules)
    const others = tables.get(table)
    tables.set(table, others ? `${others} and ${rules}` : rules)
  }
  for (const [table, rules] of tables) console.info(`\nUnder the rules of ${rules}:\n${table}\n`)
})

describe.concurrent.each(RULES)('under the rules of $rules', ({ rules }) => {
  describe.concurrent.each(COLUMNS)('$column', (tool) => {
    const { name, column } = tool
    it.each(TIMES)(
      'tells the truth under every fault, ordered %s',
      async (times) => {
        const shop = shops.get([rules, column, times].join())
        if (!shop) throw new Error('it was not opened')
        for (const fault of FAULTS.keys()) {
          const args = await prepare(tool, shop)
          await shop.control('faults', faultOrder(tool, fault, times))
          const outcome = outcomeOf(tool, await shop.call(name, args))
          await shop.control('faults/clear', {})
          results.set([rules, column, fault, times].join(), outcome)
          expect(outcome, `${column} under ${fault}, ${times}`).toBe(expected(tool, fault, times))
          requireTrue(column, outcome, await truth(args, shop))
          await requireRecorded(column, outcome, args, shop)
        }
      },
      200_000,
    )
  })
})

function faultOrder({ method }: Column, fault: string, times: 1 | 'always'): Fields {
  const sub_code = fault === 'refuse' ? { sub_code: 'ACQ.INVALID_PARAMETER' } : {}
  return { fault, method, times, ms: TIMEOUT_MS * 4, ...sub_code }
}
