// The question that a merchant says yes or no to: the facts of a refund, a line each, in Chinese and English.
import { beijingTime } from '../clock.ts'
import type { Environment } from '../gateway/gateway.ts'
import type { IntentState } from '../ledger/ledger.ts'
import { oneLine, shortLine } from '../text.ts'

export type Bilingual = readonly [chinese: string, english: string]

export interface RefundFacts {
  environment: Environment
  out_trade_no: string
  subject?: string | undefined
  /** Masked by Alipay. */
  buyer_logon_id?: string | undefined
  send_pay_date?: string | undefined
  /** Yuan, two decimals, like the three below. */
  amount: string
  total_amount: string
  /** So far, as far as it is known. */
  refunded: string
  /** After this refund, as far as it is known. */
  left: string
  /** The program that asks, by the name that it gives itself. */
  host: string
  /** As the assistant words it. */
  refund_reason?: string | undefined
  /** An attempt of this order whose end nobody saw. */
  earlier?: { at: number; amount: string; state: IntentState } | undefined
  /** When what was sold was handed out. */
  delivered_at?: number | undefined
  /** Another refund of an amount that was refunded before. */
  further: boolean
  /** Alipay has another amount than the one asked here, and how the results of tools say so. */
  otherAmount?: { asked: string; alarm: string } | undefined
}

const SHORT = 60
// As long as the tool takes one: nothing of it is cut.
const REASON_LENGTH = 256

const HEADING: Bilingual = ['是否同意退款？', 'Approve this refund?']
const CHANGED: Bilingual = ['情况有变，请重新确认。', 'Something has changed since you were asked. Please look again.']
export const NO_REASON: Bilingual = ['未填写', 'none given']

const LABELS = {
  amount: ['退款金额', 'Refund'],
  subject: ['商品', 'Item'],
  buyer: ['买家', 'Buyer'],
  paid: ['付款时间（北京）', 'Paid (Beijing time)'],
  total: ['订单总额', 'Order total'],
  refunded: ['此前已退（已知）', 'Refunded so far (known)'],
  left: ['退后剩余（已知）', 'Left afterwards (known)'],
  order: ['订单号', 'Order'],
  host: ['发起方（自报名称）', 'Requested by (the name it gives)'],
  reason: ['退款原因（助手填写）', "Reason, in the assistant's words"],
  environment: ['环境', 'Environment'],
  note: ['注意', 'Note'],
} as const satisfies Record<string, Bilingual>
type Label = keyof typeof LABELS

const ENVIRONMENTS: Readonly<Record<Environment, string>> = {
  local: '本地模拟，不动真钱 local emulator, no real money',
  sandbox: '支付宝沙箱，不动真钱 sandbox, no real money',
  production: '真实资金 real money (production)',
}

const FURTHER: Bilingual = [
  '这个订单已经退过一笔相同金额的款，这是又一笔。',
  'This order already had a refund of the same amount; this is one more.',
]

/** Each line but the first is `label: value`; no value can start a line of its own, and what others typed is in quotes. */
export function questionOf(facts: RefundFacts): string {
  const { environment, out_trade_no, subject, buyer_logon_id, send_pay_date, refund_reason, host } = facts
  const { earlier, further, otherAmount, delivered_at } = facts
  const lines = [
    HEADING.join(' '),
    line('amount', `¥${facts.amount}`),
    line('subject', subject && quoted(subject, SHORT)),
    line('buyer', buyer_logon_id && shortLine(buyer_logon_id, SHORT)),
    line('paid', send_pay_date && shortLine(send_pay_date, SHORT)),
    line('total', `¥${facts.total_amount}`),
    line('refunded', `¥${facts.refunded}`),
    line('left', `¥${facts.left}`),
    line('order', oneLine(out_trade_no)),
    line('host', quoted(host, SHORT)),
    line('reason', refund_reason ? quoted(refund_reason, REASON_LENGTH) : NO_REASON.join(' ')),
    line('environment', ENVIRONMENTS[environment]),
    line('note', delivered_at !== undefined && deliveredNote(delivered_at).join(' ')),
    line('note', further && FURTHER.join(' ')),
    line('note', earlier && warningOf(earlier).join(' ')),
    line('note', otherAmount && doubtOf(otherAmount, facts.total_amount).join(' ')),
  ]
  return lines.filter((one) => one !== undefined).join('\n')
}

function line(label: Label, value: string | false | undefined): string | undefined {
  return value ? `${LABELS[label].join(' ')}: ${value}` : undefined
}

function quoted(text: string, most: number): string {
  return JSON.stringify(shortLine(text, most))
}

/** The same question, put again because its approval digest is another one now. */
export function changed(question: string): string {
  return `${CHANGED.join(' ')}\n${question}`
}

function warningOf({ at, amount, state }: NonNullable<RefundFacts['earlier']>): Bilingual {
  const time = beijingTime(at)
  const [chinese, english] =
    state === 'not_executed' ? ['没有执行', 'was not executed'] : ['结果未知', 'has an unknown result']
  return [
    `北京时间 ${time} 曾发起退款 ¥${amount}，${chinese}；如果此后已手工退款，这笔款会退两次。`,
    `The refund of ¥${amount} tried at ${time} Beijing time ${english}: a refund made by hand since would be paid twice.`,
  ]
}

function deliveredNote(at: number): Bilingual {
  const time = beijingTime(at)
  return [`商品已于北京时间 ${time} 交付。`, `What was sold was delivered on ${time} Beijing time.`]
}

function doubtOf({ asked, alarm }: NonNullable<RefundFacts['otherAmount']>, total: string): Bilingual {
  return [
    `支付宝中这个订单号的金额是 ${total} 元，这里下单的金额是 ${asked} 元，可能是另一个订单。`,
    `${alarm}: it may be another order.`,
  ]
}

/** A question as it is shown on a page. */
export interface ReadQuestion {
  heading: Bilingual
  facts: readonly ReadFact[]
  notes: readonly Bilingual[]
}

export interface ReadFact {
  /** Undefined in a question of another version. */
  name: Label | undefined
  label: Bilingual
  value: string
}

const BY_LABEL: ReadonlyMap<string, Label> = new Map(
  (Object.keys(LABELS) as Label[]).map((label) => [LABELS[label].join(' '), label]),
)

/** Takes the text apart again; whatever it holds, no line of it is lost. */
export function readQuestion(question: string): ReadQuestion {
  const [heading = '', ...lines] = question.split('\n')
  const facts = lines.map(readFact)
  return {
    heading: inTwo(heading),
    facts: facts.filter(({ label, name }) => label.join('') !== '' && name !== 'note'),
    notes: facts.filter(({ label, name }) => label.join('') === '' || name === 'note').map(({ value }) => inTwo(value)),
  }
}

/** Why the refund was asked for, in the assistant's words; undefined where none were given. */
export function reasonIn(question: string): string | undefined {
  const reason = readQuestion(question).facts.find(({ name }) => name === 'reason')?.value
  return reason === NO_REASON.join(' ') ? undefined : reason
}

/** What would be given back, in yuan; undefined in a question of another kind. */
export function amountIn(question: string): string | undefined {
  const amount = readQuestion(question).facts.find(({ name }) => name === 'amount')?.value
  return amount === undefined ? undefined : /\d+\.\d\d/.exec(amount)?.[0]
}

function readFact(text: string): ReadFact {
  const [, label = '', value = text] = /^([^:]*): (.*)$/.exec(text) ?? []
  const [, chinese = label, english = ''] = /^(\S+) (.+)$/.exec(label) ?? []
  const name = BY_LABEL.get(label)
  const isQuoted = name === 'subject' || name === 'host' || name === 'reason'
  return { name, label: [chinese, english], value: isQuoted ? unquoted(value) : value }
}

/** Our own sentences end in Chinese with a mark that English has not. */
function inTwo(sentences: string): Bilingual {
  const [, chinese = sentences, english = ''] = /^(.*?[。？]) (.*)$/.exec(sentences) ?? []
  return [chinese, english]
}

function unquoted(value: string): string {
  try {
    return value.startsWith('"') ? String(JSON.parse(value)) : value
  } catch {
    return value
  }
}
