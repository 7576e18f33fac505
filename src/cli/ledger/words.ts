// The words of the ledger at a terminal, in both languages: headings, states, and what the sums are.
import { inLanguages, type Language } from '../../language.ts'

const MEANINGS: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  waiting: ['waiting', '待付款'],
  paid: ['paid', '已付款'],
  part_refunded: ['part refunded', '部分退款'],
  refunded: ['refunded', '已全额退款'],
  closed: ['closed', '已关闭'],
  alarm: ['wrong amount', '金额不符'],
  undelivered: ['paid, not delivered', '已付款未交付'],
  prepared: ['not sent yet', '未发送'],
  sent: ['being sent', '发送中'],
  unknown: ['unknown', '结果未知'],
  done: ['done', '已退款'],
  refused: ['refused', '被支付宝拒绝'],
  not_executed: ['not executed', '未执行'],
  asked: ['waits for a yes', '等待确认'],
  approved: ['yes', '已同意'],
  denied: ['no', '已拒绝'],
  used: ['yes, used', '已同意，已使用'],
  expired: ['expired', '已过期'],
  lapsed: ['yes, expired', '已同意，已过期'],
  freeze: ['freeze', '冻结'],
  unfreeze: ['unfreeze', '解除冻结'],
  'order forgotten': ['order erased', '已删除订单文字'],
  create: ['creating', '创建'],
  refund: ['refund', '退款'],
  close: ['closing', '关单'],
  charge: ['charge of a subscription', '订阅扣款'],
  chat: ['chat', '对话'],
  operator: ['operator', '管理员'],
  unasked: ['nobody asked', '未询问'],
  elsewhere: ['made elsewhere', '在别处发起'],
  terminal: ['terminal', '终端'],
  page: ['page', '网页'],
}
const AT: Readonly<Record<Language, 0 | 1>> = { en: 0, zh: 1 }

function meaning(language: Language): (state: string) => string {
  return (state) => {
    const removed = /^(\d+) orders removed$/.exec(state)
    if (removed && language === 'zh') return `删除了 ${removed[1]} 个订单`
    return (Object.hasOwn(MEANINGS, state) && MEANINGS[state]?.[AT[language]]) || state
  }
}

/** The state behind what is shown of it. */
export function meaningIn(language: Language, text: string): string {
  return Object.entries(MEANINGS).find(([, both]) => both[AT[language]] === text)?.[0] ?? text
}

export const LEDGER = inLanguages({
  merchant: { en: (id: string) => `merchant ${id}`, zh: (id: string) => `商家 ${id} 的账本` },
  app: {
    en: (id: string) => `app ${id} (ALIPAY_SELLER_ID is not set)`,
    zh: (id: string) => `应用 ${id} 的账本（未设置 ALIPAY_SELLER_ID）`,
  },
  heading: {
    en: (environment: string, gateway: string, whose: string, folder: string) =>
      `Ledger of ${whose}, ${environment}: ${gateway}\nFolder ${folder}; all times are Beijing time.`,
    zh: (environment: string, gateway: string, whose: string, folder: string) =>
      `${whose}，环境 ${environment}：${gateway}\n文件夹 ${folder}；金额单位为元，时间为北京时间。`,
  },
  frozen: {
    en: (at: string, why: string) => `FROZEN since ${at}${why && `: ${why}`}`,
    zh: (at: string, why: string) => `自 ${at} 起已冻结${why && `：${why}`}`,
  },
  none: { en: (title: string) => `${title}: none`, zh: (title: string) => `${title}：无` },
  count: {
    en: (title: string, rows: number) => `${title}: ${rows}`,
    zh: (title: string, rows: number) => `${title}：${rows}`,
  },
  totals: {
    en: (paid: string, refunded: string, net: string, unknown: string) =>
      `Of these orders: ${paid} yuan paid, ${refunded} refunded, ${net} net${unknown && `, ${unknown} unknown (run resolve)`}.`,
    zh: (paid: string, refunded: string, net: string, unknown: string) =>
      `以上订单：已付 ${paid} 元，已退 ${refunded} 元，净额 ${net} 元${unknown && `，结果未知 ${unknown} 元（请运行 resolve）`}。`,
  },
  asLastKnown: {
    en: 'This command does not ask Alipay: of an order that waits, a payment is in these sums once "listen" runs, or once the assistant has called query_payment or list_payments.',
    zh: '本命令不向支付宝查询：等待付款的订单如果已付款，要在 listen 运行时，或助手调用 query_payment、list_payments 之后，才计入合计。',
  },
  alarms: {
    en: (count: string) => `Not in these sums: ${count} with a wrong amount.`,
    zh: (count: string) => `金额不符的 ${count} 个订单不计入合计。`,
  },
  elsewhere: {
    en: (orders: number) =>
      `This file also holds ${orders} ${orders === 1 ? 'order' : 'orders'} of another app, merchant or gateway. To see them, give this command the settings of the server that made them (ALIPAY_ENV, ALIPAY_GATEWAY, ALIPAY_APP_ID, ALIPAY_SELLER_ID).`,
    zh: (orders: number) =>
      `这个文件里另有 ${orders} 个订单，属于其他应用、商家或网关。要查看，请使用创建这些订单的服务器的配置（ALIPAY_ENV、ALIPAY_GATEWAY、ALIPAY_APP_ID、ALIPAY_SELLER_ID）。`,
  },
  only: { en: (what: string) => `Only ${what}.`, zh: (what: string) => `仅列出：${what}。` },
  inMonth: { en: (month: string) => `month ${month}`, zh: (month: string) => `月份 ${month}` },
  sinceDay: { en: (day: string) => `since ${day}`, zh: (day: string) => `${day} 起` },
  untilDay: { en: (day: string) => `until ${day}`, zh: (day: string) => `${day} 止` },
  inState: { en: (state: string) => `state ${state}`, zh: (state: string) => `状态 ${state}` },
  marked: {
    en: (state: string, marks: readonly string[]) => [state, ...marks].join(', '),
    zh: (state: string, marks: readonly string[]) => [state, ...marks].join('，'),
  },
  doubted: { en: (step: string) => `${step} ?`, zh: (step: string) => `${step}？` },
  whatIsDoubted: {
    en: (resolve: string) =>
      `? marks a step that is being sent, or whose result is not known. To find out:\n  ${resolve}`,
    zh: (resolve: string) => `？表示该操作正在发送或结果未知。请运行：\n  ${resolve}`,
  },
  closeWanted: { en: 'close requested', zh: '已要求关单' },
  notDelivered: { en: 'not delivered', zh: '未交付' },
  whatIsUndelivered: {
    en: (delivered: string) =>
      `"Not delivered" is what was paid for and not handed out: deliver it or refund it. Handed over by hand:\n  ${delivered}`,
    zh: (delivered: string) => `“未交付”表示已付款而尚未交付：请交付或退款。已线下交付的：\n  ${delivered}`,
  },
  itemId: { en: 'Item id', zh: '商品编号' },
  quantity: { en: 'Quantity', zh: '数量' },
  deliveredAt: { en: 'Delivered', zh: '交付时间' },
  whyUndelivered: { en: 'Not delivered', zh: '未交付原因' },
  timeIsUp: { en: 'time is up', zh: '已过付款时间' },
  line: {
    en: (name: string, value: string) => `${name}: ${value}`,
    zh: (name: string, value: string) => `${name}：${value}`,
  },
  tradeNumber: { en: "Alipay's number", zh: '支付宝交易号' },
  closedAt: { en: 'Seen closed', zh: '关闭（首次得知）' },
  closedBy: { en: 'Closed or seen by', zh: '由谁关闭或得知' },
  cashierOpenedAt: { en: 'Cashier opened', zh: '打开收银台时间' },
  closeWantedAt: { en: 'Close requested', zh: '要求关单时间' },
  paidAt: { en: 'Paid at', zh: '付款时间' },
  lastSeen: { en: 'Last change seen', zh: '最后得知变化' },
  channel: { en: 'Channel', zh: '付款方式' },
  replaces: { en: 'Replaces', zh: '替换的订单' },
  replacedBy: { en: 'Replaced by', zh: '已被替换为' },
  sent: { en: 'Sent', zh: '发送时间' },
  ended: { en: 'Ended', zh: '结束时间' },
  attempt: { en: 'Attempt', zh: '第几次尝试' },
  ofOneRefund: {
    en: (attempt: string) =>
      `${attempt}, of one refund: the refund number is the same, so its money moves once at most`,
    zh: (attempt: string) => `${attempt}（同一个退款请求号，只算一笔退款，钱最多动一次）`,
  },
  unknownSince: { en: 'Unknown since', zh: '结果未知始于' },
  refundedAt: { en: 'Refunded at', zh: '退款时间' },
  answer: { en: 'Answer', zh: '响应' },
  waitsForYes: {
    en: (requests: number, answer: string) =>
      `${requests} ${requests === 1 ? 'refund waits' : 'refunds wait'} for a yes. To answer, at a terminal:\n  ${answer}`,
    zh: (requests: number, answer: string) => `有 ${requests} 笔退款等待确认。请在终端里答复：\n  ${answer}`,
  },
  omitted: { en: 'Some columns are left out; --wide shows all.', zh: '部分列未显示；加 --wide 显示全部。' },
  damaged: {
    en: (what: string) => `Damaged, and not shown: ${what}`,
    zh: (what: string) => `账本损坏，未列出：${what}`,
  },
  meanings: { en: meaning('en'), zh: meaning('zh') },
  orders: { en: 'Orders', zh: '订单' },
  refunds: { en: 'Refunds', zh: '退款' },
  decisions: { en: 'Decisions', zh: '确认与冻结记录' },
  days: { en: 'Days (yuan)', zh: '按日汇总（元）' },
  made: { en: 'Made', zh: '创建' },
  order: { en: 'Order', zh: '订单号' },
  refund: { en: 'Refund number', zh: '退款请求号' },
  yuan: { en: 'Yuan', zh: '金额' },
  refunded: { en: 'Refunded', zh: '已退' },
  state: { en: 'State', zh: '状态' },
  alarm: { en: 'Wrong amount', zh: '金额不符' },
  atAlipay: { en: 'At Alipay', zh: '支付宝金额' },
  item: { en: 'Item', zh: '商品' },
  called: { en: 'Called', zh: '调用时间' },
  asked: { en: 'Asked', zh: '提出时间' },
  ordered: { en: 'Ordered', zh: '下单金额' },
  payableUntil: { en: 'Payable until', zh: '付款截止' },
  approvedBy: { en: 'Yes by', zh: '同意者' },
  reason: { en: 'Reason', zh: '原因' },
  host: { en: 'Host', zh: '宿主程序' },
  time: { en: 'Time', zh: '时间' },
  what: { en: 'What', zh: '事项' },
  by: { en: 'By', zh: '操作者' },
  via: { en: 'Via', zh: '途径' },
  decided: { en: 'Decided', zh: '决定时间' },
  usableUntil: { en: 'Usable until', zh: '可用至' },
  why: { en: 'Why', zh: '原因' },
  day: { en: 'Day', zh: '日期' },
  ordersMade: { en: 'Orders', zh: '订单数' },
  refundsMade: { en: 'Refunds', zh: '退款数' },
  paid: { en: 'Paid', zh: '已付' },
  net: { en: 'Net', zh: '净额' },
  unknown: { en: 'Unknown', zh: '结果未知' },
})
export type LedgerText = ReturnType<typeof LEDGER>
