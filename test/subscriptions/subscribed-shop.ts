// A shop with plans for tests: offers, buyers who sign and leave, and a clock that is moved from day to day.
import { beforeAll, expect } from 'vitest'
import { fromBeijingTime } from '../../src/clock.ts'
import { NO_APPROVER } from '../../src/guard/call.ts'
import type { ShopSettings } from '../../src/settings/role.ts'
import type { ShopCall } from '../../src/shop/buyer.ts'
import { SubscriptionWatch } from '../../src/subscriptions/subscription-watch.ts'
import { itemsFolder } from '../buyer/items.ts'
import { type ShopWithPages, useShopWithPages } from '../checkout/shop-with-page.ts'
import type { Fields, ShopOptions } from '../shop.ts'

export const NEWS = { id: 'news', subject: 'A letter a month', price: '15.00', period: { months: 1 }, announce: 'own' }
export const WEEKLY = { id: 'weekly', subject: 'A weekly letter', price: '6.00', period: { days: 7 }, announce: 'own' }

export interface SubscribedShop extends ShopWithPages {
  subscribe(plan?: string, buyer?: unknown): Promise<string>
  /** The link that a press on its page reveals. */
  signLink(external_agreement_no: string): Promise<string>
  /** Offered, opened, signed and heard of. */
  signed(plan?: string, account?: string): Promise<string>
  query(external_agreement_no: string): Promise<Fields>
  charge(external_agreement_no: string): Promise<Fields>
  agreements(): Promise<readonly Agreement[]>
  /** What Alipay has taken, in its own books. */
  charged(external_agreement_no: string): Promise<readonly string[]>
  /** Moves the clock to that Beijing time. */
  until(time: string): Promise<void>
  watchAgreements(steps?: number): Promise<readonly string[]>
  /** As a command of the merchant's makes it. */
  commandCall(): ShopCall
}

interface Agreement {
  external_agreement_no: string
  planned_day: string
  in_force: boolean
  charges: { out_trade_no: string; trade_status: string; planned_day: string }[]
}

/** @param plans asked for when the tests begin: one may name a port */
export function useSubscribedShop(
  plans: () => readonly Fields[] = () => [NEWS, WEEKLY],
  settings: Partial<ShopSettings> = {},
  options: ShopOptions = {},
): SubscribedShop {
  const folder = itemsFolder()
  beforeAll(() => folder.writeAll({ items: [], plans: plans() }))
  const sells = { itemsFile: folder.itemsFile, settings }
  const shop = useShopWithPages({ subscriptions: true, ...options, sells }) as SubscribedShop
  shop.subscribe = async (plan = 'news', buyer) => {
    const made = await shop.callAs(buyer, 'create_subscription', { plan })
    expect(made).toMatchObject({ state: 'offered', sign_url: expect.stringMatching(/\/s\/\w{22}$/) })
    return String(made.external_agreement_no)
  }
  shop.signLink = async (external_agreement_no) => {
    const ledger = await shop.ledger()
    const { token = '' } = (await ledger.subscription({ external_agreement_no })) ?? {}
    const pressed = await ledger.pressSign(token, 'page', { at: shop.clock.now(), owner: 'front', host: 'a front' })
    if (pressed.outcome !== 'go') throw new Error(pressed.outcome)
    return pressed.link
  }
  shop.signed = async (plan = 'news', account = 'buyer1') => {
    const number = await shop.subscribe(plan)
    await shop.control('agreements/sign', { sign_url: await shop.signLink(number), account })
    expect(await shop.query(number)).toMatchObject({ state: 'live' })
    return number
  }
  shop.query = (external_agreement_no) => shop.call('query_subscription', { external_agreement_no })
  shop.charge = (external_agreement_no) => shop.call('charge_subscription', { external_agreement_no })
  shop.agreements = async () => {
    const answer = await fetch(`${shop.emulator.control_url}/agreements`)
    return ((await answer.json()) as { agreements: Agreement[] }).agreements
  }
  shop.charged = async (number) => {
    const one = (await shop.agreements()).find(({ external_agreement_no }) => external_agreement_no === number)
    const paid = one?.charges.filter(({ trade_status }) => trade_status === 'TRADE_SUCCESS') ?? []
    return paid.map(({ planned_day }) => planned_day)
  }
  shop.until = async (time) => {
    const at = fromBeijingTime(time.length === 10 ? `${time} 10:00:00` : time)
    await shop.clock.sleep(at - shop.clock.now())
  }
  shop.watchAgreements = async (steps = 6) => {
    const said: string[] = []
    const watch = new SubscriptionWatch(shop.commandCall(), ({ en }) => said.push(en))
    for (let step = 0; step < steps; step++) await shop.clock.sleep(await watch.step())
    return said
  }
  shop.commandCall = () => ({
    ...{ gateway: shop.gateway, clock: shop.clock, approver: NO_APPROVER, role: 'merchant' },
    rules: { environment: 'local', readOnly: false, channels: [], limits: { callsPerMinute: 0 } },
    actor: () => ({ at: shop.clock.now(), owner: 'command', host: 'a terminal' }),
    ledger: () => shop.ledger(),
  })
  return shop
}
