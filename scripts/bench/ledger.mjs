// What the ledger on disk costs a payment and a refund: the decisions that each of them takes, one after the other.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { ROOT } from './child.mjs'
import { median, quantile, row } from './figures.mjs'

const BUDGET_MS = 3
const WARM_UP = 20

export async function ledgerRows({ folder, rounds }) {
  const { openLedger } = await bundled()
  const partition = { environment: 'sandbox', gateway: 'https://bench', merchant: '2088000000000000' }
  const ledger = await openLedger({ folder: mkdtempSync(join(folder, 'ledger-')), partition })
  const times = { create: [], refund: [] }
  for (let round = 0; round < WARM_UP + rounds; round++) {
    const order = newOrder()
    const create = await timed(() => createOrder(ledger, order))
    const refund = await timed(() => refundOrder(ledger, order))
    if (round < WARM_UP) continue
    times.create.push(create)
    times.refund.push(refund)
  }
  ledger.close()
  return Object.entries(times).map(([name, values]) => {
    const note = `${rounds} rounds, 95 of 100 under ${quantile(values, 0.95).toFixed(2)} ms; durable commits on this disk`
    return row(`ledger, per ${name}`, median(values), 'ms', { budget: BUDGET_MS, note })
  })
}

/** The ledger alone, as the program has it, in a file that finds the packages of this folder. */
async function bundled() {
  const outfile = join(ROOT, 'node_modules', '.cache', `ledger-${randomUUID()}.mjs`)
  const entryPoints = [join(ROOT, 'src/ledger/sqlite/open-ledger.ts')]
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' })
  const loaded = await import(pathToFileURL(outfile).href)
  rmSync(outfile)
  return loaded
}

const actor = () => ({ at: Date.now(), owner: 'bench', host: 'bench' })

async function timed(operation) {
  const begin = performance.now()
  await operation()
  return performance.now() - begin
}

function newOrder() {
  const out_trade_no = randomUUID().replaceAll('-', '')
  const pay_url = `https://bench/gateway.do?${'x'.repeat(1000)}`
  const time_expire = '2099-01-01 00:00:00'
  return { out_trade_no, total_amount: '9.90', subject: 'Bench', channel: 'page', time_expire, pay_url }
}

async function createOrder(ledger, order) {
  await ledger.reserveOrder(order, {}, actor())
}

/** As refunds/refund.ts does it when nothing is in the way. */
async function refundOrder(ledger, { out_trade_no, total_amount }) {
  const trade_no = `2026${out_trade_no.replace(/\D/g, '').padEnd(24, '0').slice(0, 24)}`
  const send_pay_date = '2026-01-01 00:00:00'
  const trade = { out_trade_no, trade_no, total_amount, trade_status: 'TRADE_SUCCESS', send_pay_date }
  const request = { out_trade_no, trade_no, total_fen: 990, out_request_no: `RF${out_trade_no}` }
  const whole = { ...request, portion: { kind: 'rest', ordinal: 1 }, amount_fen: 990 }
  const rules = { asks: 'exceptions' }
  await ledger.intents(out_trade_no)
  await ledger.recordTrade({ trade }, actor(), true)
  await ledger.inDoubt(out_trade_no)
  await ledger.evaluateRefund(whole, rules, actor())
  const { intent } = await ledger.reserveRefund(whole, rules, undefined, actor())
  const marked = await ledger.markSending(intent.id, false, actor())
  if (marked !== 'go') throw new Error(`the ledger did not let the refund go: ${marked.why}`)
  await ledger.resolve(intent.id, { state: 'done', moved: 'now', refund_fee_fen: 990 }, actor())
}
