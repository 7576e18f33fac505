// Why a period is not charged, in words: each reason with what to do about it.
import { beijingTime } from '../clock.ts'
import type { RefusedError } from '../errors.ts'
import { overLimit } from '../guard/limit-refusals.ts'
import { refusal } from '../guard/not-sent.ts'
import { blockedError } from '../guard/refusals.ts'
import type { Both } from '../language.ts'
import type { ChargeBlock, Subscription } from '../ledger/ledger.ts'
import { MOST_ATTEMPTS } from '../ledger/periods.ts'
import { toYuan } from '../money.ts'
import { hasAttemptLeft, IF_PAUSED, type Renewal, stateOf } from './renewal.ts'

const minute = (at: number) => beijingTime(at).slice(0, 16)

const OPERATION = 'charge_subscription'

function said(subscription: Subscription, not_sent: string, zh: string, next_step: string, next_zh = '') {
  const { external_agreement_no, planned_day } = subscription
  return refusal(OPERATION, not_sent, next_step, { external_agreement_no, planned_day }).with({
    retry: 'after_change',
    message_zh: `${zh}没有发送扣款，本次没有动钱。${next_zh}`,
  })
}

const POSTPONE =
  'Only a person can go on: postpone_subscription sets a later planned day; otherwise the subscription ends.'
const LOOK = 'query_subscription tells how it stands.'
const WAIT: Both = {
  en: 'Wait for the signature: query_subscription tells whether the buyer has signed.',
  zh: '请等用户签约；是否已签约可用 query_subscription 查询。',
}

/** @param renewal undefined: it is not live, or Alipay has told no planned day */
export function notDue(subscription: Subscription, renewal: Renewal | undefined, now: number): RefusedError {
  if (!renewal) {
    const state = stateOf(subscription, now)
    if (state === 'live') return noDay(subscription)
    if (state === 'paused')
      return said(subscription, 'Alipay has paused the agreement', '支付宝已暂停这个协议，', IF_PAUSED.en, IF_PAUSED.zh)
    if (state === 'offered')
      return said(subscription, 'the buyer has not signed yet', '用户还没有签约，', WAIT.en, WAIT.zh)
    return said(subscription, `the subscription is ${state}`, `订阅不在生效状态（${state}），`, 'Charge it no more.')
  }
  const { state, window, in_doubt, planned_day } = renewal
  switch (state) {
    case 'in_doubt':
      return said(
        subscription,
        `how the charge ${in_doubt?.out_trade_no} ended is unknown`,
        `上一次扣款 ${in_doubt?.out_trade_no} 的结果未知，`,
        `Find out with query_payment {"out_trade_no":"${in_doubt?.out_trade_no}"}.`,
      )
    case 'missed':
      return forPerson(subscription, `the window for ${planned_day} is over`, `${planned_day} 的扣款窗口已过，`)
    case 'failed':
      return failed(subscription, renewal)
    case 'ending':
      return said(subscription, 'it was paid as often as was agreed', '约定的期数已全部扣完，', 'Nothing more to do.')
    default:
      return notYet(subscription, planned_day, window)
  }
}

export const NO_DAY =
  'Ask again later with query_subscription. If it stays so, the operator asks Alipay, or cancel_subscription ends it: without a planned day nothing is ever charged.'

const noDay = (subscription: Subscription) =>
  said(
    subscription,
    'Alipay tells no planned day',
    '支付宝没有返回计划扣款日，',
    NO_DAY,
    '请稍后用 query_subscription 再查；仍然没有，请管理员咨询支付宝，或用 cancel_subscription 取消。',
  )

export const NEXT_DAY =
  'Ask the merchant: postpone_subscription sets the planned day of the next period, which has to be named (planned_day), and cancel_subscription ends it.'

/** Charged, and the day never moves: the next period would never be charged, and nobody would hear of it. */
export const noLaterDay = (subscription: Subscription) =>
  said(
    subscription,
    `the period of ${subscription.planned_day} is paid, and Alipay still plans that day, which is past`,
    `${subscription.planned_day} 这期已扣款，但支付宝的计划扣款日仍是这一天，已经过去，`,
    NEXT_DAY,
    '请商家决定：用 postpone_subscription 指定下一期的计划扣款日（planned_day），或用 cancel_subscription 取消。',
  )

function failed(subscription: Subscription, { planned_day, attempts }: Renewal): RefusedError {
  if (hasAttemptLeft(attempts))
    return said(
      subscription,
      `an attempt for ${planned_day} failed, and its number can still be paid`,
      `${planned_day} 的上一次扣款失败，其单号还可能被支付，`,
      'Make the same call again when ten minutes are over since it expired.',
    )
  if (attempts.length >= MOST_ATTEMPTS) return allFailed(subscription, planned_day, MOST_ATTEMPTS)
  return forPerson(
    subscription,
    `an attempt for ${planned_day} was sent, and Alipay never said no to it: another could charge twice`,
    `${planned_day} 的扣款曾经发出，支付宝没有明确拒绝，再扣可能重复，`,
  )
}

const allFailed = (subscription: Subscription, planned_day: string | undefined, most: number) =>
  forPerson(subscription, `all ${most} attempts for ${planned_day} failed`, `${planned_day} 已扣款失败 ${most} 次，`)

const forPerson = (subscription: Subscription, not_sent: string, zh: string) =>
  said(subscription, not_sent, zh, POSTPONE, '需要人工推后（postpone_subscription），否则订阅会失效。')

function notYet(subscription: Subscription, planned_day: string, window: Renewal['window']): RefusedError {
  if (window.state === 'unannounced')
    return said(
      subscription,
      `the renewal of ${planned_day} was not announced to the subscriber`,
      `${planned_day} 的续费还没有通知用户，`,
      `Call announce_renewal before ${minute(window.last)} Beijing time; five full days later it can be charged.`,
    )
  const from = 'from' in window ? minute(window.from) : planned_day
  return said(
    subscription,
    `it can be charged from ${from} Beijing time on`,
    `北京时间 ${from} 起才能扣款，`,
    'Wait until then.',
  )
}

/** Between Alipay's word and the charge. */
export function tooLate(subscription: Subscription): RefusedError {
  const why = 'this computer was asleep, or the window ended meanwhile'
  return said(subscription, why, '电脑休眠过，或扣款窗口已结束，', 'Make the same call again.')
}

const EACH_DAY: Both = { en: 'the charges of one day', zh: '单日扣款' }

export function chargeBlocked(block: ChargeBlock, subscription: Subscription): RefusedError {
  const { planned_day } = subscription
  switch (block.why) {
    case 'frozen':
    case 'cancelled':
    case 'not_live':
      return blockedError(OPERATION, block)
    case 'other_day':
      return said(
        subscription,
        `Alipay plans ${block.planned_day} by now`,
        `支付宝的计划扣款日已是 ${block.planned_day}，`,
        LOOK,
      )
    case 'just_tried':
      return said(subscription, 'another call has just tried this period', '另一个调用刚刚尝试过这一期，', LOOK)
    case 'postponing':
      return said(subscription, 'a later planned day is just being set', '正在改期，', LOOK)
    case 'paid_before':
      return said(
        subscription,
        `this period was charged before the ledger was put back (${block.out_trade_no})`,
        `这一期在账本恢复之前已扣款 ${block.out_trade_no}，`,
        LOOK,
      )
    case 'charged':
    case 'in_doubt':
    case 'still_payable':
    case 'unproven':
      return said(
        subscription,
        `${REASONS[block.why]} (${block.charge.out_trade_no})`,
        `这一期已有扣款 ${block.charge.out_trade_no}，`,
        LOOK,
      )
    case 'attempts':
      return allFailed(subscription, planned_day, block.most)
    case 'payments':
      return said(
        subscription,
        `all ${block.most} payments were made`,
        `约定的 ${block.most} 期已全部扣完，`,
        'Nothing more to do.',
      )
    case 'ceiling':
      return said(
        subscription,
        `the agreement allows ${toYuan(block.ceiling_fen)} at most`,
        `协议的单笔上限是 ${toYuan(block.ceiling_fen)} 元，`,
        LOOK,
      )
    case 'daily_charges': {
      const [limit, used] = [toYuan(block.limit_fen), toYuan(block.used_fen)]
      const asked = toYuan(subscription.terms.price_fen)
      return overLimit(
        OPERATION,
        EACH_DAY,
        { variable: 'ALIPAY_DAILY_CHARGES', asked, limit, used },
        'Tell the user and stop.',
      )
    }
  }
}

const REASONS = {
  charged: 'this period was charged',
  in_doubt: 'how a charge ended is unknown',
  still_payable: 'the number of an attempt before can still be paid',
  unproven: 'an attempt was sent, and Alipay never said no to it',
} as const
