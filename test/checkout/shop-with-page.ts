// A shop whose orders have pages, and a buyer who comes to one with some device, without any socket between.
import { answerCheckout, type CheckoutSide } from '../../src/checkout/answer-checkout.ts'
import type { PageAnswer } from '../../src/checkout/page-answer.ts'
import { pagePathIn } from '../../src/checkout/short-link.ts'
import { NO_APPROVER } from '../../src/guard/call.ts'
import { Watcher } from '../../src/watcher/watcher.ts'
import { type Fields, type Shop, type ShopOptions, useShop } from '../shop.ts'

export const PAGES_AT = 'https://pay.example.com'

export const AGENTS = {
  computer: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36',
  phone: 'Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36',
  alipay: 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Mobile/15E148 AlipayClient/10.8.0',
  in_chat: 'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Mobile Safari/537.36 MicroMessenger/8.0.60',
} as const

export interface ShopWithPages extends Shop {
  create(more?: Fields): Promise<{ out_trade_no: string; pay_url: string }>
  /** What the page of that address, or a step of it, answers. */
  visit(
    address: string,
    more?: { method?: string; headers?: Fields; side?: Partial<CheckoutSide> },
  ): Promise<PageAnswer>
  /** The link of Alipay's that a press leads to; undefined where it leads to none. */
  press(pay_url: string, product?: 'page' | 'mobile'): Promise<string | undefined>
  /** One that runs so many milliseconds. */
  watch(ms?: number): Promise<void>
}

export function useShopWithPages(options: ShopOptions = {}): ShopWithPages {
  const pages = { at: PAGES_AT, proven: async () => ({ at: PAGES_AT }) }
  const shop = useShop({ pages, ...options }) as ShopWithPages
  const actor = () => ({ at: shop.clock.now(), owner: 'front', host: 'a front' })
  shop.create = async (more = {}) => {
    const { out_trade_no, pay_url } = await shop.call('create_payment', {
      subject: 'Tea 茶',
      total_amount: '9.90',
      ...more,
    })
    return { out_trade_no: String(out_trade_no), pay_url: String(pay_url) }
  }
  shop.visit = async (address, { method = 'GET', headers = {}, side } = {}) => {
    const path = pagePathIn(new URL(address).pathname)
    if (!path) throw new Error(`${address} is no page`)
    const ledger = await shop.ledger()
    const { environment = 'local' } = options
    const all = {
      at: PAGES_AT,
      environment,
      payee: { name: '茶铺' },
      clock: shop.clock,
      ledger,
      actor,
      say: () => {},
      ...side,
    }
    return answerCheckout(path, { method, headers: { 'user-agent': AGENTS.computer, ...headers } }, all)
  }
  shop.press = async (pay_url, product = 'page') => {
    const { location } = (await shop.visit(`${pay_url}/${product}`)).headers
    return location?.startsWith(shop.emulator.gateway) ? location : undefined
  }
  shop.watch = async (ms = 3_000) => {
    const { gateway, clock } = shop
    const rules = { environment: options.environment ?? 'local', readOnly: false, channels: [], limits: {} } as never
    const call = { gateway, clock, rules, ledger: async () => shop.ledger(), actor, approver: NO_APPROVER }
    const watcher = new Watcher(call, () => {})
    for (let left = ms; left > 0; ) {
      const pause = await watcher.step()
      await clock.sleep(pause)
      left -= pause
    }
  }
  return shop
}
