// What happens in a simulation, as plain data that fast-check makes and shrinks.
import type { FaultName } from '../../src/emulator/faults.ts'
import type { FormName } from '../../src/emulator/notifications/forms.ts'
import type { LinkChannel } from '../../src/gateway/gateway.ts'
import type { Device, Way } from './buyers.ts'
import type { Claim } from './courier.ts'
import type { FrontTrouble } from './front.ts'
import type { NetworkFault } from './network.ts'
import { type ShopSettings, type ShopStep, toldPart } from './steps-shop.ts'
import type { SubscriptionSettings, SubscriptionStep } from './steps-subscriptions.ts'

/** How the merchant answers what is asked while a call runs. */
export type Mood = 'yes' | 'no' | 'silence' | 'late_yes' | 'refunds_by_hand_then_yes'

/** One call of the agent; an order is named by its place among those that the agent knows. */
export type Operation =
  | {
      call: 'create'
      total: number
      channel: 'page' | 'mobile' | 'qr'
      own?: number | undefined
      replaces?: number | undefined
      minutes: number
    }
  | {
      call: 'refund'
      order: number
      request: 'part' | 'rest' | 'whole' | 'too_much'
      part: number
      number: 'none' | 'offered' | 'invented'
      by_trade_no: boolean
    }
  | { call: 'query' | 'close'; order: number }
  | { call: 'wait'; order: number; seconds: number }
  | { call: 'query_refund'; order: number; by: 'amount' | 'number' | 'order'; part: number }
  | { call: 'list'; refresh: boolean }
  /** Of an item, where the merchant has a shop. */
  | { call: 'sell'; item: number; quantity: number }
  | { call: 'deliver'; order: number }
  /** Not a tool: what "alipay-mcp resolve" does. */
  | { call: 'resolve' }

/** Something that happens after so many operations (of ledger and network) of the process that works on the call. */
export type Meanwhile = { at: number } & (
  | { does: 'kill' | 'cancel' | 'freeze' | 'unfreeze' | 'ledger_fails' }
  | { does: 'sleep'; ms: number }
  | { does: 'by_hand'; order: number }
  | { does: 'pay'; order: number }
  /** On the page of the order that the call is about, else of that one; the front goes on meanwhile, and so does the call. */
  | {
      does: 'press'
      order: number
      same: boolean
      channel: LinkChannel
      pays: boolean
      trouble: FrontTrouble | undefined
    }
  | { does: 'watch' }
  | { does: 'notify'; back: number }
  /** The goods on the page of the order that the call is about. */
  | { does: 'show' }
  /** Somebody ends, on its page, the subscription that the call is about. */
  | { does: 'unsubscribe' }
  /** A person at a terminal, to the oldest request of a buyer. */
  | { does: 'answer'; yes: boolean }
)

export interface Call {
  operation: Operation
  host: number
  mood: Mood
  meanwhile: readonly Meanwhile[]
}

export type Step =
  /** One after the other, or at once, each so many milliseconds after the one before. */
  | { does: 'call'; calls: readonly (Call & { after: number })[] }
  /** The last refund with the same words, or with the number that was offered for a further one. */
  | { does: 'again'; further: boolean; host: number; mood: Mood; meanwhile: readonly Meanwhile[] }
  | { does: 'pay' | 'scan'; order: number; link: number }
  | { does: 'by_hand'; order: number; part: number }
  /** `insists`: once the page has asked Alipay, as it says it does, who came presses again. */
  | {
      does: 'visit'
      order: number
      way: Way
      device: Device
      pays: boolean
      insists: boolean
      trouble: FrontTrouble | undefined
    }
  /** One of Alipay's notifications, counted from the newest, as it was or forged. */
  | { does: 'notify'; back: number; form: FormName; trouble: FrontTrouble | undefined }
  | { does: 'invent'; order: number; claim: Claim; form: FormName }
  | { does: 'watch'; place: number; looks: number; killedAt: number | undefined }
  | {
      does: 'fault'
      fault: FaultName
      method: string | undefined
      times: number
      ms: number
      sub_code: string
    }
  | { does: 'network'; fault: NetworkFault; method: string | undefined; times: number }
  | {
      does: 'clear_faults' | 'freeze' | 'unfreeze' | 'restart' | 'no_balance' | 'top_up' | 'approve' | 'deny'
    }
  | { does: 'time'; ms: number }
  | ShopStep
  | SubscriptionStep

export interface Settings {
  approval: 'chat' | 'operator' | 'none' | undefined
  forms: boolean
  era: 'old' | 'modern'
  /** Each process begins with resolving by reading what it finds, as the server does where its ledger is a file. */
  warmUp: boolean
  approveAboveFen: number | undefined
  dailyRefundsFen: number | undefined
  dailyPaymentsFen: number | undefined
  maxRefundFen: number | undefined
  latencies: readonly number[]
  /** A ledger on disk, and one connection to it for each process. */
  file: boolean
  precreate_repeat: 'code_again' | 'refused'
  close_before_scan: 'not_exist_only' | 'blocks'
  close_notification: 'sent' | 'not_sent'
  two_products: 'continued' | 'refused'
  /** Which servers have pages: none, all, or only the first, with another one beside it that gives links of Alipay's. */
  pages: 'none' | 'all' | 'first'
  /** Whether Alipay's notifications arrive by themselves, only as steps, or never. */
  notified: 'soon' | 'by_step'
  /** What there is at the beginning. */
  orders: readonly { total: number; paid: boolean }[]
  /** Buyers are in the chat of servers of their own, on the same ledger; undefined: there are none. */
  shop: ShopSettings | undefined
  /** Undefined: nobody subscribes to anything. */
  subscriptions: SubscriptionSettings | undefined
}

export interface Scenario {
  settings: Settings
  steps: readonly Step[]
}

/** Few amounts, so that different requests come to the same ones: the rest of 60.00 after 10.00 is 50.00. */
export const TOTALS = ['100.00', '60.00', '80.00'] as const
export const PARTS = ['10.00', '50.00', '30.00', '0.01'] as const

/** One line, for a person who reads what went wrong. */
export function told(step: Step): string {
  if (step.does === 'together' || step.does === 'subscribed' || step.does === 'renewal') {
    const { parts, ...rest } = step
    return `${short(rest)}: ${parts.map(toldPart).join(' | ')}`
  }
  if (step.does !== 'call') return short(step)
  const calls = step.calls.map(({ operation, ...rest }) => `${operation.call} ${short({ ...operation, ...rest })}`)
  return calls.length > 1 ? `at once: ${calls.join(' | ')}` : calls.join()
}

function short(fields: object): string {
  const shown = Object.entries(fields).filter(([key, value]) => {
    const usual: unknown = Reflect.get(USUAL, key)
    return value !== undefined && value !== usual && !(Array.isArray(value) && value.length === 0)
  })
  return shown.map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(' ')
}

const USUAL = {
  further: false,
  host: 0,
  mood: 'yes',
  number: 'none',
  by_trade_no: false,
  after: 0,
  channel: 'page',
  minutes: 30,
}
