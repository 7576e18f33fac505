// Orders as the checkout page may have to show them, by name: one seller, one tin of tea, in each state and on each device.
import type { CheckoutState, CheckoutView, PressNotice, SaleView } from '../../src/checkout/checkout-view.ts'

/** Its host has 29 characters, and its token 22, as the longest have that fit into a code of version 4. */
export const ADDRESS = 'https://pay.shanyue-tea-house.example/p/3vQk8ZpT1xYbN5sJd0WfGA'
export const OWN_PATH = '/p/3vQk8ZpT1xYbN5sJd0WfGA'

export const PAYEE = {
  name: '杭州山月茶行',
  licence: '91330106MA2H00000X',
  contact: '0571-8800 0000',
  icp: '浙ICP备2026000000号-1',
}

const PHONE: CheckoutView = {
  state: 'open',
  device: 'phone',
  language: 'zh',
  environment: 'production',
  payee: {
    ...PAYEE,
    refund_policy: '未拆封 7 日内可退，运费由买家承担。',
  },
  subject: '明前龙井茶 2 盒（每盒 125 克）',
  body: '礼盒装，顺丰发货',
  total_amount: '1256.00',
  refunded_total: undefined,
  out_trade_no: '20261120100000123a1b2c3d4e5f60718',
  paid_at: undefined,
  time_expire: '2026-11-20 10:40:00',
  seconds_left: 1_771,
  address: ADDRESS,
  presses: { mobile: `${OWN_PATH}/mobile`, page: `${OWN_PATH}/page` },
  cashier_opened_at: undefined,
  watched: true,
  page_path: OWN_PATH,
  notice: undefined,
  state_path: `${OWN_PATH}/state`,
  state_key: 'open-1',
  refresh_in: 15,
}
const OPENED_AT = '2026-11-20 10:12:08'
const COMPUTER: CheckoutView = { ...PHONE, device: 'computer' }
export const ENGLISH: Partial<CheckoutView> = {
  language: 'en',
  payee: {
    name: 'Shanyue Tea House',
    licence: '91330106MA2H00000X',
    contact: 'hello@shanyue-tea.example',
    icp: '浙ICP备2026000000号-1',
    refund_policy: 'https://shanyue-tea.example/refunds',
  },
  subject: 'Longjing tea, 2 boxes of 125 g',
  body: 'Gift box, sent by SF Express',
}

const noticed = (notice: PressNotice, presses: CheckoutView['presses']): CheckoutView => ({
  ...PHONE,
  notice,
  presses,
  cashier_opened_at: OPENED_AT,
})
const ended = (state: CheckoutState, more: Partial<CheckoutView> = {}): CheckoutView => ({
  ...PHONE,
  state,
  presses: {},
  seconds_left: 0,
  refresh_in: undefined,
  state_key: state,
  ...more,
})
const PAID: Partial<CheckoutView> = { paid_at: '2026-11-20 10:13:27' }

/** Codes for a game, which the buyer may give back as long as they were not shown. */
const KEYS: Partial<CheckoutView> = {
  subject: '山月茶园 游戏激活码 ×2',
  body: '激活后永久有效',
  total_amount: '59.80',
  payee: { name: '杭州山月茶行', licence: '91330106MA2H00000X', contact: '0571-8800 0000' },
}
const SALE: SaleView = {
  terms: { deliver: 'codes', tip: false, refund: { policy: 'auto', minutes: 30, max_fen: 10_000 } },
  claim_code: 'K7QM3XWZ9PTR4NHV',
  isAskedBack: false,
}
const DELIVERED: SaleView = {
  ...SALE,
  delivery: {
    out_trade_no: PHONE.out_trade_no,
    ...{ given_at: Date.parse('2026-11-20T10:14:02+08:00'), given_by: 'page', confirmed: true, tries: 0 },
    codes: ['SHAN-YUE-8F2K-Q9TC', 'SHAN-YUE-3MWX-7DPL'],
  },
}

export const CHECKOUT_VIEWS = {
  'phone-open': PHONE,
  'phone-opened-before': { ...PHONE, cashier_opened_at: OPENED_AT },
  'phone-open-english': { ...PHONE, ...ENGLISH },
  'in-alipay': { ...PHONE, device: 'alipay' },
  'computer-open': COMPUTER,
  'computer-opened-before': { ...COMPUTER, cashier_opened_at: OPENED_AT },
  'computer-open-english': { ...COMPUTER, ...ENGLISH },
  'computer-loopback': {
    ...COMPUTER,
    environment: 'local',
    payee: { name: '测试商家' },
    body: undefined,
    address: `http://127.0.0.1:8421${OWN_PATH}`,
  },
  'computer-sandbox': { ...COMPUTER, environment: 'sandbox' },
  'no-press': { ...PHONE, presses: {} },
  'in-chat': { ...PHONE, device: 'in_chat', presses: {} },
  'in-chat-english': { ...PHONE, ...ENGLISH, device: 'in_chat', presses: {} },
  asking: noticed('asking', { page: `${OWN_PATH}/page` }),
  'not-known': noticed('not_known', { page: `${OWN_PATH}/page` }),
  'waits-elsewhere': noticed('waits_elsewhere', { page: `${OWN_PATH}/page` }),
  'too-late': ended('too_late', { seconds_left: 42, refresh_in: 15, cashier_opened_at: OPENED_AT }),
  'paid-before': ended('paid_before', { refresh_in: 10 }),
  'time-is-up': ended('time_is_up', { seconds_left: 0, refresh_in: 10 }),
  item: { ...PHONE, ...KEYS, sale: SALE },
  bought: ended('paid', { ...PAID, ...KEYS, sale: { ...SALE, show_path: `${OWN_PATH}/goods` } }),
  goods: ended('paid', { ...PAID, ...KEYS, sale: DELIVERED }),
  paid: ended('paid', PAID),
  'paid-english': ended('paid', { ...ENGLISH, ...PAID }),
  'part-refunded': ended('part_refunded', { ...PAID, refunded_total: '128.00' }),
  refunded: ended('refunded', { ...PAID, refunded_total: '1256.00' }),
  closed: ended('closed'),
  expired: ended('expired'),
  replaced: ended('replaced', { cashier_opened_at: OPENED_AT }),
  withdrawn: ended('withdrawn', { cashier_opened_at: OPENED_AT, refresh_in: 15 }),
  paused: ended('paused', { cashier_opened_at: OPENED_AT, refresh_in: 15 }),
  'other-amount': ended('other_amount'),
} as const satisfies Readonly<Record<string, CheckoutView>>

/** What can be read of it, without its styles, its script and what stands in attributes. */
export function readable(html: string): string {
  const text = html.replace(/<(style|script|title)\b[^>]*>[\s\S]*?<\/\1>/g, '').replace(/<[^>]+>/g, ' ')
  return text.replace(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code))).replace(/\s+/g, ' ')
}
