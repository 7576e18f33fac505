// Alipay in a simulation: the emulator's parts, put together so that its trades lie open, and its control API as plain calls.
import { generateKeyPairSync } from 'node:crypto'
import { type Agreement, paidTrades, skipMissedDays } from '../../src/emulator/agreements/agreement.ts'
import { AgreementStore } from '../../src/emulator/agreements/agreement-store.ts'
import { Console } from '../../src/emulator/console.ts'
import { answerControl } from '../../src/emulator/control.ts'
import { type FaultOrder, FaultQueue } from '../../src/emulator/faults.ts'
import { type Notification, NotificationQueue } from '../../src/emulator/notifications/notification-queue.ts'
import { type Platform, usualRules } from '../../src/emulator/platform.ts'
import type { KeyPair } from '../../src/emulator/signature.ts'
import { refundedFen, statusOf, type Trade } from '../../src/emulator/trade.ts'
import { TradeStore } from '../../src/emulator/trade-store.ts'
import type { ChargeFacts } from './subscription-records.ts'

export type Fields = Readonly<Record<string, unknown>>

const ORIGIN = 'http://127.0.0.1'
const APP_ID = '9021000000000001'

/** How time passes there, and how good its keys are: signing is most of what a run costs. */
export interface Making {
  clock: Platform['clock']
  pause: Platform['pause']
  keyBits: number
}

/** Remembers which fault hit the last call. */
class SeenFaults extends FaultQueue {
  last: FaultOrder | undefined

  override take(method: string): FaultOrder | undefined {
    this.last = super.take(method)
    return this.last
  }
}

/** Tells of each notification that Alipay wants to send. */
class HeardNotifications extends NotificationQueue {
  heard: (notification: Notification) => void = () => {}

  override add(...args: Parameters<NotificationQueue['add']>): void {
    const before = this.all().length
    super.add(...args)
    for (const one of this.all().slice(before)) this.heard(one)
  }

  override addAgreement(...args: Parameters<NotificationQueue['addAgreement']>): void {
    super.addAgreement(...args)
    const one = this.all().at(-1)
    if (one) this.heard(one)
  }
}

export class Alipay {
  readonly faults = new SeenFaults()
  readonly notifications = new HeardNotifications(new AbortController().signal)
  readonly platform: Platform & { readonly keys: { readonly application: KeyPair } }

  constructor({ clock, pause, keyBits }: Making) {
    const pair = () => generateKeyPairSync('rsa', { modulusLength: keyBits })
    const keys = { application: pair(), alipay: pair() }
    this.platform = {
      origin: ORIGIN,
      clock,
      keys,
      certificates: undefined,
      app_id: APP_ID,
      apps: new Map([[APP_ID, keys.application]]),
      seller_id: '2088000000000001',
      trades: new TradeStore(),
      agreements: new AgreementStore(),
      console: new Console(),
      faults: this.faults,
      notifications: this.notifications,
      calls: new Map(),
      rules: usualRules(),
      pause,
    }
  }

  /** False where the emulator refuses it, as when a link that has expired is paid. */
  control(path: string, body: Readonly<object> = {}): boolean {
    const url = new URL(`${ORIGIN}/control/${path}`)
    const headers = { 'content-type': 'application/json' }
    const reply = answerControl(
      { method: 'POST', url, headers, body: Buffer.from(JSON.stringify(body)) },
      this.platform,
    )
    return reply instanceof Promise || ('status' in reply && reply.status === 200)
  }

  trades(): readonly Trade[] {
    return this.platform.trades.all()
  }

  trade(out_trade_no: string): Trade | undefined {
    return this.platform.trades.find({ out_trade_no })
  }

  agreements(): readonly Agreement[] {
    const { agreements, clock, rules } = this.platform
    agreements.catchUp(clock.now())
    for (const agreement of agreements.all()) skipMissedDays(agreement, clock.now(), rules.missed_window)
    return agreements.all()
  }

  /** What the books say of the agreement that a charge names. */
  chargeFacts({ agreement_params, ...biz }: Fields): ChargeFacts | undefined {
    const { agreement_no } = Object(agreement_params ?? biz)
    const agreement = this.agreements().find((one) => one.agreement_no === agreement_no)
    if (!agreement) return undefined
    const { planned_day, terms } = agreement
    const external_agreement_no = terms.external_agreement_no ?? ''
    return { external_agreement_no, planned_day, at: this.platform.clock.now(), paid: paidTrades(agreement).length }
  }

  status(out_trade_no: string) {
    const trade = this.trade(out_trade_no)
    return trade && statusOf(trade, this.platform.clock.now())
  }
}

/** What was refunded over the API: by our servers, for there is nobody else. */
export function ours(trade: Trade | undefined) {
  return trade?.refunds.filter(({ by }) => by === 'api') ?? []
}

export { refundedFen, type Trade }
