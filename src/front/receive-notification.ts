// POST /notify: what Alipay gets to hear, and what the ledger remembers. `success` means that it is in the ledger.
import type { KeyObject } from 'node:crypto'
import type { Exchanged } from '../gateway/exchange.ts'
import type { Both } from '../language.ts'
import type { Actor, Ledger, NotificationOutcome } from '../ledger/ledger.ts'
import { isOfAgreement } from '../notifications/agreement-checks.ts'
import { fourChecks, type Recipient } from '../notifications/four-checks.ts'
import { type Fault, type Judged, judgeNotification, type NotificationFields } from '../notifications/notification.ts'
import { shortLine } from '../text.ts'

export interface Receiving {
  /** Alipay's public key for each app of the merchant. */
  alipayPublicKeys: ReadonlyMap<string, KeyObject>
  /** Whose key is tried where no app of the merchant is named. */
  app_id: string
  recipient: Recipient
  ledger: Ledger
  actor(): Actor
  /** To the merchant's own system, unchanged; absent: there is none. */
  forward?: ((body: Buffer) => Promise<Exchanged>) | undefined
}

export interface NotificationAnswer {
  status: number
  /** `success` or `fail`; of a system that it was passed on to, what that said. */
  body: string
  /** For the operator, on standard error. */
  line: Both
}

/** @throws LedgerError where it could not be written: Alipay then sends it again */
export async function receiveNotification(body: Buffer, receiving: Receiving): Promise<NotificationAnswer> {
  const { alipayPublicKeys, app_id, ledger, recipient } = receiving
  const own = alipayPublicKeys.get(app_id)
  if (!own) throw new TypeError('the front has no key for its own app')
  const judged = judgeNotification(body, (named) => alipayPublicKeys.get(named) ?? own)
  if (!judged.genuine) {
    if (await requestQuery(judged.unverified, receiving)) await alarm(judged, receiving)
    return { status: 400, body: 'fail', line: describeFault(judged.fault, judged.unverified) }
  }
  const outcome = await ledger.recordNotification(judged.fields, recipient, receiving.actor())
  const differs = await whatDiffers(outcome, judged.fields, receiving)
  const describe = isOfAgreement(judged.fields) ? describeAgreement : describeOrder
  const line = describe(outcome, judged.fields, differs)
  return receiving.forward ? passedOn(await receiving.forward(body), line) : { status: 200, body: 'success', line }
}

const LONGEST_ANSWER = 1_000

/** Alipay keeps what that system has not taken, and sends it again. */
function passedOn(exchanged: Exchanged, line: Both): NotificationAnswer {
  if (exchanged.kind !== 'answered') {
    return {
      status: 502,
      body: 'fail',
      line: withMore(line, NOT_FORWARDED.en(exchanged.why), NOT_FORWARDED.zh(exchanged.why)),
    }
  }
  const { status, bytes } = exchanged
  const body = bytes.subarray(0, LONGEST_ANSWER).toString()
  if (status === 200 && body === 'success') return { status, body, line }
  return { status, body, line: withMore(line, NOT_TAKEN.en(status), NOT_TAKEN.zh(status)) }
}

const withMore = (line: Both, en: string, zh: string): Both => ({ en: `${line.en} ${en}`, zh: `${line.zh}${zh}` })
const NOT_FORWARDED = {
  en: (why: string) => `ALIPAY_FORWARD_URL gave no answer (${why}), so Alipay sends it again.`,
  zh: (why: string) => `ALIPAY_FORWARD_URL 没有响应（${why}），支付宝会重发。`,
}
const NOT_TAKEN = {
  en: (status: number) => `ALIPAY_FORWARD_URL did not answer success (HTTP ${status}), so Alipay sends it again.`,
  zh: (status: number) => `ALIPAY_FORWARD_URL 没有返回 success（HTTP ${status}），支付宝会重发。`,
}

const BETWEEN_HINTS_MS = 60_000

/** Of an order or subscription in the ledger; whatever is claimed, the watcher asks Alipay, once a minute at most. */
async function requestQuery(fields: NotificationFields, receiving: Receiving): Promise<boolean> {
  const { ledger, actor } = receiving
  if (isOfAgreement(fields)) return requestAgreementQuery(fields.get('external_agreement_no') ?? '', receiving)
  const out_trade_no = fields.get('out_trade_no') ?? ''
  return /^\w{1,64}$/.test(out_trade_no) && (await ledger.requestQuery(out_trade_no, actor(), BETWEEN_HINTS_MS))
}

async function requestAgreementQuery(external_agreement_no: string, { ledger, actor }: Receiving): Promise<boolean> {
  if (!/^\w{1,32}$/.test(external_agreement_no)) return false
  const found = await ledger.subscription({ external_agreement_no })
  // Nobody can have signed what was never revealed.
  if (!found || found.opened_at === undefined || found.ended_at !== undefined) return false
  if (actor().at - (found.checked_at ?? 0) < BETWEEN_HINTS_MS) return false
  await ledger.requestAgreementQuery(external_agreement_no, actor())
  return true
}

const HOUR_MS = 3_600_000

/** Once an hour: whoever forges them must not bury the operator. */
async function alarm({ fault, unverified }: Judged & { genuine: false }, { ledger, actor }: Receiving): Promise<void> {
  const { at } = actor()
  const key = `not_genuine/${Math.floor(at / HOUR_MS)}`
  const out_trade_no = unverified.get('out_trade_no')
  const subscription = isOfAgreement(unverified) ? unverified.get('external_agreement_no') : undefined
  const facts = { fault, ...(subscription !== undefined && { subscription }) }
  await ledger.raiseAlert({ kind: 'not_genuine', key, out_trade_no, facts }, actor())
}

function describeFault(fault: Fault, unverified: NotificationFields): Both {
  const said = whatIsNamed(unverified)
  const key = fault === 'wrong_signature'
  return {
    en: `A notification that is not genuine changed nothing (${fault}).${said.en}${key ? KEY.en : ''}`,
    zh: `一条不真实的通知没有改变任何东西（${fault}）。${said.zh}${key ? KEY.zh : ''}`,
  }
}

function whatIsNamed(unverified: NotificationFields): Both {
  const number = named(unverified, isOfAgreement(unverified) ? 'external_agreement_no' : 'out_trade_no')
  if (number === '-') return { en: '', zh: '' }
  if (isOfAgreement(unverified)) return { en: ` It names subscription ${number}.`, zh: `其中的订阅号是 ${number}。` }
  return { en: ` It names order ${number}.`, zh: `其中的订单号是 ${number}。` }
}

const KEY: Both = {
  en: ' If it was Alipay, its public key for this app was renewed, or it is for another app: see doctor --notification.',
  zh: '如果确实来自支付宝，那么支付宝公钥已更换，或这是另一个应用的通知：请用 doctor --notification 检查。',
}

const OUTCOMES: Readonly<Record<NotificationOutcome, Both>> = {
  agrees: { en: 'is in the ledger', zh: '已写入账本' },
  recorded_before: { en: 'was recorded already', zh: '此前已记录过' },
  differs: {
    en: 'is recorded, and changed nothing, because it differs',
    zh: '已记录，但没有改变任何东西，因为不一致',
  },
  of_other_order: {
    en: 'is recorded; this ledger does not have the order, and nothing changed',
    zh: '已记录；账本里没有这个订单，没有改变任何东西',
  },
  of_agreement: {
    en: 'is recorded, and the watcher asks Alipay how it stands',
    zh: '已记录，watcher 将向支付宝查询',
  },
  of_other_agreement: {
    en: 'is recorded; this ledger does not have the subscription, and nothing changed',
    zh: '已记录；账本里没有这个订阅，没有改变任何东西',
  },
  of_other_kind: {
    en: 'is recorded; it is of another kind, and changed nothing',
    zh: '已记录；是其他类型的通知，没有改变任何东西',
  },
}

/** In words, which of amount, seller and app. */
async function whatDiffers(
  outcome: NotificationOutcome,
  fields: NotificationFields,
  { ledger, recipient }: Receiving,
): Promise<Both> {
  if (outcome !== 'differs') return { en: '', zh: '' }
  const checks = fourChecks(fields, recipient, await ledger.order({ out_trade_no: fields.get('out_trade_no') ?? '' }))
  const found = COMPARED.filter(({ check }) => checks[check] === 'differs')
  return { en: `: ${found.map(({ en }) => en).join(', ')}`, zh: `：${found.map(({ zh }) => zh).join('、')}` }
}

const COMPARED = [
  { check: 'amount', en: "total_amount is not the order's", zh: 'total_amount 与订单不一致' },
  { check: 'seller', en: 'seller_id is not ALIPAY_SELLER_ID', zh: 'seller_id 与 ALIPAY_SELLER_ID 不同' },
  { check: 'app', en: 'app_id is none of these settings', zh: 'app_id 不在配置里' },
] as const

function describeAgreement(outcome: NotificationOutcome, fields: NotificationFields, differs: Both): Both {
  const [number, event] = [named(fields, 'external_agreement_no'), named(fields, 'notify_type')]
  return {
    en: `Notification of subscription ${number} (${event}) ${OUTCOMES[outcome].en}${differs.en}.`,
    zh: `订阅 ${number} 的通知（${event}）${OUTCOMES[outcome].zh}${differs.zh}。`,
  }
}

function describeOrder(outcome: NotificationOutcome, fields: NotificationFields, differs: Both): Both {
  const [order, status, amount] = [
    named(fields, 'out_trade_no'),
    named(fields, 'trade_status'),
    named(fields, 'total_amount'),
  ]
  const refunded = fields.has('refund_fee') ? named(fields, 'refund_fee') : undefined
  return {
    en: `Notification of order ${order} (${status}, ${amount} yuan${refunded ? `, ${refunded} refunded in all` : ''}) ${OUTCOMES[outcome].en}${differs.en}.`,
    zh: `订单 ${order} 的通知（${status}，${amount} 元${refunded ? `，累计已退 ${refunded} 元` : ''}）${OUTCOMES[outcome].zh}${differs.zh}。`,
  }
}

const named = (fields: NotificationFields, name: string) => shortLine(fields.get(name) ?? '-', 64)
