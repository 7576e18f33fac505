// Holds what a tool answered against Alipay's trades: nothing is called done, made, paid or closed that is not.
import { fenOf, yuanOf } from './agent.ts'
import { type Alipay, type Fields, ours, refundedFen, type Trade } from './alipay.ts'
import { type Ended, type Findings, must, type Records } from './records.ts'

const PAID = ['TRADE_SUCCESS', 'TRADE_FINISHED']
const HOSTS_WAIT_MS = 55_000

export function* judgeAnswer(call: Ended, alipay: Alipay, records: Records): Findings {
  const { how, tool, answer, buyer } = call
  yield must(how !== 'our fault', 'no fault of ours', () => JSON.stringify(answer))
  yield* judgeTime(call, records)
  // An item is what the shop says it is: judge-sales.ts.
  const judge = buyer !== undefined && tool === 'create_payment' ? undefined : JUDGES[tool]
  if (how === 'done' && judge) yield* judge(call, alipay)
}

const JUDGES: Readonly<Record<string, (call: Ended, alipay: Alipay) => Findings>> = {
  refund_payment: judgeRefund,
  query_refund: judgeRefundQuery,
  query_payment: judgePaid,
  wait_for_payment: judgePaid,
  close_payment: judgeClose,
  create_payment: judgeCreate,
  list_payments: judgeList,
}

/** But for the time in which a person thinks, and in which the computer sleeps. */
function* judgeTime({ tool, how, meanwhile, startedAt, endedAt }: Ended, { questions, calls }: Records): Findings {
  const slept = calls.some((call) => call.endedAt >= startedAt && call.meanwhile.some(({ does }) => does === 'sleep'))
  if (slept) return
  const left = how === 'cancelled' && !meanwhile.some(({ does }) => does === 'cancel')
  yield must(!left, 'every call ends', () => `the host gave ${tool} up`)
  const asked = questions.some((at) => at >= startedAt && at <= endedAt)
  if ((tool !== 'refund_payment' && tool !== 'request_refund') || asked) return
  const took = endedAt - startedAt
  yield must(took <= HOSTS_WAIT_MS, 'a refund answers within 55 seconds', () => `${took} ms`)
}

function* judgeRefund({ answer, refundsBefore, order }: Ended, alipay: Alipay): Findings {
  const { moved, out_request_no, refund_amount, refunded_total } = answer
  const trade = order && alipay.trade(order.out_trade_no)
  const made = ours(trade).find((refund) => refund.out_request_no === out_request_no)
  const why = () =>
    `${JSON.stringify({ moved, refund_amount, refunded_total, out_request_no })}, and Alipay has ${tradeText(trade)}`
  yield must(made?.fen === fenOf(String(refund_amount)), 'what is told as refunded is refunded', why)
  // Two identical calls at once tell of one refund, and when the later of them began it may have been made.
  const joined = /Two identical calls/.test(String(answer.message))
  const news = joined || !refundsBefore.has(String(out_request_no))
  yield must(moved === 'earlier' || news, 'only what moved now is told so', why)
  const sum = refunded_total === undefined || sumsOf(trade).includes(fenOf(String(refunded_total)))
  yield must(sum, 'the sum refunded is told as it is', why)
}

function* judgeRefundQuery({ answer, order, refundsBefore }: Ended, alipay: Alipay): Findings {
  const trade = order && alipay.trade(order.out_trade_no)
  const { refund_status, out_request_no, refund_amount, refunds, refunded_total } = answer
  const has = (number: unknown) => ours(trade).some((refund) => refund.out_request_no === number)
  const why = () => `${JSON.stringify(answer)}, and Alipay has ${tradeText(trade)}`
  if (refund_status === 'REFUND_SUCCESS') {
    const made = trade?.refunds.find((refund) => refund.out_request_no === out_request_no)
    yield must(made?.fen === fenOf(String(refund_amount)), 'a refund that is told as made is made', why)
  }
  const named = refund_status === undefined || refund_status === 'REFUND_SUCCESS' ? [] : [answer]
  for (const { out_request_no: number, moved } of [...itemsOf(refunds), ...named]) {
    yield must(MOVED.includes(String(moved)), 'whether money moved is told in a known word', why)
    yield must(moved !== 'earlier' || has(number), 'a refund that is told as made is made', why)
    const before = refundsBefore.has(String(number))
    yield must(moved !== 'no' || !before, 'a refund that is told as not made is not made', why)
  }
  yield* judgeSum(refunded_total, trade)
}

/** Of a reading: it moves nothing now. */
const MOVED = ['earlier', 'no', 'unknown']

function* judgePaid({ answer, statusBefore, statusAfter, order, startedAt }: Ended, alipay: Alipay): Findings {
  // What was paid there is another order.
  if (order?.isElsewhere) return yield must(answer.paid !== true, 'paid is told as it is', () => `${answer.message}`)
  const states = [statusBefore, statusAfter].map((status) => PAID.includes(status ?? ''))
  const paid_at = order && alipay.trade(order.out_trade_no)?.paid_at
  const meanwhile = answer.paid === true && paid_at !== undefined && paid_at >= startedAt
  const why = () => `paid ${answer.paid} of ${order?.out_trade_no}, which was ${statusBefore} and is ${statusAfter}`
  yield must(meanwhile || states.includes(answer.paid === true), 'paid is told as it is', why)
}

function* judgeClose({ answer, order, statusAfter, statusBefore }: Ended, alipay: Alipay): Findings {
  const trade = order && alipay.trade(order.out_trade_no)
  if (order?.isElsewhere) return
  const why = () => `closed ${answer.closed}, paid ${answer.paid}; it was ${statusBefore} and is ${statusAfter}`
  // On its page, before any link of Alipay's left it.
  const closed =
    trade?.paid_at === undefined && (statusAfter === 'TRADE_CLOSED' || (!trade && order?.token !== undefined))
  yield must(answer.closed !== true || closed, 'what is told as closed is closed unpaid', why)
  yield must(answer.paid !== true || trade?.paid_at !== undefined, 'paid is told as it is', why)
}

function* judgeCreate({ answer, args }: Ended): Findings {
  const { total_amount, channel, out_trade_no } = args
  const why = () => `${JSON.stringify(answer)} for ${JSON.stringify(args)}`
  // A page opens whichever cashier fits the device.
  const isWay = answer.channel === channel || (answer.channel === undefined && channel !== 'qr')
  const asked = answer.total_amount === total_amount && isWay
  yield must(asked, 'an order is what was asked for', why)
  yield must(out_trade_no === undefined || answer.out_trade_no === out_trade_no, 'an own number is kept', why)
}

function* judgeList({ answer }: Ended, alipay: Alipay): Findings {
  for (const { out_trade_no, state, refunded_total } of itemsOf(answer.orders)) {
    const trade = alipay.trade(String(out_trade_no))
    const why = () => `${state}, refunded ${refunded_total}, and Alipay has ${tradeText(trade)}`
    const paid = ['paid', 'part_refunded', 'refunded'].includes(String(state))
    yield must(!paid || trade?.paid_at !== undefined, 'paid is told as it is', why)
    yield* judgeSum(refunded_total, trade)
  }
}

function* judgeSum(refunded_total: unknown, trade: Trade | undefined): Findings {
  if (refunded_total === undefined || !trade) return
  const why = () => `${refunded_total}, and Alipay has ${tradeText(trade)}`
  const most = refundedFen(trade)
  yield must(fenOf(String(refunded_total)) <= most, 'no more is told as refunded than was', why)
}

function itemsOf(list: unknown): readonly Fields[] {
  return Array.isArray(list) ? list.map((item): Fields => ({ ...Object(item) })) : []
}

/** What was refunded in all after each refund. */
function sumsOf(trade: Trade | undefined): readonly number[] {
  let sum = 0
  return (trade?.refunds ?? []).map(({ fen }) => {
    sum += fen
    return sum
  })
}

export function tradeText(trade: Trade | undefined): string {
  const refunds = trade?.refunds.map(({ fen, by, out_request_no }) => `${yuanOf(fen)} by ${by} (${out_request_no})`)
  return trade ? `${yuanOf(trade.total_fen)}, refunded: ${refunds?.join(', ') || 'nothing'}` : 'no trade'
}
