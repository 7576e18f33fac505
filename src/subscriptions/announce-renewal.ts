// Announces a renewal to the subscriber: the merchant's hook sends it, and only its 2xx is the proof.
import { InputError, OutcomeUnknownError, type RefusedError } from '../errors.ts'
import { requireWritable } from '../guard/limits.ts'
import { refusal } from '../guard/not-sent.ts'
import type { Announcement, Subscription } from '../ledger/ledger.ts'
import { toYuan } from '../money.ts'
import { requireShop, type ShopCall } from '../shop/buyer.ts'
import { type PostTo, postSigned, postToHook } from '../shop/signed-hook.ts'
import { whyUnwritten } from './after-sending.ts'
import { notDue } from './charge-refusals.ts'
import { addDays, announceDay, beijingDay, EARLY_DAYS, NOTICE_DAYS } from './charge-window.ts'
import { ownSubscription, recordsOf, requireAgreements, requireHeard } from './find-subscription.ts'
import { type Renewal, renewalOf } from './renewal.ts'
import { subscriptionAddress } from './subscription-page-path.ts'

const OPERATION = 'announce_renewal'

export interface Announced {
  subscription: Subscription
  announcement: Announcement
  first_time: boolean
}

/** @throws InputError, RefusedError where the hook did not take it or it is too late, LedgerError */
export async function announceRenewal(
  external_agreement_no: string,
  call: ShopCall,
  post: PostTo = postToHook,
): Promise<Announced> {
  requireAgreements(OPERATION, call)
  requireWritable(OPERATION, call.rules)
  const known = await ownSubscription(OPERATION, external_agreement_no, call)
  const { announce } = known.terms
  if (announce === 'own') throw announcedElsewhere()
  const subscription = await requireHeard(OPERATION, known, call)
  const { charges, announcements } = await recordsOf(subscription, call)
  const renewal = renewalOf(subscription, charges, announcements, call.clock.now())
  const { terms } = subscription
  const made = announcements.find(
    (one) => one.planned_day === renewal?.planned_day && one.amount_fen === terms.price_fen,
  )
  if (made) return { subscription, announcement: made, first_time: false }
  if (renewal?.state !== 'to_announce') throw notToAnnounce(subscription, renewal, call.clock.now())
  const url = (await hookNow(subscription, call)) ?? announce.url
  const begun = announcementOf(subscription, renewal.planned_day, url, call.clock.now())
  const why = await postSigned(
    { url, idempotency_key: keyOf(begun), body: bodyOf(begun, subscription, call) },
    { secret: secretOf(call), now: call.clock.now(), post },
  )
  if (why !== undefined) throw notTaken(why)
  // From when it was taken, by the clock that is ahead: of a hook that is slow around midnight the subscriber hears a day
  // later, and so he does where this computer's clock is slow.
  const announcement = { ...begun, at: Math.max(call.clock.now(), call.clock.alipay()) }
  try {
    await (await call.ledger()).saveAnnouncement(announcement, call.actor())
  } catch (error) {
    throw unwritten(subscription, renewal, whyUnwritten(error))
  }
  return { subscription, announcement, first_time: true }
}

/** What will not be charged is not announced, and what is far off would be forgotten, and never announced again. */
function notToAnnounce(subscription: Subscription, renewal: Renewal | undefined, now: number): RefusedError {
  const isEarly = renewal?.state === 'waiting' && renewal.window.state === 'unannounced'
  if (!renewal || (!isEarly && renewal.state !== 'charged')) return notDue(subscription, renewal, now)
  const { planned_day } = renewal
  const from = announceDay(planned_day)
  const { external_agreement_no } = subscription
  const [why, next_step, zh] = isEarly
    ? [
        `the renewal of ${planned_day} is announced from ${from} on, not before`,
        `Call announce_renewal on ${from} or within the days after it.`,
        `${planned_day} 的续费从 ${from} 起才通知用户`,
      ]
    : [
        `the period of ${planned_day} is paid, and Alipay tells no later planned day yet`,
        'Nothing to do now: call announce_renewal again once query_subscription shows a later planned day.',
        `${planned_day} 这期已扣款，支付宝还没有返回下一个计划扣款日`,
      ]
  return refusal(OPERATION, why, next_step, { external_agreement_no, planned_day }).with({
    retry: 'after_change',
    message_zh: `${zh}，没有发送通知，本次没有动钱。`,
  })
}

/** A hook may have moved since the plan was signed. */
async function hookNow({ terms }: Subscription, call: ShopCall): Promise<string | undefined> {
  const plans = call.shop ? (await call.shop.items.now(call)).plans : []
  const now = plans.find(({ id }) => id === terms.plan)?.announce
  return now === undefined || now === 'own' ? undefined : now.url
}

const keyOf = ({ external_agreement_no, planned_day, amount_fen }: Announcement) =>
  `${external_agreement_no}-${planned_day}-${amount_fen}`

function announcementOf({ external_agreement_no, terms }: Subscription, planned_day: string, url: string, at: number) {
  const amount_fen = terms.price_fen
  const [noticed, usual] = [addDays(beijingDay(at), NOTICE_DAYS + 1), addDays(planned_day, -EARLY_DAYS)]
  const from = noticed > usual ? noticed : usual
  const text = `您订阅的「${terms.subject}」将自动续费 ${toYuan(amount_fen)} 元，最早 ${from} 扣款，不晚于 ${planned_day}。不需要可随时取消。`
  return { external_agreement_no, planned_day, amount_fen, text, channel: new URL(url).host, at }
}

function bodyOf(announcement: Announcement, { terms, token }: Subscription, { rules, pages }: PagesCall): string {
  const { external_agreement_no, planned_day, amount_fen, text } = announcement
  const cancel_url = pages && subscriptionAddress(pages.at, token)
  const amount = toYuan(amount_fen)
  const subscription = external_agreement_no
  return JSON.stringify({
    ...{ subscription, plan: terms.plan, subject: terms.subject, amount, planned_day, text, cancel_url },
    environment: rules.environment,
  })
}

type PagesCall = ShopCall & { pages?: { at: string } | undefined }

function secretOf(call: ShopCall): Buffer {
  const { deliverySecret } = requireShop(call).settings
  if (deliverySecret) return deliverySecret.reveal()
  throw refusal(OPERATION, 'no secret signs hooks here', 'Tell the operator to set ALIPAY_DELIVERY_SECRET_FILE.').with({
    kind: 'not_configured',
    message_zh: '没有配置签名密钥，无法发送续费通知。请管理员配置 ALIPAY_DELIVERY_SECRET_FILE。',
  })
}

function notTaken(why: string) {
  const [reason = '没有响应'] = /HTTP \d+|(?<=\()[A-Z_]+(?=\))/.exec(why) ?? []
  return refusal(OPERATION, `the hook that announces did not take it: ${why}`, HOOK).with({
    retry: 'yes_once',
    message_zh: `商家的通知接口没有接收（${reason}），本次不算已通知，也没有动钱。请检查该接口后再试。`,
  })
}

/** The key is the same the next time: a hook that heeds it sends the subscriber no second message. */
function unwritten({ external_agreement_no }: Subscription, { planned_day }: Renewal, why: string) {
  return new OutcomeUnknownError(OPERATION, why, {
    money: 'No money moved. The hook took the announcement; it does not count yet, because it is not in the ledger.',
    moved: 'no',
    next_step:
      'Tell the operator. Once the ledger can be used again, call announce_renewal again: the hook gets the same idempotency-key.',
    message_zh:
      '商家的通知接口已接收，但没能写入账本，还不算已通知；没有动钱。请管理员处理账本后再次调用 announce_renewal，幂等键不变。',
    facts: { external_agreement_no, planned_day },
  })
}

const HOOK = 'Call announce_renewal again, one time; if it fails again, tell the operator to look at the hook.'

const announcedElsewhere = () =>
  new InputError(
    'external_agreement_no: the plan of this subscription says "announce": "own": the merchant announces its renewals himself. Nothing was sent.',
    '这个订阅的方案写明由商家自行通知（announce: own），没有发送通知。',
  )
