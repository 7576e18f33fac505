// What an alert says, Chinese first: what happened, of which order, and what a person decides now.
import { beijingTime } from '../clock.ts'
import type { Both } from '../language.ts'
import type { Alert } from '../ledger/ledger.ts'
import { shortLine } from '../text.ts'

type Words = (order: string, amount: string, facts: Readonly<Record<string, string>>) => Both

const said = (facts: Readonly<Record<string, string>>, name: string) => shortLine(facts[name] ?? '-', 64)

const quotedFact = (facts: Readonly<Record<string, string>>, name: string) => JSON.stringify(said(facts, name))

const OPERATIONS: Readonly<Record<string, string>> = {
  create: '创建',
  close: '关闭',
  refund: '退款',
  charge: '订阅扣款',
}

/** What it is called where there is room for no more. */
const TITLES: Readonly<Record<Alert['kind'], string>> = {
  payment: '已付款 paid',
  paid_after_close: '要求关单之后收到付款 paid after a close',
  paid_after_replacement: '旧订单收到付款 old order paid',
  paid_twice: '重复付款 paid twice',
  other_amount: '金额不符 wrong amount',
  refund_elsewhere: '别处发起的退款 refunded elsewhere',
  in_doubt: '结果未知 in doubt',
  not_genuine: '不真实的通知 notification not genuine',
  notification_differs: '通知与账本不一致 notification differs',
  unreachable: '待付款的订单查不到结果 no order could be looked up',
  items_changed: '商品文件已变更 items file changed',
  few_codes: '卡密即将用完 few codes left',
  undelivered: '已付款未交付 paid, not delivered',
  refund_asked: '买家申请退款 buyer asks for a refund',
  sale_recovered: '账本里没有的订单收到付款 paid order unknown to the ledger',
}

const WORDS: Readonly<Record<Alert['kind'], Words>> = {
  payment: (order, amount) => ({
    zh: `已付款：订单 ${order}，${amount} 元。`,
    en: `Paid: order ${order}, ${amount} yuan.`,
  }),
  paid_after_close: (order, amount) => ({
    zh: `要求关单之后收到付款：订单 ${order}，${amount} 元。请决定交货还是退款。`,
    en: `Paid after its close was wanted: order ${order}, ${amount} yuan. Decide whether to deliver or to refund.`,
  }),
  paid_after_replacement: (order, amount, facts) => ({
    zh: `旧订单收到付款：订单 ${order}，${amount} 元，它已被 ${said(facts, 'replaced_by')} 替换。请让买家不要再付新订单。`,
    en: `The old order was paid: order ${order}, ${amount} yuan, which ${said(facts, 'replaced_by')} replaced. Tell the buyer not to pay the new one.`,
  }),
  paid_twice: (order, amount, facts) => ({
    zh: `重复付款：订单 ${order}（${amount} 元）与 ${said(facts, 'others')} 互相替换，却都已付款。请决定退哪一笔。`,
    en: `Paid twice: order ${order} (${amount} yuan) and ${said(facts, 'others')} replaced each other, and each was paid. Decide which to refund.`,
  }),
  other_amount: (order, amount, facts) => ({
    zh: `金额不符：订单 ${order} 应付 ${amount} 元，支付宝的金额是 ${said(facts, 'other_amount')} 元。请先核对，不要交货。`,
    en: `Wrong amount: order ${order} asked ${amount} yuan, and Alipay has ${said(facts, 'other_amount')}. Check before you deliver.`,
  }),
  refund_elsewhere: (order, amount, facts) => ({
    zh: `别处发起的退款：订单 ${order}（${amount} 元）累计已退 ${said(facts, 'refunded')} 元，其中有的不是从这里退的。`,
    en: `Refunded elsewhere: of order ${order} (${amount} yuan) ${said(facts, 'refunded')} were refunded in all, and not all of it by this server.`,
  }),
  in_doubt: (order, amount, facts) => ({
    zh: `结果未知已超过十分钟：订单 ${order}，${OPERATIONS[facts.operation ?? ''] ?? '操作'} ${amount} 元。请运行 alipay-mcp resolve。`,
    en: `In doubt for ten minutes: order ${order}, ${said(facts, 'operation')} of ${amount} yuan. Run "alipay-mcp resolve".`,
  }),
  not_genuine: (order, _amount, facts) => ({
    zh: `收到不真实的通知（${said(facts, 'fault')}），提到${facts.subscription === undefined ? `订单 ${order}` : `订阅 ${said(facts, 'subscription')}`}。支付宝公钥是否已更换，或是另一个应用的通知？`,
    en: `A notification that is not genuine (${said(facts, 'fault')}) names ${facts.subscription === undefined ? `order ${order}` : `subscription ${said(facts, 'subscription')}`}. Was Alipay's key renewed, or is it for another app?`,
  }),
  notification_differs: (order, amount) => ({
    zh: `通知与账本不一致：订单 ${order}，通知的金额 ${amount} 元。没有改变任何东西，请在商家平台核对。`,
    en: `A notification does not agree with the ledger: order ${order}, ${amount} yuan in it. Nothing changed; look at it in the console.`,
  }),
  unreachable: () => ({
    zh: '五分钟来待付款的订单都没有查到结果，暂时看不到付款。原因见 listen 的输出。',
    en: 'For five minutes no unpaid order could be looked up, so payments are not seen. What listen says tells why.',
  }),
  items_changed: (_order, _amount, facts) => ({
    zh: `商品文件${facts.before ? '已变更' : '首次使用'}：${said(facts, 'items')} 个商品，版本 ${said(facts, 'hash')}${facts.before ? `（此前 ${said(facts, 'before')}）` : ''}。如果不是您改的，请立即核对。`,
    en: `The items file ${facts.before ? 'has changed' : 'is used for the first time'}: ${said(facts, 'items')} items, version ${said(facts, 'hash')}${facts.before ? ` (before: ${said(facts, 'before')})` : ''}. If you did not change it, look at it now.`,
  }),
  few_codes: (_order, _amount, facts) => ({
    zh: `商品 ${said(facts, 'item')} 的卡密只剩 ${said(facts, 'left')} 个。请补充。`,
    en: `Codes left of item ${said(facts, 'item')}: ${said(facts, 'left')}. Add more.`,
  }),
  undelivered: (order, amount, facts) => ({
    zh: `已付款十分钟仍未交付：订单 ${order}，${amount} 元（${said(facts, 'why')}）。请交付或退款。`,
    en: `Paid ten minutes ago, and not delivered: order ${order}, ${amount} yuan (${said(facts, 'why')}). Deliver it or refund it.`,
  }),
  refund_asked: (order, amount, facts) => ({
    zh: `买家申请退款：订单 ${order}，${amount} 元${facts.reason ? `，理由（买家填写）：${quotedFact(facts, 'reason')}` : '，没有写理由'}。请运行 alipay-mcp approvals 答复。`,
    en: `A buyer asks for a refund: order ${order}, ${amount} yuan, ${facts.reason ? `reason in the buyer's words: ${quotedFact(facts, 'reason')}` : 'without a reason'}. Run "alipay-mcp approvals" to answer.`,
  }),
  sale_recovered: (order, amount) => ({
    zh: `收到一笔账本里没有的本店订单的付款：订单 ${order}，${amount} 元。账本是否从备份恢复过？请查清卖的是什么，再交付或退款。`,
    en: `An order of this shop that the ledger does not know was paid: order ${order}, ${amount} yuan. Was the ledger restored from a backup? Find out what was sold, then deliver or refund it.`,
  }),
}

export function alertText({ kind, out_trade_no = '-', facts, raised_at }: Alert): string {
  const { zh, en } = WORDS[kind](shortLine(out_trade_no, 64), said(facts, 'total_amount'), facts)
  const item = facts.subject ? `${shortLine(facts.subject, 64)}\n` : ''
  return `${zh}\n${en}\n${item}${beijingTime(raised_at)}（北京时间）`
}

/** Of more than may be sent one by one; each with its order, which nothing else names. */
export function digestText(alerts: readonly Alert[]): string {
  const orders = new Map<Alert['kind'], string[]>()
  for (const { kind, out_trade_no = '-' } of alerts) {
    orders.set(kind, [...(orders.get(kind) ?? []), shortLine(out_trade_no, 64)])
  }
  const list = [...orders].map(([kind, numbers]) => `${TITLES[kind]} (${numbers.length}): ${numbers.join(' ')}`)
  return [`${alerts.length} 条提醒，详情用 ${LOOK} 查看：`, `${alerts.length} alerts; see ${LOOK}:`, ...list].join('\n')
}

const LOOK = '"alipay-mcp ledger --order"'
