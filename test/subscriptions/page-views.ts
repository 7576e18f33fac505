// Subscriptions as their page may have to show them, by name: one seller, one letter a month, in each state and on each device.

import type { SubscriptionPageView } from '../../src/subscriptions/page/page-view.ts'
import { PAYEE } from '../checkout/checkout-views.ts'

/** As long as the longest that fit into a code of version 4. */
export const ADDRESS = 'https://pay.shanyue-tea-house.example/s/3vQk8ZpT1xYbN5sJd0WfGA'
const OWN_PATH = '/s/3vQk8ZpT1xYbN5sJd0WfGA'

const PHONE: SubscriptionPageView = {
  state: 'offered',
  device: 'phone',
  language: 'zh',
  environment: 'production',
  payee: {
    ...PAYEE,
    refund_policy: '未开始的一期可退。',
  },
  external_agreement_no: '20261120100000a1b2c3d4e5f6071829',
  terms: {
    ...{ plan: 'tea', subject: '每月一茶：当季新茶一盒', price_fen: 12_800, period_type: 'MONTH', period: 1 },
    ...{ ceiling_fen: 15_000, payments: 12, trial_days: 30, announce: 'own' },
  },
  next: { day: '2026-12-20', earliest: '2026-12-18' },
  paid: 0,
  offer_until: '2026-11-20 10:30:00',
  seconds_left: 1_771,
  state_key: 'offered/2026-12-20/0/-',
  address: ADDRESS,
  sign_path: `${OWN_PATH}/mobile`,
  cancel_path: `${OWN_PATH}/cancel`,
  page_path: OWN_PATH,
  state_path: `${OWN_PATH}/state`,
  watched: true,
  is_back: false,
}
const ENGLISH: Partial<SubscriptionPageView> = {
  language: 'en',
  payee: {
    name: 'Shanyue Tea House',
    licence: '91330106MA2H00000X',
    contact: 'hello@shanyue-tea.example',
    icp: '浙ICP备2026000000号-1',
    refund_policy: 'https://shanyue-tea.example/refunds',
  },
  terms: { ...PHONE.terms, subject: 'A tea a month: one box of what is fresh' },
}
const OPENED: Partial<SubscriptionPageView> = { state: 'signing', opened_at: '2026-11-20 10:02' }
const COMPUTER: SubscriptionPageView = { ...PHONE, device: 'computer', sign_path: undefined }
const LIVE: SubscriptionPageView = {
  ...{ ...PHONE, state: 'live', paid: 2, opened_at: '2026-11-20 10:02', signed_at: '2026-11-20 10:03' },
  next: { day: '2027-02-20', earliest: '2027-02-18' },
  sign_path: undefined,
}
const CANCELLED: Partial<SubscriptionPageView> = {
  ...{ next: undefined, cancelled: { by: 'page', at: '2027-01-22 09:12' } },
}

export const SUBSCRIPTION_VIEWS = {
  'phone-offered': PHONE,
  'phone-offered-english': { ...PHONE, ...ENGLISH },
  'phone-signing': { ...PHONE, ...OPENED },
  'computer-offered': COMPUTER,
  'computer-signing-english': { ...COMPUTER, ...ENGLISH, ...OPENED },
  'computer-loopback': {
    ...{ ...PHONE, device: 'computer', environment: 'local', sign_path: `${OWN_PATH}/page` },
    ...{ payee: { name: '测试商家' }, address: `http://127.0.0.1:8421${OWN_PATH}` },
  },
  'in-chat': { ...PHONE, device: 'in_chat', sign_path: undefined },
  'without-trial': {
    ...{ ...PHONE, next: { day: '2026-11-21' }, watched: false },
    terms: {
      ...{ plan: 'news', subject: '茶讯周报', price_fen: 600, period_type: 'DAY', period: 7 },
      ...{ ceiling_fen: 600, announce: 'own' },
    },
  },
  back: { ...PHONE, ...OPENED, is_back: true },
  live: LIVE,
  'live-english': { ...LIVE, ...ENGLISH },
  cancelling: { ...LIVE, ...CANCELLED, state: 'cancelling', on_the_way_fen: 12_800 },
  ended: { ...LIVE, ...CANCELLED, state: 'ended', ended_at: '2027-01-22 09:13' },
  'ended-english': {
    ...{ ...LIVE, ...ENGLISH, state: 'ended', next: undefined, ended_at: '2027-01-22 09:12' },
    cancelled: { by: 'wallet', at: '2027-01-22 09:12' },
  },
  over: { ...PHONE, ...OPENED, state: 'over', next: undefined, sign_path: undefined },
  withdrawn: { ...PHONE, ...CANCELLED, state: 'withdrawn', sign_path: undefined },
  paused: { ...PHONE, state: 'paused', sign_path: undefined },
} as const satisfies Readonly<Record<string, SubscriptionPageView>>
