// Judges a notification that somebody has at hand (doctor --notification): genuine or not, check by check.
import type { Both } from '../language.ts'
import { agreementChecks, isOfAgreement } from '../notifications/agreement-checks.ts'
import { fourChecks } from '../notifications/four-checks.ts'
import { type Fault, judgeNotification, type NotificationFields } from '../notifications/notification.ts'
import type { Credentials } from '../settings/credentials.ts'
import { shortLine } from '../text.ts'
import type { Checked } from './examine.ts'
import { failed, ok } from './finding.ts'
import { APP, appFinding, CHECKS } from './notification-findings.ts'

export interface GivenNotification {
  body: Buffer
  credentials: Credentials
  seller_id: string | undefined
  /** What the ledger has of an order. */
  order(out_trade_no: string): Promise<{ total_amount: string } | undefined>
  /** Whether the ledger has a subscription of that number. */
  hasSubscription(external_agreement_no: string): Promise<boolean>
}

export interface JudgedNotification {
  ok: boolean
  verdict: Both
  checks: readonly Checked[]
}

export async function checkNotification(given: GivenNotification): Promise<JudgedNotification> {
  const { body, credentials, seller_id } = given
  const judged = judgeNotification(body, () => credentials.alipayPublicKey.reveal())
  if (!judged.genuine) return notGenuine(judged.fault, judged.unverified, credentials.app_id)
  const { fields } = judged
  if (isOfAgreement(fields)) return judgedAgreement(fields, given)
  const order = await given.order(fields.get('out_trade_no') ?? '')
  const recipient = { app_ids: [credentials.app_id], seller_id }
  const results = fourChecks(fields, recipient, order)
  const checks: Checked[] = [
    { title: SIGNATURE, ...ok({ en: "Alipay's, RSA2.", zh: '是支付宝的 RSA2 签名。' }) },
    { title: CONTENT, ...ok(describeContent(fields)) },
    ...CHECKS.map(({ name, title, finding }) => ({ title, ...finding(results[name], fields) })),
  ]
  const agrees = Object.values(results).every((result) => result !== 'differs')
  return { ok: agrees, verdict: agrees ? GENUINE : OF_ANOTHER, checks }
}

async function judgedAgreement(fields: NotificationFields, given: GivenNotification): Promise<JudgedNotification> {
  const isKnown = await given.hasSubscription(fields.get('external_agreement_no') ?? '')
  const recipient = { app_ids: [given.credentials.app_id], seller_id: undefined }
  const results = agreementChecks(fields, recipient, isKnown)
  const isOurs = results.agreement === 'agrees' && results.app === 'agrees'
  const checks: Checked[] = [
    { title: SIGNATURE, ...ok({ en: "Alipay's, RSA2.", zh: '是支付宝的 RSA2 签名。' }) },
    { title: CONTENT, ...ok(describeAgreement(fields)) },
    { title: { en: 'Subscription', zh: '订阅' }, ...(isKnown ? ok(IN_LEDGER) : failed(NOT_IN_LEDGER)) },
    { title: APP, ...appFinding(results.app) },
  ]
  return { ok: isOurs, verdict: isOurs ? GENUINE_AGREEMENT : OF_ANOTHER, checks }
}

const IN_LEDGER: Both = { en: 'in the ledger.', zh: '账本里有。' }
const NOT_IN_LEDGER = {
  found: {
    en: 'not in this ledger: another program may have offered it.',
    zh: '这个账本里没有：可能是其他程序创建的。',
  },
  fix: {
    en: 'use the settings of the server that offered the subscription (ALIPAY_DATA_DIR).',
    zh: '请使用创建该订阅的服务器的配置（ALIPAY_DATA_DIR）。',
  },
}
const GENUINE_AGREEMENT: Both = {
  en: 'Genuine. It only has Alipay asked: query_subscription shows how the subscription stands.',
  zh: '是真实的通知。它只会触发查询：请用 query_subscription 查看订阅的状态。',
}

function describeAgreement(fields: NotificationFields): Both {
  const said = (name: string) => shortLine(fields.get(name) ?? '-', 64)
  const [number, event] = [said('external_agreement_no'), said('notify_type')]
  return {
    en: `subscription ${number}, ${event} (${said('status')}), sent ${said('notify_time')} Beijing time.`,
    zh: `订阅 ${number}，${event}（${said('status')}），北京时间 ${said('notify_time')} 发出。`,
  }
}

const SIGNATURE: Both = { en: 'Signature', zh: '签名' }
const CONTENT: Both = { en: 'Content', zh: '内容' }

const GENUINE: Both = {
  en: 'Genuine. Ask Alipay (query_payment) before you deliver: a notification tells of its moment only.',
  zh: '是真实的通知。发货前请再查询一次（query_payment）：通知只说明当时的状态。',
}
const OF_ANOTHER: Both = {
  en: 'Genuine, but it does not agree with these settings or the ledger: change nothing because of it.',
  zh: '签名是真实的，但与配置或账本不一致：不要据此改变任何状态。',
}
const NOT_GENUINE: Both = {
  en: 'Not genuine: change nothing because of it, and do not answer success.',
  zh: '不是真实的通知：不要据此改变任何状态，也不要返回 success。',
}

function notGenuine(fault: Fault, unverified: NotificationFields, app_id: string): JudgedNotification {
  const named = unverified.get('app_id') ?? ''
  const isOther = /^\d{16}$/.test(named) && named !== app_id
  const item = fault === 'wrong_signature' && isOther ? ofOtherApp(named, app_id) : FAULTS[fault]
  const title = ['too_long', 'not_a_form', 'repeated_name', 'wrong_charset'].includes(fault) ? CONTENT : SIGNATURE
  return { ok: false, verdict: NOT_GENUINE, checks: [{ title, ...failed(item) }] }
}

const RAW: Both = {
  en: 'save the body as it came, before any framework has parsed it; curl and proxies can show it.',
  zh: '请保存框架解析之前的原始请求正文；可用 curl 或代理查看。',
}

const FAULTS: Readonly<Record<Fault, { found: Both; fix: Both }>> = {
  too_long: {
    found: { en: 'longer than 64 KB, which no notification is.', zh: '超过 64 KB，通知没有这么长。' },
    fix: RAW,
  },
  not_a_form: {
    found: {
      en: 'no form: Alipay sends name=value pairs, joined by & and URL-encoded.',
      zh: '不是表单：支付宝发送的是用 & 连接并经过 URL 编码的“名称=值”。',
    },
    fix: RAW,
  },
  repeated_name: {
    found: {
      en: 'a name comes twice. Alipay sends each once, so somebody has added to it.',
      zh: '有参数出现了两次。支付宝每个参数只发一次，说明有人添加过内容。',
    },
    fix: RAW,
  },
  no_signature: {
    found: { en: 'there is no sign.', zh: '没有 sign。' },
    fix: RAW,
  },
  not_rsa2: {
    found: {
      en: 'sign_type is not RSA2; an RSA (SHA1) signature can be forged and is not believed.',
      zh: 'sign_type 不是 RSA2；RSA（SHA1）签名可以伪造，因此不采信。',
    },
    fix: {
      en: 'set the signature type of the app to RSA2 in the console (接口加签方式).',
      zh: '请在控制台把应用的接口加签方式设为 RSA2。',
    },
  },
  wrong_signature: {
    found: {
      en: 'not made with the key behind ALIPAY_PUBLIC_KEY, or the body was changed on its way.',
      zh: '与 ALIPAY_PUBLIC_KEY 不匹配，或正文在途中被改动。',
    },
    fix: {
      en: 'save the body as it came. If it still fails, copy 支付宝公钥 (Alipay public key) from the console again: it may have been renewed.',
      zh: '请保存原始请求正文再试。若仍不符，请从控制台重新复制支付宝公钥：它可能已更换。',
    },
  },
  wrong_charset: {
    found: {
      en: 'signed by Alipay, but not written in the charset that it names.',
      zh: '有支付宝的签名，但内容不是它所写的 charset 编码。',
    },
    fix: RAW,
  },
}

function ofOtherApp(named: string, app_id: string) {
  return {
    found: {
      en: `it names app_id ${named}, and these settings are those of ${app_id}; each app has its own Alipay public key.`,
      zh: `其中的 app_id 是 ${named}，而配置是 ${app_id} 的；每个应用的支付宝公钥不同。`,
    },
    fix: { en: 'run this with the settings of that app.', zh: '请用该应用的配置运行。' },
  }
}

function describeContent(fields: NotificationFields): Both {
  const said = (name: string) => shortLine(fields.get(name) ?? '-', 64)
  const [order, status, amount] = [said('out_trade_no'), said('trade_status'), said('total_amount')]
  const refund = fields.has('refund_fee')
  return {
    en: `order ${order}, ${status}, ${amount} yuan${refund ? `, of which ${said('refund_fee')} were refunded so far` : ''}, sent ${said('notify_time')} Beijing time.`,
    zh: `订单 ${order}，${status}，${amount} 元${refund ? `，累计已退 ${said('refund_fee')} 元` : ''}，北京时间 ${said('notify_time')} 发出。`,
  }
}
