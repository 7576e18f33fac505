// The story of two years: five subscribers, a price that changes, each trouble once, each way to cancel, and Alipay's books in the end.
import { expect } from 'vitest'
import type { Fields } from '../../e2e/hosts.ts'
import { ShopKeeper } from './shop-keeper.ts'
import { type BookedAgreement, cancelOnPage, dayAfter, press, type Stage } from './stage.ts'
import { firstDay, type Subscriber, type Trouble } from './subscriber.ts'

/** @param hook the address that announces */
export const plansAt = (hook: string, letter = '15.00'): readonly Fields[] => {
  const announce = { url: hook }
  return [
    { id: 'letter', subject: 'A letter a month', price: letter, period: { months: 1 }, trial_days: 14, announce },
    { id: 'letter_2', subject: 'A letter a month', price: '18.00', period: { months: 1 }, trial_days: 14, announce },
    { id: 'weekly', subject: 'A weekly letter', price: '6.00', period: { days: 7 }, announce },
    { id: 'tips', subject: 'Tips', price: '2.50', period: { days: 7 }, announce: 'own' },
  ]
}

const PLANS = {
  letter: { price: '15.00', months: 1, trial_days: 14, hooked: true },
  letter_2: { price: '18.00', months: 1, trial_days: 14, hooked: true },
  weekly: { price: '6.00', days: 7, hooked: true },
  tips: { price: '2.50', days: 7, hooked: false },
} as const

export async function twoYears(stage: Stage, hook: string): Promise<void> {
  stage.sell(plansAt(hook))
  const keeper = new ShopKeeper(stage)
  await keeper.open()
  const begun = keeper.today
  const year = (count: number, days = 0) => dayAfter(begun, 365 * count + days)

  const weekly = await sign(keeper, undefined, 'weekly', 'buyer1', WEEKLY_TROUBLES)
  const ada = await sign(keeper, 'ada', 'letter', 'buyer1', LETTER_TROUBLES)
  const cyd = await sign(keeper, 'cyd', 'weekly', 'buyer2')
  const dan = await sign(keeper, undefined, 'letter', 'buyer2')
  const eve = await sign(keeper, undefined, 'tips', 'buyer2')

  await keeper.goOnUntil(dayAfter(begun, 80))
  expect(await cancel(keeper, cyd, 'ada')).toMatchObject({ isError: true })
  expect(await cancel(keeper, cyd)).toMatchObject({ state: 'ended' })
  await keeper.goOnUntil(dayAfter(begun, 120))
  await endInAlipay(keeper, eve)
  await keeper.goOnUntil(dayAfter(begun, 150))
  await endOnPage(keeper, dan)

  await keeper.goOnUntil(year(1))
  // The price of the plan, not of whoever has signed.
  stage.sell(plansAt(hook, '18.00'))
  await keeper.goOnUntil(year(1, 40))
  expect(ada.paid.at(-1)).toStrictEqual([expect.any(String), '15.00'])
  const dearer = await sign(keeper, 'ada', 'letter_2', 'buyer1')
  expect(await cancel(keeper, ada)).toMatchObject({ state: 'ended' })

  await keeper.goOnUntil(year(2))
  await endOnPage(keeper, weekly)
  await endUnheard(keeper, dearer)
  await keeper.goOnUntil(year(2, 60))
  for (const one of keeper.all) expect(await keeper.charge(one)).toMatchObject({ isError: true, moved: 'no' })
  await checkBooks(keeper)
}

/** By how many charges were made before. */
const WEEKLY_TROUBLES = new Map<number, Trouble>([
  [3, 'refused'],
  [6, 'lost'],
  [9, 'late'],
  [12, 'missed'],
  [15, 'in_process'],
])
const LETTER_TROUBLES = new Map<number, Trouble>([
  [2, 'refused'],
  [4, 'lost'],
  [6, 'late'],
])

async function sign(
  keeper: ShopKeeper,
  who: string | undefined,
  plan: keyof typeof PLANS,
  account: string,
  troubles: ReadonlyMap<number, Trouble> = new Map(),
): Promise<Subscriber> {
  const { stage } = keeper
  const { hooked, price, ...period } = PLANS[plan]
  const offered = await stage.ask(who, 'create_subscription', { plan })
  expect(offered).toMatchObject({ state: 'offered', price })
  const number = String(offered.external_agreement_no)
  const sign_url = await press(offered.sign_url)
  await stage.control('agreements/sign', { sign_url, account })
  await stage.watch(async () => (await keeper.listed('live')).includes(number))
  const planned = firstDay(keeper.today, period)
  const view = await stage.ask(who, 'query_subscription', { external_agreement_no: number })
  expect(view).toMatchObject({ state: 'live', planned_day: planned })
  const made: Subscriber = {
    ...{ number, sign_url: String(offered.sign_url), who, plan, price, hooked, planned, troubles },
    ...{ trial: 'trial_days' in period, paid: [], announced: new Map(), failed: 0, ended: false },
    ...('months' in period ? { months: period.months } : { days: period.days }),
  }
  keeper.all.push(made)
  return made
}

const cancel = async (keeper: ShopKeeper, one: Subscriber, who = one.who) => {
  const cancelled = await keeper.stage.ask(who, 'cancel_subscription', { external_agreement_no: one.number })
  one.ended ||= cancelled.isError === undefined
  return cancelled
}

const isEnded = (keeper: ShopKeeper, { number }: Subscriber) =>
  keeper.stage.watch(async () => (await keeper.listed('ended')).includes(number))

async function endOnPage(keeper: ShopKeeper, one: Subscriber): Promise<void> {
  await cancelOnPage(one.sign_url)
  one.ended = true
  expect(await keeper.charge(one)).toMatchObject({ isError: true, moved: 'no' })
  // Alipay was just asked for the charge: the watcher asks a minute later.
  await keeper.later(120_000)
  await isEnded(keeper, one)
}

/** Alipay tells the app's gateway address. */
async function endInAlipay(keeper: ShopKeeper, one: Subscriber): Promise<void> {
  await keeper.stage.control('agreements/unsign', { external_agreement_no: one.number })
  one.ended = true
  await isEnded(keeper, one)
}

/** Nobody tells: it is heard when Alipay is asked before the charge. */
async function endUnheard(keeper: ShopKeeper, one: Subscriber): Promise<void> {
  await keeper.stage.control('app', { gateway_url: null })
  await keeper.stage.control('agreements/unsign', { external_agreement_no: one.number })
  one.ended = true
  expect(await keeper.charge(one)).toMatchObject({ isError: true, moved: 'no' })
  expect(await keeper.listed('ended')).toContain(one.number)
}

async function checkBooks({ stage, all }: ShopKeeper): Promise<void> {
  const { agreements, paid } = await stage.books()
  expect(agreements).toHaveLength(all.length)
  for (const one of all) {
    const booked = agreements.find(({ external_agreement_no }) => external_agreement_no === one.number)
    expect(booked?.in_force).toBe(false)
    expect(paidOf(booked)).toStrictEqual(one.paid)
    const made = booked?.charges.length ?? 0
    expect(made - one.paid.length).toBeLessThanOrEqual(one.failed)
    expect(new Set(one.paid.map(([day]) => day)).size).toBe(one.paid.length)
    checkNotice(one, booked)
  }
  const fen = all
    .flatMap(({ paid: made }) => made)
    .reduce((sum, [, amount]) => sum + Math.round(Number(amount) * 100), 0)
  expect(paid).toBe((fen / 100).toFixed(2))
}

/** A trade is finished a year after it was paid. */
const paidOf = (booked: BookedAgreement | undefined) =>
  booked?.charges
    .filter(({ trade_status }) => trade_status === 'TRADE_SUCCESS' || trade_status === 'TRADE_FINISHED')
    .map(({ planned_day, total_amount }) => [planned_day, total_amount])

/** Of what Alipay was asked to charge: within its days, and five full days after its announcement. */
function checkNotice({ announced, paid, hooked, trial }: Subscriber, booked: BookedAgreement | undefined): void {
  for (const { at, planned_day } of booked?.attempts ?? []) {
    const day = at.slice(0, 10)
    expect(day >= dayAfter(planned_day, -3) && day <= planned_day).toBe(true)
    const isFirst = planned_day === paid[0]?.[0] && !trial
    if (hooked && !isFirst) expect(day >= dayAfter(announced.get(planned_day) ?? '9999-01-01', 6)).toBe(true)
  }
}
