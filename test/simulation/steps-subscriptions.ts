// What happens to subscriptions, as plain data: who signs, ends, announces and charges, on which day, and what goes on at once.
import type { SWITCHES } from '../../src/emulator/platform.ts'
import type { Listed } from '../../src/subscriptions/list-subscriptions.ts'
import type { AnnounceMood } from './announce-hook.ts'
import type { FrontTrouble } from './front.ts'
import type { Meanwhile } from './steps.ts'

/** How Alipay is where nobody knows it. */
export type AgreementSwitches = Pick<
  { [Name in keyof typeof SWITCHES]: (typeof SWITCHES)[Name][number] },
  | 'charge_window'
  | 'failed_charge'
  | 'missed_window'
  | 'agreement_notification'
  | 'unsign_unknown'
  | 'deduct_time_form'
  | 'query_by_external_no'
>

export interface SubscriptionSettings {
  switches: AgreementSwitches
  hook: AnnounceMood
  dailyChargesFen: number | undefined
  /** What was signed before anything goes wrong, and charged for the first time. */
  signed: readonly { plan: number; buyer: number | undefined; account: number; charged: boolean }[]
}

export type SubscriptionTool = 'query' | 'announce' | 'charge' | 'postpone' | 'cancel'

/** What a visitor of its page does. `open`: gets the sign link. `cancel_ahead`: a browser that fetches what may be pressed. */
export type SubscriptionWay = 'open' | 'look' | 'state' | 'return' | 'ask' | 'cancel' | 'cancel_ahead'

/** One of several things that begin so many milliseconds one after the other; `of` is the newest subscription but so many. */
export type SubscribedPart = { after: number } & (
  | { does: 'offer'; plan: number; buyer: number | undefined; host: number; meanwhile: readonly Meanwhile[] }
  | {
      does: 'tool'
      tool: SubscriptionTool
      of: number
      /** Of a buyer's chat: his own, or whichever. */
      buyer: number | undefined
      /** From today, where it is postponed to a day. */
      days: number | undefined
      host: number
      meanwhile: readonly Meanwhile[]
    }
  | { does: 'list'; state: Listed | undefined; host: number }
  | { does: 'charge_due'; killedAt: number | undefined }
  /** With the newest link but so many; who has none presses on the page first. */
  | { does: 'sign'; of: number; account: number; back: number; trouble: FrontTrouble | undefined }
  | { does: 'page'; of: number; way: SubscriptionWay; trouble: FrontTrouble | undefined }
  /** The buyer ends it inside Alipay. */
  | { does: 'wallet'; of: number }
  | { does: 'look'; place: number; looks: number; killedAt: number | undefined }
)

/** Of a Beijing day: its first and last seconds, noon, and around the end of the window. */
export const HOURS = {
  first: '00:00:02',
  noon: '12:00:00',
  closing: '19:59:57',
  closed: '20:00:01',
  last: '23:59:57',
} as const
export type Hour = keyof typeof HOURS

/** How Alipay takes the next charges, or what becomes of the next answers about them. */
export type NextCharge =
  | { outcome: 'refuse' | 'in_process' | 'late'; seconds: number; end: 'paid' | 'closed'; times: number }
  | { outcome: 'lost_before' | 'lost_after' | 'late_answer'; times: number }

export type SubscriptionStep =
  /** At once, or one after the other. */
  | { does: 'subscribed'; in_order?: boolean; parts: readonly SubscribedPart[] }
  /** So many days after the planned day of that one; tomorrow, where that is over. */
  | { does: 'day'; of: number; days: number; hour: Hour }
  /** A renewal as it should be: announced in time, unless nobody does that, and when it can be charged these happen. */
  | {
      does: 'renewal'
      of: number
      /** At which hour, eight days before. */
      announced: Hour | undefined
      days: number
      hour: Hour
      outcome: NextCharge | undefined
      parts: readonly SubscribedPart[]
    }
  | { does: 'next_charge'; of: number; outcome: NextCharge }
  | { does: 'decide'; end: 'paid' | 'closed' }
  | { does: 'announce_hook'; mood: AnnounceMood }
