// What the checkout page says, in the buyer's language: never more than the state of the order says.
import { inLanguages } from '../language.ts'
import type { CheckoutState } from './checkout-view.ts'

export const wordsIn = inLanguages({
  local: { zh: '本地模拟，不动真钱', en: 'Local emulator, no real money' },
  sandbox: { zh: '支付宝沙箱，不动真钱', en: "Alipay's sandbox, no real money" },

  pay_to: { zh: '付款给', en: 'Pay to' },
  payee: { zh: '收款方', en: 'Payee' },
  seller: { zh: '商家', en: 'The seller' },
  item: { zh: '商品', en: 'Item' },
  amount: { zh: '金额', en: 'Amount' },
  asked: { zh: '应付金额', en: 'Amount due' },
  amount_paid: { zh: '付款金额', en: 'Amount paid' },
  until: { zh: '付款截止', en: 'Pay before' },
  beijing: { zh: '北京时间', en: 'Beijing time' },
  before_left: { zh: '，还剩 ', en: ', ' },
  behind_left: { zh: '', en: ' left' },
  order: { zh: '订单号', en: 'Order number' },
  paid_at: { zh: '付款时间', en: 'Paid at' },
  units: { zh: '天,小时,分钟,秒', en: 'd,h,min,s' },
  under_a_minute: { zh: '不到 1 分钟', en: 'less than a minute' },

  open_alipay: { zh: '打开支付宝付款', en: 'Pay with Alipay' },
  pay_with_alipay: { zh: '用支付宝付款', en: 'Pay with Alipay' },
  on_computer: { zh: '在本机打开支付宝收银台', en: "Opens Alipay's cashier on this computer" },
  go_on: { zh: '回到支付宝继续付款', en: 'Go on at Alipay' },
  no_press: {
    zh: '现在不能从本页打开收银台。请稍后再试，或联系商家。',
    en: 'This page cannot open a cashier just now. Try again later, or ask the seller.',
  },
  scan: { zh: '用手机扫码付款', en: 'Or scan with your phone' },
  scan_with: { zh: '支付宝、相机都可以', en: 'With Alipay or the camera' },
  code: { zh: '二维码：本页的付款链接', en: 'QR code: the link of this page' },
  this_computer: {
    zh: '这个链接只能在本机打开，所以没有二维码。',
    en: 'This link opens on this computer only, so there is no code to scan.',
  },
  already_opened: {
    zh: (time: string) => `${time} 已打开过支付宝收银台。如果正在那里付款，请继续。`,
    en: (time: string) => `Alipay's cashier was opened at ${time}. If you are paying there, carry on.`,
  },

  in_chat: { zh: '请在浏览器中打开本页', en: 'Open this page in your browser' },
  in_chat_why: { zh: '微信和 QQ 里打不开支付宝。', en: 'WeChat and QQ do not open Alipay.' },
  in_chat_menu: { zh: '点右上角 ···', en: 'Tap ··· at the top right' },
  in_chat_choose: { zh: '选择「在浏览器打开」', en: 'Choose “Open in browser”' },
  in_chat_copy: {
    zh: '也可以复制链接，粘贴到浏览器打开：',
    en: 'Or copy the link and paste it into your browser:',
  },
  copy: { zh: '复制链接', en: 'Copy the link' },
  copied: { zh: '已复制', en: 'Copied' },
  selected: { zh: '已选中，请手动复制', en: 'Selected: copy it by hand' },

  asking: { zh: '正在向支付宝确认…', en: 'Checking with Alipay…' },
  asking_more: { zh: '请稍候，本页会自动更新。', en: 'One moment: this page updates by itself.' },
  reload: { zh: '没有变化？重新载入', en: 'Nothing happens? Load again' },
  not_known: { zh: '另一个收银台已经打开过', en: 'Another cashier was opened before' },
  not_known_more: {
    zh: (time: string | undefined) =>
      `${time === undefined ? '此前' : `${time} `}从这里打开过支付宝的另一个收银台，目前不清楚订单是否正在那里等待付款。请回到那里付款，或向商家要新的付款链接。`,
    en: (time: string | undefined) =>
      `${time === undefined ? "Another cashier of Alipay's was opened from here." : `Another cashier of Alipay's was opened from here at ${time}.`} It is not known just now whether the order waits there. Go on there, or ask the seller for a new link.`,
  },
  waits_elsewhere: { zh: '订单正在支付宝等待付款', en: 'This order is waiting at Alipay' },
  waits_elsewhere_more: {
    zh: '请用打开收银台时的同一个支付宝账号，在支付宝 App 里完成付款；或向商家要新的付款链接。',
    en: 'Finish in the Alipay app with the same account, or ask the seller for a new link.',
  },
  updates: { zh: '付款后本页会自动更新。', en: 'This page updates by itself after the payment.' },
  ask_seller: { zh: '付款后请告诉商家。', en: 'After the payment tell the seller.' },

  cashier_do_not_pay: {
    zh: (opened: string, until: string) =>
      `${opened} 打开的支付宝收银台，在 ${until} 之前仍然可以付款。请不要在那里付款。`,
    en: (opened: string, until: string) =>
      `A cashier opened at ${opened} can still be paid until ${until}. Please do not pay there.`,
  },
  cashier_ask_first: {
    zh: (opened: string, until: string) =>
      `${opened} 打开的支付宝收银台，在 ${until} 之前仍然可以付款。付款前请先联系商家。`,
    en: (opened: string, until: string) =>
      `A cashier opened at ${opened} can still be paid until ${until}. Ask the seller before you pay there.`,
  },
  cashier_can_be_paid: {
    zh: (opened: string, until: string) => `${opened} 打开的支付宝收银台，在 ${until} 之前仍然可以付款。`,
    en: (opened: string, until: string) => `A cashier opened at ${opened} can still be paid until ${until}.`,
  },

  safety: {
    zh: '安全提示：请核对收款方和商品，只为自己清楚的东西付款。',
    en: 'Safety: check the payee and the item, and pay only for what you know.',
  },
  licence: { zh: '营业执照', en: 'Licence' },
  contact: { zh: '联系方式', en: 'Contact' },
  refund_policy: { zh: '退款说明', en: 'Refund policy' },
  stop: { zh: '：', en: ': ' },

  missing: { zh: '这里没有这个付款链接', en: 'This payment link is not known here' },
  missing_more: {
    zh: '请核对链接是否完整，或向商家要新的付款链接。',
    en: 'Check that the link is complete, or ask the seller for a new one.',
  },
  busy: { zh: '错误的链接太多，请稍后再试', en: 'Too many wrong links' },
  busy_more: {
    zh: '您的网络打开了太多不存在的链接。请过几分钟再打开商家给您的链接。',
    en: 'Your network has opened too many links that do not exist. Wait a few minutes, then open the link of the seller again.',
  },
  trouble: { zh: '页面暂时打不开', en: 'This page cannot be shown just now' },
  trouble_more: {
    zh: '请过一分钟再试。打开本页没有产生付款。',
    en: 'Try again in a minute. Opening this page has paid nothing.',
  },
})

interface Heading {
  heading: string
  more: string
}
type Ended = Exclude<CheckoutState, 'open'>

const NEW_LINK_ZH = '如仍需付款，请向商家要新的付款链接。'
const NEW_LINK_EN = 'If you still want to pay, ask the seller for a new link.'

export const ENDED: Readonly<Record<'zh' | 'en', Readonly<Record<Ended, Heading>>>> = {
  zh: {
    too_late: { heading: '付款时间即将截止', more: `剩余不到一分钟，本页不再打开收银台。${NEW_LINK_ZH}` },
    time_is_up: { heading: '付款时间已过', more: '最后时刻的付款可能稍后才显示。' },
    paid: { heading: '已付款', more: '可以关闭本页了。' },
    part_refunded: { heading: '已部分退款', more: '退款何时到账，请看支付宝账单。' },
    refunded: { heading: '已全额退款', more: '退款何时到账，请看支付宝账单。' },
    closed: { heading: '订单已关闭', more: `这笔订单不能再付款。${NEW_LINK_ZH}` },
    expired: { heading: '已超过付款时间', more: `这笔订单不能再付款。${NEW_LINK_ZH}` },
    replaced: { heading: '价格或订单内容已变更', more: '请向商家要新的付款链接。' },
    withdrawn: { heading: '商家已撤回这笔收款', more: '本页不再提供付款。如有疑问，请联系商家。' },
    paid_before: { heading: '旧的付款链接已付过款', more: '请不要再付款。如有差额，请联系商家。' },
    paused: { heading: '商家暂停收款', more: '现在不能从本页付款。请稍后再试，或联系商家。' },
    other_amount: { heading: '金额与订单不符', more: '支付宝里这个订单号是另一个金额。请联系商家，不要付款。' },
  },
  en: {
    too_late: { heading: 'Less than a minute is left', more: `This page opens no cashier any more. ${NEW_LINK_EN}` },
    time_is_up: {
      heading: 'The time to pay is over',
      more: 'A payment of the last minute may still show.',
    },
    paid: { heading: 'Paid', more: 'You can close this page.' },
    part_refunded: { heading: 'Partly refunded', more: 'Your Alipay bill shows when the refund arrives.' },
    refunded: { heading: 'Fully refunded', more: 'Your Alipay bill shows when the refund arrives.' },
    closed: { heading: 'This order is closed', more: `Nobody can pay it any more. ${NEW_LINK_EN}` },
    expired: { heading: 'The time to pay is over', more: `Nobody can pay it any more. ${NEW_LINK_EN}` },
    replaced: { heading: 'The price or the order has changed', more: 'Ask the seller for the new link.' },
    withdrawn: {
      heading: 'The seller has withdrawn this payment',
      more: 'This page offers it no more. If you have questions, ask the seller.',
    },
    paid_before: {
      heading: 'The earlier link was paid',
      more: 'Do not pay again. If the price has changed, ask the seller.',
    },
    paused: {
      heading: 'The seller takes no payments just now',
      more: 'You cannot pay from this page at the moment. Try again later, or ask the seller.',
    },
    other_amount: {
      heading: 'The amount is another one',
      more: 'Alipay has another amount under this order number. Ask the seller, and do not pay.',
    },
  },
}
