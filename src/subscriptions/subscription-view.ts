// What a result says of a subscription: how it stands, what its next period needs, and its charges.
import { beijingTime } from '../clock.ts'
import { LedgerError } from '../errors.ts'
import type { Both } from '../language.ts'
import type { Charge, Subscription } from '../ledger/ledger.ts'
import { MOST_ATTEMPTS } from '../ledger/periods.ts'
import { toYuan } from '../money.ts'
import type { ShopCall } from '../shop/buyer.ts'
import { periodText } from '../shop/plan-words.ts'
import type { Item, ToolResult } from '../tool-result.ts'
import { NEXT_DAY, NO_DAY } from './charge-refusals.ts'
import type { ChargeWindow } from './charge-window.ts'
import { recordsOf } from './find-subscription.ts'
import { hasNoNextDay, IF_PAUSED, type Renewal, type RenewalState, renewalOf, stateOf } from './renewal.ts'
import { subscriptionAddress } from './subscription-page-path.ts'

export type ViewingCall = ShopCall & { pages?: { at: string } | undefined }

const minute = (at: number) => `${beijingTime(at).slice(0, 16)} Beijing time`

/** With what the ledger has of its charges. */
export async function subscriptionView(subscription: Subscription, call: ViewingCall): Promise<ToolResult> {
  const { charges, announcements } = await recordsOf(subscription, call)
  const now = call.clock.now()
  const renewal = renewalOf(subscription, charges, announcements, now)
  const { external_agreement_no, terms, signed_at, buyer_logon_id, token } = subscription
  const isMerchant = call.role === 'merchant'
  const { message, message_zh } = standing(subscription, isMerchant ? renewal : asBuyersHear(renewal), now)
  const period = periodText(terms)
  const isOpen = stateOf(subscription, now) === 'offered'
  return {
    ...{ message, message_zh, external_agreement_no, plan: terms.plan, subject: terms.subject },
    ...{ price: toYuan(terms.price_fen), period: period.en, period_zh: period.zh },
    state: stateOf(subscription, now),
    sign_url: isOpen && call.pages ? subscriptionAddress(call.pages.at, token) : undefined,
    signed_at: signed_at === undefined ? undefined : minute(signed_at),
    buyer_logon_id: isMerchant ? buyer_logon_id : undefined,
    planned_day: renewal?.planned_day,
    renewal: isMerchant ? renewal?.state : undefined,
    announced_at: announcedAt(renewal),
    charges: charges.length > 0 ? charges.map(chargeItem) : undefined,
    next_step: isMerchant ? nextStep(subscription, renewal, now) : buyerStep(subscription, now),
  }
}

/** After something was done: a ledger that cannot be read now must not hide that. */
export async function viewIgnoringLedgerErrors(subscription: Subscription, call: ViewingCall): Promise<ToolResult> {
  try {
    return await subscriptionView(subscription, call)
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    const { external_agreement_no } = subscription
    return {
      message: 'It is done; the ledger could not be read after that.',
      message_zh: '已完成，但之后账本无法读取。',
      ...{ external_agreement_no, next_step: 'Later query_subscription tells how it stands.' },
    }
  }
}

function announcedAt(renewal: Renewal | undefined): string | undefined {
  const at = renewal?.notice.kind === 'hook' ? renewal.notice.announced_at : undefined
  return at === undefined ? undefined : minute(at)
}

const CHARGE_STATES = { done: 'paid', refused: 'refused', not_executed: 'not made' } as const

function chargeItem({ out_trade_no, planned_day, attempt, amount_fen, intent }: Charge): Item {
  const { state } = intent
  const how = state === 'done' || state === 'refused' || state === 'not_executed' ? CHARGE_STATES[state] : 'unknown'
  return { out_trade_no, planned_day, attempt, amount: toYuan(amount_fen), state: how }
}

interface Words {
  message: string
  message_zh: string
}

function standing(subscription: Subscription, renewal: Renewal | undefined, now: number): Words {
  const { terms, offer_until, cancel, ended_at } = subscription
  const price = `${toYuan(terms.price_fen)} yuan ${periodText(terms).en}`
  const zh = `${periodText(terms).zh} ${toYuan(terms.price_fen)} 元`
  if (cancel?.by === 'undue') return undue(ended_at !== undefined)
  switch (stateOf(subscription, now)) {
    case 'offered':
      return {
        message: `Offered: ${price}. Not signed yet; it can be signed until ${minute(offer_until)}.`,
        message_zh: `已创建订阅（${zh}），等待签约。`,
      }
    case 'expired':
      return {
        message: `The offer is over: nobody signed it in time. A late signature is undone, and nothing is charged.`,
        message_zh: '签约已过期，不会扣款。',
      }
    case 'cancelling':
      return subscription.signed_at === undefined
        ? {
            message:
              'Cancelled before it was signed. If somebody signs its old link, that is undone, and nothing is charged.',
            message_zh: '签约前已取消。如有人用旧链接签约，会自动解约，不会扣款。',
          }
        : {
            message: `Cancelled on ${minute(cancel?.at ?? now)}: nothing more is charged. Alipay has not confirmed its end yet.`,
            message_zh: '已取消，此后不再扣款；支付宝尚未确认解约。',
          }
    case 'ended':
      return {
        message: `Ended on ${minute(ended_at ?? now)}${cancel?.by === 'wallet' ? ', in Alipay' : ''}. Nothing more is charged.`,
        message_zh: '订阅已结束，此后不再扣款。',
      }
    case 'paused':
      return {
        message: `Paused in Alipay: ${price}. Nothing is announced or charged until Alipay says that it is in force again.`,
        message_zh: `订阅在支付宝已暂停（${zh}）。恢复之前不通知续费，也不扣款。`,
      }
    case 'live': {
      const said = renewal ? RENEWALS[renewal.state](renewal) : NO_PLANNED_DAY
      const late = renewal && hasNoNextDay(renewal, now) ? NO_LATER_DAY : NOTHING_LATE
      return {
        message: `Live: ${price}. ${said.en}${late.en}`,
        message_zh: `订阅生效中（${zh}）。${said.zh}${late.zh}`,
      }
    }
  }
}

const undue = (isOver: boolean): Words => ({
  message: `The signature ${isOver ? 'was' : 'is being'} undone: it came after the offer was over, or beside another live subscription of the same payer. Nothing is charged.`,
  message_zh: `${isOver ? '签约已撤销' : '正在撤销签约'}：签约时已超过期限，或同一付款人已有生效中的相同订阅。不会扣款。`,
})

const NO_PLANNED_DAY: Both = { en: 'Alipay tells no planned day.', zh: '支付宝没有返回计划扣款日。' }
const NOTHING_LATE: Both = { en: '', zh: '' }
const NO_LATER_DAY: Both = { en: ' Alipay tells no later planned day yet.', zh: '支付宝还没有返回下一个计划扣款日。' }

const RENEWALS: Readonly<Record<RenewalState, (renewal: Renewal) => Both>> = {
  waiting: ({ planned_day, window }) => ({
    en: `Next planned charge: ${planned_day}${possibleFrom(window)?.en ?? ''}.`,
    zh: `下次计划扣款日 ${planned_day}${possibleFrom(window)?.zh ?? ''}。`,
  }),
  to_announce: ({ planned_day }) => ({
    en: `The renewal of ${planned_day} has to be announced now.`,
    zh: `${planned_day} 的续费应当现在通知用户。`,
  }),
  due: ({ planned_day }) => ({ en: `The charge of ${planned_day} is due.`, zh: `${planned_day} 这期现在可以扣款。` }),
  charged: ({ planned_day }) => ({ en: `The period of ${planned_day} is paid.`, zh: `${planned_day} 这期已扣款。` }),
  failed: ({ planned_day, attempts }) => ({
    en: `${attempts.length} of ${MOST_ATTEMPTS} attempts for ${planned_day} failed.`,
    zh: `${planned_day} 这期扣款失败 ${attempts.length} 次，最多 ${MOST_ATTEMPTS} 次。`,
  }),
  in_doubt: ({ in_doubt }) => ({
    en: `How the charge ${in_doubt?.out_trade_no} ended is unknown.`,
    zh: `扣款 ${in_doubt?.out_trade_no} 的结果未知。`,
  }),
  missed: ({ planned_day }) => ({
    en: `The window of ${planned_day} is over, and nothing was charged.`,
    zh: `${planned_day} 的扣款窗口已过，没有扣款。`,
  }),
  ending: () => ({ en: 'It was paid as often as was agreed.', zh: '约定的期数已全部扣完。' }),
}

function possibleFrom(window: ChargeWindow): Both | undefined {
  if (window.state === 'open') return { en: ', possible from now on', zh: '，现在起即可扣款' }
  if (window.state !== 'early') return undefined
  return { en: `, possible from ${minute(window.from)}`, zh: `，最早 ${beijingTime(window.from).slice(0, 10)} 扣款` }
}

/** What the merchant has to do by then is not the buyer's to hear. */
function asBuyersHear(renewal: Renewal | undefined): Renewal | undefined {
  const isMerchants = renewal?.state === 'to_announce' || renewal?.state === 'due'
  return isMerchants ? { ...renewal, state: 'waiting' } : renewal
}

const STEPS: Readonly<Partial<Record<RenewalState, string>>> = {
  to_announce: 'Call announce_renewal.',
  due: 'Call charge_subscription, or leave it to "alipay-mcp charge-due".',
  failed:
    'charge_subscription tells whether it may be tried again; else postpone_subscription, or cancel_subscription.',
  in_doubt: 'Charge nothing. Call query_subscription again in a minute: it finds out how the charge ended.',
  missed: 'Ask the merchant: postpone_subscription sets a later day, cancel_subscription ends it.',
  ending: 'cancel_subscription ends it, if the merchant wants that.',
}

function nextStep(subscription: Subscription, renewal: Renewal | undefined, now: number): string {
  const state = stateOf(subscription, now)
  if (state === 'offered') return SHOW
  if (state === 'cancelling') return 'Call cancel_subscription again, or leave it to "listen".'
  if (state === 'paused') return IF_PAUSED.en
  if (state === 'live' && hasNoNextDay(renewal, now)) return renewal ? NEXT_DAY : NO_DAY
  return (renewal && STEPS[renewal.state]) ?? 'Nothing to do now.'
}

const SHOW =
  'Show the buyer sign_url unchanged: it is signed there, in Alipay. Then call query_subscription. Nothing is charged by the signature itself.'

function buyerStep(subscription: Subscription, now: number): string {
  const state = stateOf(subscription, now)
  if (state === 'offered') return SHOW
  return state === 'live' || state === 'paused'
    ? 'Tell the buyer. cancel_subscription ends it whenever the buyer likes.'
    : 'Tell the buyer.'
}

/** One of several, short. */
export function subscriptionItem(subscription: Subscription, renewal: Renewal | undefined, now: number): Item {
  const { external_agreement_no, terms, buyer_logon_id } = subscription
  return {
    ...{ external_agreement_no, plan: terms.plan, price: toYuan(terms.price_fen), state: stateOf(subscription, now) },
    ...{ renewal: renewal?.state, planned_day: renewal?.planned_day, buyer_logon_id },
  }
}
