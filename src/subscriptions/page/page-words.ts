// What the page of a subscription says, in the subscriber's language: never more than the ledger knows.
import { inLanguages } from '../../language.ts'
import type { CancelledBy } from '../../ledger/ledger.ts'
import type { PageState } from './page-view.ts'

export const wordsIn = inLanguages({
  subscribe_to: { zh: '自动续费订阅，收款方', en: 'Subscription, renewed automatically, by' },
  renewed: {
    zh: (period: string) => `${period}，自动续费`,
    en: (period: string) => `${period}, renewed automatically`,
  },
  item: { zh: '订阅内容', en: 'Subscription' },
  price: { zh: '价格', en: 'Price' },
  trial: { zh: '免费试用', en: 'Free trial' },
  trial_days: { zh: (days: number) => `前 ${days} 天`, en: (days: number) => `the first ${days} days` },
  first_charge: { zh: '首次扣款', en: 'First charge' },
  next_charge: { zh: '下次扣款', en: 'Next charge' },
  early: {
    zh: (day: string) => `计划日期，最早 ${day} 扣款`,
    en: (day: string) => `as planned; at the earliest on ${day}`,
  },
  after_signing: { zh: '计划日期，签约后即可扣款', en: 'as planned; it may come right after you sign' },
  from_now: { zh: '计划日期，现在起即可扣款', en: 'as planned; it may come from now on' },
  count: { zh: '期数', en: 'Charges' },
  until_cancelled: { zh: '直到您取消', en: 'until you cancel' },
  at_most: { zh: (count: number) => `最多 ${count} 期`, en: (count: number) => `${count} at most` },
  paid: { zh: '已扣款', en: 'Charged so far' },
  paid_count: {
    zh: (paid: number, all: number | undefined) => (all === undefined ? `${paid} 期` : `${paid} 期，共 ${all} 期`),
    en: (paid: number, all: number | undefined) =>
      all === undefined ? `${paid} ${paid === 1 ? 'time' : 'times'}` : `${paid} of ${all} times`,
  },
  ceiling: { zh: '单次上限', en: 'Limit of one charge' },
  ceiling_more: { zh: '签约时支付宝显示这个上限', en: 'Alipay shows this limit when you sign' },
  sign_before: { zh: '签约截止', en: 'Sign before' },
  signed_at: { zh: '签约时间', en: 'Signed at' },
  ended_at: { zh: '结束时间', en: 'Ended at' },
  cancelled_at: { zh: '取消时间', en: 'Cancelled at' },
  number: { zh: '订阅号', en: 'Subscription number' },

  agree: {
    zh: '自动续费：每期由支付宝自动扣款，直到您取消。每次续费前至少 5 天，商家会通知您。您可以随时在本页取消，取消后不再扣款。',
    en: 'This renews automatically: Alipay charges you each period until you cancel. The seller announces each renewal at least 5 days before. You can cancel on this page at any time, and nothing is charged after that.',
  },
  sign: { zh: '打开支付宝签约', en: 'Sign in Alipay' },
  sign_on: { zh: '回到支付宝继续签约', en: 'Go on in Alipay' },
  signing_is_free: { zh: '签约本身不扣款。', en: 'The signature itself charges nothing.' },
  updates: { zh: '签约后本页会自动更新。', en: 'This page updates by itself after you sign.' },
  ask_seller: { zh: '签约后请告诉商家。', en: 'Tell the seller after you sign.' },
  opened_before: {
    zh: (time: string) => `${time} 已打开过支付宝。如果正在那里签约，请继续。`,
    en: (time: string) => `Alipay was opened at ${time}. If you are signing there, carry on.`,
  },
  scan: { zh: '用手机扫码签约', en: 'Scan with your phone to sign' },
  code: { zh: '二维码：本页的链接', en: 'QR code: the link of this page' },
  on_phone: { zh: '请在手机上打开本页签约。', en: 'Open this page on your phone to sign.' },

  back: { zh: '正在向支付宝确认…', en: 'Being confirmed with Alipay…' },
  back_more: { zh: '请稍候，本页会自动更新。', en: 'One moment: this page updates by itself.' },
  reload: { zh: '没有变化？重新载入', en: 'Nothing happens? Load again' },

  cancel: { zh: '取消订阅', en: 'Cancel the subscription' },
  signed_already: { zh: '已经签约，又想取消？', en: 'Signed already, and want to cancel?' },
  bearer: {
    zh: '拿到本页链接的人都能取消这个订阅，请不要转发。',
    en: 'Whoever has the link of this page can cancel the subscription. Do not pass it on.',
  },
  really: { zh: '要取消这个订阅吗？', en: 'Cancel this subscription?' },
  really_more: {
    zh: '取消后不再扣款。已付的款项不受影响。',
    en: 'Nothing more is charged. What was paid stays paid.',
  },
  yes: { zh: '确认取消', en: 'Yes, cancel it' },
  no: { zh: '不取消', en: 'No, keep it' },
  on_the_way: {
    zh: (amount: string) => `取消前已有一笔 ${amount} 的扣款正在处理。如果扣款成功，您可以请商家退款。`,
    en: (amount: string) =>
      `A charge of ${amount} was on its way before the cancellation. If it succeeds, you can ask the seller for a refund.`,
  },

  missing: { zh: '这里没有这个订阅链接', en: 'This link of a subscription is not known here' },
  missing_more: {
    zh: '请核对链接是否完整，或向商家询问。也可以在支付宝 App 里查看和关闭自动扣款。',
    en: 'Check that the link is complete, or ask the seller. The Alipay app also lists automatic charges, and ends them.',
  },
  trouble: { zh: '页面暂时打不开', en: 'This page cannot be shown just now' },
  trouble_more: {
    zh: '请过一分钟再试。如果您正要取消订阅，还没有取消；也可以在支付宝 App 里关闭自动扣款。',
    en: 'Try again in a minute. If you were cancelling, it is not cancelled yet; the Alipay app also ends automatic charges.',
  },
})

interface Heading {
  heading: string
  more: string
}
type Standing = Exclude<PageState, 'offered' | 'signing'>

export const STANDING: Readonly<Record<'zh' | 'en', Readonly<Record<Standing, Heading>>>> = {
  zh: {
    paused: { heading: '商家暂停签约', more: '现在不能签约。请稍后再试，或联系商家。' },
    live: { heading: '订阅生效中', more: '到期自动续费，您可以随时取消。' },
    on_hold: { heading: '订阅已暂停', more: '支付宝显示协议已暂停，恢复之前不会扣款。您可以随时取消。' },
    cancelling: { heading: '已取消，不再扣款', more: '支付宝还没有确认解约，您不需要做什么。' },
    ended: { heading: '订阅已结束', more: '此后不再扣款。已付的款项不受影响。' },
    over: { heading: '已超过签约时间', more: '如果签约晚了，会自动解约，不会扣款。如仍需订阅，请向商家要新的链接。' },
    withdrawn: { heading: '这个订阅不再提供', more: '如果已经在支付宝签约，会自动解约，不会扣款。' },
  },
  en: {
    paused: {
      heading: 'The seller takes no signatures just now',
      more: 'You cannot sign at the moment. Try again later, or ask the seller.',
    },
    live: { heading: 'Your subscription is active', more: 'It renews automatically, and you can cancel at any time.' },
    on_hold: {
      heading: 'Your subscription is paused',
      more: 'Alipay has paused it, and nothing is charged until it goes on. You can cancel at any time.',
    },
    cancelling: {
      heading: 'Cancelled: nothing more is charged',
      more: 'Alipay has not confirmed the end yet. You need not do anything.',
    },
    ended: { heading: 'This subscription has ended', more: 'Nothing more is charged. What was paid stays paid.' },
    over: {
      heading: 'The time to sign is over',
      more: 'A late signature is undone, and nothing is charged. If you still want the subscription, ask the seller for a new link.',
    },
    withdrawn: {
      heading: 'This subscription is offered no more',
      more: 'If you have signed it in Alipay, the signature is undone, and nothing is charged.',
    },
  },
}

export const CANCELLED_BY: Readonly<Record<'zh' | 'en', Readonly<Record<CancelledBy, string>>>> = {
  zh: {
    chat: '在对话中取消',
    page: '在本页取消',
    operator: '由商家取消',
    wallet: '在支付宝中关闭',
    undue: '签约已超过期限，或与另一个生效中的订阅重复',
  },
  en: {
    chat: 'in the chat',
    page: 'on this page',
    operator: 'by the seller',
    wallet: 'in Alipay',
    undue: 'signed too late, or beside another active subscription',
  },
}
