// Holds the end of a run to the rules: once Alipay answers again, all is found out by reading, and ledger and Alipay agree.
import { resolveAll } from '../../src/guard/in-doubt.ts'
import type { Intent, IntentKind, Order } from '../../src/ledger/ledger.ts'
import { yuanOf } from './agent.ts'
import { ours, refundedFen, type Trade } from './alipay.ts'
import { tradeText } from './judge-answers.ts'
import { judgeLedgerDays } from './judge-days.ts'
import { isOfDesk, readsOnly } from './judge-sending.ts'
import { type Findings, isLost, must, type Records, type Violation } from './records.ts'
import { refundsSent } from './shop-records.ts'
import type { World } from './world.ts'

const AGREE = 'ledger and Alipay agree'
const ELEVEN_MINUTES = 660_000
// A code lives two hours, and a payment of the last moment may show for a quarter of an hour more.
const ALL_EXPIRED = 3 * 3_600_000
const BETWEEN_LOOKS = 61_000
const LATE: readonly IntentKind[] = ['create', 'charge']

/** Until nothing is in doubt any more, and what is found then. */
export async function resolveEverything(world: World): Promise<readonly (Violation | undefined)[]> {
  const { time, network } = world.stage
  world.clearFaults()
  network.latencies = [1]
  const found: (Violation | undefined)[] = []
  const open = async (lateOnes: boolean) => {
    const all = await world.terminal.inDoubt()
    const left = all.filter(({ kind }) => lateOnes || !LATE.includes(kind))
    return must(left.length === 0, 'what is in doubt is found out by reading', () => JSON.stringify(left))
  }
  for (const wait of [ELEVEN_MINUTES, ELEVEN_MINUTES]) {
    await time.pass(wait)
    found.push(...(await resolve(world)))
  }
  found.push(await open(false))
  if (!(await open(true))) return found
  await time.pass(ALL_EXPIRED)
  found.push(...(await resolve(world)))
  if (!(await open(true))) return found
  // Whether there is a trade of a charge is asked twice.
  await time.pass(BETWEEN_LOOKS)
  return [...found, ...(await resolve(world)), await open(true)]
}

async function resolve(world: World): Promise<readonly (Violation | undefined)[]> {
  const { time } = world.stage
  const { services } = await world.host(0)
  const actor = () => ({ at: time.now(), owner: 'resolves at the end', host: 'terminal' })
  const sentBefore = world.records.sent.length
  await time.until(resolveAll({ ...services, actor }))
  const { records } = world
  return [...readsOnly(records.sent.slice(sentBefore).filter((one) => !isOfDesk(one, records)))]
}

export async function judgeTrades({
  terminal,
  stage,
  scenario,
  records,
}: World): Promise<readonly (Violation | undefined)[]> {
  const done: Intent[] = []
  const found: (Violation | undefined)[] = []
  for (const trade of stage.alipay.trades()) {
    const { out_trade_no } = trade
    const [intents, order] = [await terminal.intents(out_trade_no), await terminal.order({ out_trade_no })]
    done.push(...intents.filter(isMade))
    if (isForgotten(trade, order, records)) continue
    found.push(...compared(trade, intents, order?.refunded_fen ?? 0))
    const status = stage.alipay.status(out_trade_no)
    const why = () => `the ledger has ${out_trade_no} as ${order?.trade_status}, and it is ${status}`
    found.push(must(order?.trade_status === status, AGREE, why))
  }
  const days = await terminal.days()
  const refunded = days.reduce((sum, day) => sum + day.refunded_fen, 0)
  const made = done.reduce((sum, { amount_fen }) => sum + amount_fen, 0)
  found.push(must(refunded === made, AGREE, () => `its days have ${refunded} fen, its refunds ${made}`))
  return [...found, ...judgeLedgerDays(done, scenario.settings)]
}

/** A ledger that was put back knows neither the orders made since its copy nor their refunds. */
function isForgotten({ trade_no }: Trade, order: Order | undefined, records: Records): boolean {
  const isUnknown = order === undefined || !order.created_here
  if (records.losses.length > 0 && isUnknown) return true
  return refundsSent(records, trade_no).some(({ moment }) => isLost(records, moment))
}

const isMade = ({ kind, state }: Intent) => kind === 'refund' && state === 'done'

/** What the ledger has of an order against what Alipay has. */
export function* compared(trade: Trade, intents: readonly Intent[], refunded_fen: number): Findings {
  const written = intents.filter(isMade).map(({ number, amount_fen }) => `${number} ${amount_fen}`)
  const made = ours(trade).map(({ out_request_no, fen }) => `${out_request_no} ${fen}`)
  const why = () => `ledger: ${yuanOf(refunded_fen)}: ${written.join(', ')}; Alipay has ${tradeText(trade)}`
  const least = ours(trade).reduce((sum, { fen }) => sum + fen, 0)
  yield must(written.sort().join() === made.sort().join(), AGREE, why)
  const fits = refunded_fen >= least && refunded_fen <= refundedFen(trade)
  yield must(fits, AGREE, why)
}
