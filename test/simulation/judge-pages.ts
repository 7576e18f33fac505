// Holds the pages of orders to the rules: no link without a press, none after a withdrawal, and what is called over is over.
import { fromBeijingTime } from '../../src/clock.ts'
import type { Alert } from '../../src/ledger/ledger.ts'
import type { Fields } from './alipay.ts'
import { isAlipayLink } from './buyers.ts'
import { type PageRecords, type Payment, type Revealed, type Visited, withdrawnAt } from './page-records.ts'
import { type Ended, type Findings, isLost, must, type Records } from './records.ts'

/** @param from of the visits, those that have not been judged yet */
export function* judgePages(records: Records, from: number): Findings {
  const { pages, calls, freezes } = records
  for (const visit of pages.visits.slice(from)) yield* judgeVisit(visit, pages, freezes)
  for (const payment of pages.payments) {
    const said = pages.visits.find(
      (visit) => visit.saysOver && isBefore(visit, payment) && !isLost(records, visit.ended),
    )
    const why = () => `the page of ${payment.out_trade_no} (${said?.step ?? 'itself'}) said so, and then it was paid`
    yield must(said === undefined, 'what a page calls over is never paid', why)
    yield* judgeLate(payment, pages)
  }
  yield* judgeLinks(pages.revealed)
  yield* judgeTools(calls, pages)
}

const isBefore = ({ out_trade_no, ended }: Visited, payment: Payment) =>
  out_trade_no === payment.out_trade_no && ended < payment.moment

function* judgeVisit(visit: Visited, pages: PageRecords, freezes: Records['freezes']): Findings {
  const { out_trade_no, step, status = 0, ended, location, isPress } = visit
  if (ended === 0) return
  const why = () => `${out_trade_no ?? 'no order'}, ${step ?? 'the page'}: ${status} ${location ?? ''}`
  yield must(out_trade_no !== undefined || status === 404, 'a token opens its own page only', why)
  const isPlanned = status < 500 || (status === 503 && !isPress && step !== undefined)
  yield must(isPlanned, 'no fault of ours', why)
  if (!isAlipayLink(location)) return
  yield must(isPress, 'only a press reveals a link', why)
  const pressed = pages.presses.find((one) => one.link === location && one.began > visit.began && one.ended < ended)
  yield must(pressed !== undefined, 'every press is written before its link leaves', why)
  const moment = pressed?.began ?? ended
  const withdrawn = withdrawnAt(pages, out_trade_no, moment)
  const how = () => `${why()} after it was ${withdrawn.map((one) => one.how).join()}`
  yield must(withdrawn.length === 0, 'no link leaves a page once it is withdrawn', how)
  const isFrozen = freezes.some(({ from, until = Number.POSITIVE_INFINITY }) => from < moment && until > moment)
  yield must(!isFrozen, 'no link leaves a page while all is frozen', why)
  yield must(visit.at <= expiryOf(location) - LEAST_LEFT_MS, 'no link leaves a page in its last minute', why)
}

/** Paid after it was withdrawn: with a link that had left its page before. */
function* judgeLate({ out_trade_no, moment, revealed }: Payment, pages: PageRecords): Findings {
  if (!revealed) return
  const after = withdrawnAt(pages, out_trade_no, moment).filter(({ from }) => from < revealed.moment)
  const why = () => `${out_trade_no} was ${after.map((one) => one.how).join()} when its ${revealed.channel} link left`
  yield must(after.length === 0, 'a late payment comes from an earlier press', why)
}

function* judgeLinks(revealed: readonly Revealed[]): Findings {
  const contents = new Map<string, string>()
  for (const { out_trade_no, link } of revealed) {
    const content = contentOf(link)
    const first = contents.get(out_trade_no) ?? content
    contents.set(out_trade_no, first)
    yield must(content === first, 'all links of an order ask for the same', () => `${first} and ${content}`)
  }
}

const LEAST_LEFT_MS = 60_000

const expiryOf = (link: string) => fromBeijingTime(String(bizIn(link).time_expire))

const bizIn = (link: string): Fields => JSON.parse(new URL(link).searchParams.get('biz_content') ?? '{}')

/** All that is asked for, but for the product. */
function contentOf(link: string): string {
  const { product_code, ...content } = bizIn(link)
  return JSON.stringify(content)
}

/** An order with a page is shown by its page alone. */
function* judgeTools(calls: readonly Ended[], { visits }: PageRecords): Findings {
  const paged = new Set(visits.map(({ out_trade_no }) => out_trade_no))
  for (const { tool, how, answer } of calls) {
    const { out_trade_no, pay_url } = answer
    if (how !== 'done' || !paged.has(String(out_trade_no))) continue
    const why = () => `${tool} gave ${pay_url} for ${out_trade_no}, which has a page`
    yield must(!isAlipayLink(String(pay_url)), 'an order with a page is shown by its page alone', why)
  }
}

const KINDS: Readonly<Record<string, readonly string[]>> = {
  closed: ['paid_after_close'],
  withdrawn: ['paid_after_close'],
  replaced: ['paid_after_replacement'],
}

/** Once the payment must be known: a person has heard of each that came after a withdrawal. */
export function* judgeAlarms(records: Records, alerts: readonly Alert[]): Findings {
  const { pages, calls } = records
  for (const { out_trade_no, moment } of latePayments(pages)) {
    if (isLost(records, moment)) continue
    // Wanted again by a call that was under way when it was paid.
    const isWanted = calls.some(
      ({ tool, answer, args, began, ended }) =>
        tool === 'create_payment' &&
        [answer.out_trade_no, args.out_trade_no].includes(out_trade_no) &&
        began < moment &&
        (ended === 0 || ended > moment),
    )
    if (isWanted) continue
    const due = withdrawnAt(pages, out_trade_no, moment).flatMap(({ how }) => KINDS[how] ?? [])
    const fitting = [...due, ...(wasReplaced(pages, out_trade_no) ? ['paid_after_replacement'] : [])]
    const raised = alerts.filter((alert) => alert.out_trade_no === out_trade_no).map(({ kind }) => kind)
    const why = () => `${out_trade_no}: ${due.join()} is due, and there are ${raised.join() || 'none'}`
    yield must(
      // A replaced one was to be closed for that: one alert tells of both, also where it was replaced before it was told.
      due.length === 0 || fitting.some((kind) => raised.some((one) => one === kind)),
      'a late payment is alarmed',
      why,
    )
  }
}

function wasReplaced({ withdrawals }: PageRecords, out_trade_no: string): boolean {
  return withdrawals.some((one) => one.out_trade_no === out_trade_no && one.how === 'replaced')
}

export function latePayments(pages: PageRecords): readonly Payment[] {
  return pages.payments.filter(({ out_trade_no, moment }) => withdrawnAt(pages, out_trade_no, moment).length > 0)
}

/** How often somebody was pressing while a call was withdrawing the same order, and how often it fell into the press. */
export function racesOf({ pages, calls }: Records): { races: number; close: number } {
  const presses = pages.visits.filter(({ isPress, ended }) => isPress && ended > 0)
  const races = presses.filter((press) => calls.some((call) => isRacing(press, call)))
  const close = presses.filter(({ out_trade_no, began, ended }) =>
    pages.withdrawals.some((one) => one.out_trade_no === out_trade_no && one.from > began && one.from < ended),
  )
  return { races: races.length, close: close.length }
}

function isRacing({ out_trade_no, began, ended }: Visited, call: Ended): boolean {
  const withdrawn = call.tool === 'close_payment' ? call.order?.out_trade_no : call.args.replaces
  return withdrawn === out_trade_no && call.began < ended && (call.ended === 0 || call.ended > began)
}
