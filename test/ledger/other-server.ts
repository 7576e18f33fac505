// Another server process at the same ledger, for tests: does one job when it is told to go, and says what came of it.
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import type { Actor, Ledger } from '../../src/ledger/ledger.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { toFen } from '../../src/money.ts'

const [, , job = '', folder = '', owner = '', text = ''] = process.argv
const partition = { environment: 'local', gateway: 'http://127.0.0.1', merchant: 'a shop' } as const
const UNASKED = { asks: 'never' } as const

export interface Load {
  at: number
  /** Of orders that are in the ledger, 100 yuan each, in this order. */
  refunds?: readonly { out_trade_no: string; amount_fen: number }[]
  orders?: readonly { out_trade_no: string; total_amount: string }[]
  limit_fen?: number
}
const load: Load = { at: 0, ...JSON.parse(text || '{}') }
const actor: Actor = { at: load.at, owner, host: owner }

/** Written at once: what a killed process had said is what it had done. */
function say(line: unknown): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

const request = (out_trade_no: string, amount_fen: number) => ({
  ...{ out_trade_no, trade_no: `T-${out_trade_no}`, total_fen: 10_000, amount_fen },
  ...{ out_request_no: `RF-${out_trade_no}-${amount_fen}`, portion: { kind: 'amount', ordinal: 1 } as const },
})

const page = (out_trade_no: string, total_amount: string) => ({
  ...{ out_trade_no, total_amount, subject: 'Tea', channel: 'page' as const },
  ...{ pay_url: 'https://pay.example/', time_expire: '2099-01-01 00:00:00' },
})

const JOBS: Readonly<Record<string, (ledger: Ledger) => Promise<void>>> = {
  async open() {
    say('opened')
  },

  async refunds(ledger) {
    for (const { out_trade_no, amount_fen } of load.refunds ?? []) {
      const rules = { ...UNASKED, daily_refunds_fen: load.limit_fen }
      const reserved = await ledger.reserveRefund(request(out_trade_no, amount_fen), rules, undefined, actor)
      say({ out_trade_no, amount_fen, outcome: reserved.outcome })
    }
  },

  async orders(ledger) {
    const rules = { daily_payments_fen: load.limit_fen }
    for (const { out_trade_no, total_amount } of load.orders ?? []) {
      const { outcome } = await ledger.reserveOrder(page(out_trade_no, total_amount), rules, actor)
      say({ out_trade_no, amount_fen: toFen(total_amount), outcome })
    }
  },

  /** Until it is killed. */
  async toil(ledger) {
    for (let i = 0; ; i += 1) await one(ledger, `${owner}-${i}`)
  },
}

async function one(ledger: Ledger, name: string): Promise<void> {
  await ledger.reserveOrder(page(name, '100.00'), {}, actor)
  say([name, 'made'])
  const paid = { trade_status: 'TRADE_SUCCESS', send_pay_date: '2026-03-02 12:00:00' } as const
  await ledger.recordTrade(
    { trade: { ...paid, out_trade_no: name, trade_no: `T-${name}`, total_amount: '100.00' } },
    actor,
  )
  say([name, 'paid'])
  const reserved = await ledger.reserveRefund(request(name, 3_000), UNASKED, undefined, actor)
  if (reserved.outcome !== 'prepared') throw new Error(reserved.outcome)
  say([name, 'prepared'])
  await ledger.markSending(reserved.intent.id, false, actor)
  say([name, 'sent'])
  await ledger.resolve(reserved.intent.id, { state: 'done', moved: 'now' }, actor)
  say([name, 'done'])
}

const input = createInterface({ input: process.stdin })
say('ready')
await input[Symbol.asyncIterator]().next()
input.close()
const ledger = await openLedger({ folder, partition })
await JOBS[job]?.(ledger)
ledger.close()
