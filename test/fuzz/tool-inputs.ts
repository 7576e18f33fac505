// Fuzzes what models send: every tool, through client and server, with arguments that nearly fit and with hostile ones.
import fc from 'fast-check'
import * as z from 'zod'
import { MERCHANT_TOOLS } from '../../src/tools/index.ts'
import { openShop, type Shop, type ShopOptions } from '../shop.ts'
import type { Came, Fuzzer, Subject } from './fuzzer.ts'
import { hostileName, hostileValue, objectOf } from './hostile.ts'

/** Which order of the shop an argument names; its number is put in when the call is made. */
type Named = { order: keyof Orders; by: 'out_trade_no' | 'trade_no' }
type Orders = Readonly<Record<'unpaid' | 'paid' | 'refunded', Readonly<Record<'out_trade_no' | 'trade_no', string>>>>

interface Call {
  tool: string
  args: readonly (readonly [string, unknown])[]
  named: Named | undefined
}
export type Calls = readonly Call[]

export interface Answered extends Came {
  /** Orders that were told to be paid, and what was given back of each, in yuan. */
  paid: readonly string[]
  refunds: ReadonlyMap<string, number>
  thePaid: ReadonlySet<string>
}

export type Opening = (options: ShopOptions) => Promise<Shop>

const TOTAL = 100
const NAMES = MERCHANT_TOOLS.map(({ name }) => name)
const FIELDS = [...new Set(MERCHANT_TOOLS.flatMap(({ input }) => Object.keys(propertiesOf(input))))]

function propertiesOf(input: z.ZodType): object {
  const { properties } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })
  return properties ?? {}
}

const GOOD: Readonly<Record<string, readonly unknown[]>> = {
  subject: ['Tea', '茶 & x', 'x7q'],
  total_amount: ['9.90', 10, '0.01', '100000000.00', '0.005', -1, '1e3'],
  refund_amount: ['1.00', 1, '100.00', '99.99', '0.00', null, ''],
  refund_reason: ['no', '不想要了', ''],
  channel: ['page', 'mobile', 'qr'],
  expires_in_minutes: [1, 30, 120, 900, 21_600, 0, '30', 1.5],
  timeout_seconds: [1, 5, 45, 0, 46],
  state: ['waiting', 'paid', 'unknown'],
  since: ['2026-11-23', '2026-11-23 14:00', '0000-00-00'],
  until: ['2026-11-23', '9999-12-31'],
  limit: [1, 50, 0, 51],
  refresh: [true, false, 'true'],
  body: ['x', ''],
  text: ['Tea', '%', '_', "'"],
  cursor: ['1', '1764000000000_1', 'x'],
}

const anything = fc.tuple(hostileName, hostileValue)
const field = fc
  .constantFrom(...FIELDS)
  .chain((name) =>
    fc.tuple(fc.constant(name), fc.oneof({ weight: 3, arbitrary: good(name) }, { weight: 1, arbitrary: hostileValue })),
  )

function good(name: string): fc.Arbitrary<unknown> {
  const values = GOOD[name]
  return values ? fc.constantFrom(...values) : hostileValue
}

const named: fc.Arbitrary<Named | undefined> = fc.option(
  fc.record({
    order: fc.constantFrom('unpaid', 'paid', 'refunded'),
    by: fc.constantFrom('out_trade_no', 'trade_no'),
  }),
  { nil: undefined, freq: 4 },
)

/** What a tool needs, and then more than it wants. */
const call: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      tool: fc.constantFrom(...NAMES),
      named,
      args: fc.array(fc.oneof({ weight: 6, arbitrary: field }, { weight: 1, arbitrary: anything }), { maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(good('total_amount'), good('channel'), fc.array(field, { maxLength: 1 })).map(
      ([sum, channel, more]): Call => ({
        tool: 'create_payment',
        named: undefined,
        args: [['subject', 'Tea'], ['total_amount', sum], ['channel', channel], ...more],
      }),
    ),
  },
)

export const toolInputs: fc.Arbitrary<Calls> = fc.array(call, { minLength: 1, maxLength: 2 })

export function toolFuzzer(opening: Opening = openShop): Fuzzer<Calls, Answered> {
  return {
    name: 'tools',
    slice: 500,
    inputs: toolInputs,
    open: (seed) => openTools(opening, seed),
    properties: [
      {
        name: 'calls paid only what was paid',
        kind: 'belief',
        fault: ({ paid, thePaid }) => paid.find((number) => !thePaid.has(number)),
      },
      {
        name: 'gives back no more than was paid',
        kind: 'belief',
        fault: ({ refunds }) => [...refunds].find(([, sum]) => sum > TOTAL + 0.001)?.join(': '),
      },
    ],
  }
}

// In turn, by the seed: a client without forms, one whose merchant says yes, and real money with its limits.
const SHOPS: readonly ShopOptions[] = [
  {},
  { answer: () => 'approve' },
  { environment: 'production', rules: { refundApproval: 'chat' } },
  { environment: 'sandbox', sandboxRules: true, rules: { refundApproval: 'operator' } },
]
// So that the ledger stays small, and no run takes longer than those before it.
const RUNS_WITH_ONE_LEDGER = 100

async function openTools(opening: Opening, seed: number): Promise<Subject<Calls, Answered>> {
  const shop = await opening(SHOPS[Math.abs(seed) % SHOPS.length] ?? {})
  const refunds = new Map<string, number>()
  const thePaid = new Set<string>()
  let [runs, orders] = [0, await ordersOf(shop, thePaid)]
  return {
    async try(calls) {
      if (++runs % RUNS_WITH_ONE_LEDGER === 0) {
        await shop.control('reset', {})
        await shop.forgetAll()
        for (const all of [refunds, thePaid]) all.clear()
        orders = await ordersOf(shop, thePaid)
      }
      const texts: string[] = []
      const paid: string[] = []
      for (const { tool, args, named: name } of calls) {
        const named: readonly (readonly [string, unknown])[] = name ? [[name.by, orders[name.order][name.by]]] : []
        const { content, fields } = await shop.whole(tool, objectOf([...named, ...args]))
        texts.push(JSON.stringify([content, fields]))
        const { out_trade_no, moved, refund_amount } = fields
        if (fields.paid === true) paid.push(String(out_trade_no))
        if (moved === 'now') addTo(refunds, String(out_trade_no), Number(refund_amount))
      }
      return { text: texts.join('\n'), paid, refunds, thePaid }
    },
    close: () => shop.close(),
  }
}

function addTo(sums: Map<string, number>, key: string, sum: number): void {
  sums.set(key, (sums.get(key) ?? 0) + sum)
}

/** An order of each kind; what can be paid is paid here alone. */
async function ordersOf(shop: Shop, thePaid: Set<string>): Promise<Orders> {
  const make = async () => {
    const { out_trade_no, pay_url } = await shop.call('create_payment', {
      subject: 'Tea',
      total_amount: TOTAL,
      channel: 'page',
    })
    return { out_trade_no: String(out_trade_no), pay_url: String(pay_url) }
  }
  const pay = async ({ out_trade_no, pay_url }: { out_trade_no: string; pay_url: string }) => {
    const { trade_no } = await shop.control('pay', { pay_url })
    thePaid.add(out_trade_no)
    return { out_trade_no, trade_no: String(trade_no) }
  }
  const [unpaid, paid, refunded] = [await make(), await pay(await make()), await pay(await make())]
  await shop.control('refund', { out_trade_no: refunded.out_trade_no, refund_amount: '10.00' })
  return { unpaid: { ...unpaid, trade_no: unpaid.out_trade_no }, paid, refunded }
}
