// Every fault of the emulator against every tool, with and without the sandbox's rules, as one printed table.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { YES } from '../src/approval/chat.ts'
import { FAULTS } from '../src/emulator/faults.ts'
import { type Fields, openShop, type Shop } from './shop.ts'

const TIMEOUT_MS = 2_500
const METHODS = {
  create_payment: 'alipay.trade.query',
  'create_payment qr': 'alipay.trade.precreate',
  wait_for_payment: 'alipay.trade.query',
  query_payment: 'alipay.trade.query',
  refund_payment: 'alipay.trade.refund',
  query_refund: 'alipay.trade.fastpay.refund.query',
  close_payment: 'alipay.trade.close',
} as const
/** A tool, or a tool with a channel. */
type Tool = keyof typeof METHODS

const HARMLESS = ['sign_first', 'escaped_slashes']
const SLOW = ['delay', 'late']

/** A fault once: reads are repeated, the refund repeats itself, a close is looked up. Always: only proofs remain. */
function expected(tool: Tool, fault: string, times: 1 | 'always'): string {
  if (HARMLESS.includes(fault)) return DONE[tool]
  if (fault === 'refuse') return 'refused'
  // The effect of `late` comes when the call is long over.
  const effect = FAULTS.get(fault)?.effect === true && fault !== 'late'
  const changing = tool === 'refund_payment' || tool === 'close_payment'
  if (fault === 'rate_limit' && (changing || times === 'always')) return 'refused'
  if (tool === 'refund_payment') return times === 1 || effect ? 'moved now' : 'unknown'
  if (tool === 'create_payment qr') return lostCode(fault, times)
  if (tool === 'wait_for_payment' && times === 1) return 'paid'
  if (tool === 'close_payment') return effect ? 'closed' : 'unknown'
  // A question beside others has more time than one exchange; the one question of query_payment has as much.
  if (times === 1 && (tool !== 'query_payment' || !SLOW.includes(fault))) return DONE[tool]
  // Without an answer a reading tool knows nothing, and the others have done nothing.
  return tool === 'create_payment' ? 'refused' : 'unknown'
}

/** A lost code is asked for once more; without an answer it stays unknown whether there is one. */
function lostCode(fault: string, times: 1 | 'always'): string {
  if (fault === 'rate_limit') return 'refused'
  return times === 1 ? 'link' : 'unknown'
}

const DONE: Record<Tool, string> = {
  create_payment: 'link',
  'create_payment qr': 'link',
  wait_for_payment: 'paid',
  query_payment: 'paid',
  refund_payment: 'moved now',
  query_refund: 'REFUND_SUCCESS',
  close_payment: 'closed',
}

function told(tool: Tool, answer: Fields): string {
  if (answer.isError) return String(answer.error)
  if (tool.startsWith('create_payment')) return answer.pay_url || answer.qr_content ? 'link' : 'no link'
  if (tool === 'query_payment' || tool === 'wait_for_payment') return answer.paid ? 'paid' : 'not paid'
  if (tool === 'refund_payment') return `moved ${answer.moved}`
  if (tool === 'query_refund') return String(answer.refund_status)
  return answer.closed ? 'closed' : 'not closed'
}

/** Makes the order that the tool needs, and gives the tool's arguments. */
async function prepare(tool: Tool, shop: Shop): Promise<Fields> {
  if (tool === 'create_payment qr') return { subject: 'Tea', total_amount: '1.00', channel: 'qr' }
  if (tool === 'create_payment') {
    return {
      subject: 'Tea',
      total_amount: '1.00',
      out_trade_no: `OWN_${Math.random().toString(36).slice(2)}`,
    }
  }
  if (tool === 'close_payment') {
    const { out_trade_no, pay_url } = await shop.call('create_payment', {
      subject: 'Tea',
      total_amount: '1.00',
    })
    await shop.control('scan', { pay_url })
    return { out_trade_no }
  }
  const { out_trade_no } = await shop.paidOrder('1.00')
  if (tool === 'wait_for_payment') return { out_trade_no, seconds: 1 }
  if (tool !== 'query_refund') return { out_trade_no }
  await shop.call('refund_payment', { out_trade_no })
  return { out_trade_no, refund_amount: '1.00' }
}

/** What the emulator's books say of the order, to hold the answer against. */
async function truth({ out_trade_no }: Fields, shop: Shop): Promise<Fields> {
  return (await shop.books()).trades.find((trade) => trade.out_trade_no === out_trade_no) ?? {}
}

function demandTrue(tool: Tool, outcome: string, trade: Fields): void {
  if (outcome === 'moved now') expect(trade.refunded).toBe('1.00')
  if (tool === 'refund_payment' && outcome === 'refused') expect(trade.refunded).toBe('0.00')
  if (tool === 'close_payment' && outcome === 'closed') expect(trade.trade_status).toBe('TRADE_CLOSED')
  if (tool === 'close_payment' && outcome === 'refused') expect(trade.trade_status).toBe('WAIT_BUYER_PAY')
}

/** What the ledger has of the step, to hold the answer against. */
async function demandRecorded(tool: Tool, outcome: string, args: Fields, shop: Shop): Promise<void> {
  const state = { 'moved now': 'done', link: 'done', unknown: 'unknown', refused: 'refused' }[outcome]
  if (tool === 'refund_payment') {
    const intents = await (await shop.ledger()).intents(String(args.out_trade_no))
    expect(intents).toMatchObject([{ kind: 'refund', number: expect.stringMatching(/^RF/), state }])
  }
  if (tool === 'create_payment qr') {
    const { orders } = await (await shop.ledger()).list({ limit: 1 })
    const intents = await (await shop.ledger()).intents(String(orders[0]?.out_trade_no))
    expect(intents).toMatchObject([{ kind: 'create', state }])
  }
}

const results = new Map<string, string>()
const TOOLS = Object.keys(METHODS) as Tool[]
const RULES = [
  { rules: 'production', environment: 'local', sandboxRules: false },
  { rules: 'sandbox', environment: 'sandbox', sandboxRules: true },
] as const
const TIMES = [1, 'always'] as const

/** All before the first test: making keys for so many takes the time that an answer has. */
const shops = new Map<string, Shop>()
beforeAll(async () => {
  for (const { rules, ...options } of RULES) {
    for (const tool of TOOLS) {
      for (const times of TIMES) {
        const shop = await openShop({ ...options, timeout: TIMEOUT_MS, answer: () => YES })
        shops.set([rules, tool, times].join(), shop)
      }
    }
  }
}, 120_000)
afterAll(async () => {
  for (const shop of shops.values()) await shop.close()
})

/** A row a fault, a column a tool; each cell for the fault once, and for always where that differs. */
function printed(rules: string): string {
  const cell = (tool: Tool, fault: string) => {
    const [once, always] = [1, 'always'].map(
      (times) => results.get([rules, tool, fault, times].join()) ?? '-',
    )
    return (once === always ? once : `${once}, ${always}`) ?? ''
  }
  const line = (first: string, rest: string[]) =>
    first.padEnd(20) + rest.map((text) => text.padEnd(25)).join('')
  const rows = [...FAULTS.keys()].map((fault) =>
    line(
      fault,
      TOOLS.map((tool) => cell(tool, fault)),
    ),
  )
  return [`Under the rules of ${rules}: fault once, always`, line('', TOOLS), ...rows].join('\n')
}
afterAll(() => console.info(`\n${printed('production')}\n\n${printed('sandbox')}\n`))

describe.concurrent.each(RULES)('under the rules of $rules', ({ rules }) => {
  describe.concurrent.each(TOOLS)('%s', (tool) => {
    it.each(TIMES)(
      'tells the truth under every fault, ordered %s',
      async (times) => {
        const shop = shops.get([rules, tool, times].join())
        if (!shop) throw new Error('it was not opened')
        for (const fault of FAULTS.keys()) {
          const args = await prepare(tool, shop)
          await shop.control('faults', faultOrder(tool, fault, times))
          const outcome = told(tool, await shop.call(tool.split(' ', 1).join(), args))
          await shop.control('faults/clear', {})
          results.set([rules, tool, fault, times].join(), outcome)
          expect(outcome, `${tool} under ${fault}, ${times}`).toBe(expected(tool, fault, times))
          demandTrue(tool, outcome, await truth(args, shop))
          await demandRecorded(tool, outcome, args, shop)
        }
      },
      200_000,
    )
  })
})

function faultOrder(tool: Tool, fault: string, times: 1 | 'always'): Fields {
  const sub_code = fault === 'refuse' ? { sub_code: 'ACQ.INVALID_PARAMETER' } : {}
  return { fault, method: METHODS[tool], times, ms: TIMEOUT_MS * 4, ...sub_code }
}
