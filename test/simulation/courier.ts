// Brings notifications to the front: Alipay's own, soon or late or again, and those that somebody forges or makes up.
import { buyerOf } from '../../src/emulator/buyers.ts'
import { FORMS, type FormName } from '../../src/emulator/notifications/forms.ts'
import { type Event, notificationFields } from '../../src/emulator/notifications/notification.ts'
import type { Notification } from '../../src/emulator/notifications/notification-queue.ts'
import { fenOf, type KnownOrder } from './agent.ts'
import type { Trade } from './alipay.ts'
import type { FrontTrouble } from './front.ts'
import type { World } from './world.ts'

/** What an invented notification is about. */
export type Claim = 'paid' | 'refunded' | 'closed'

const GENUINE: readonly string[] = ['again', 'gbk', 'empty_value', 'empty_value_signed']
const SUCCESS = '200 success'
const SOON_MS = 700
// As the emulator, but in a story of hours the last ones never come.
const AGAIN_MS = [240_000, 600_000, 600_000, 3_600_000]

export class Courier {
  constructor(readonly world: World) {}

  /** Alipay has something new to tell: it comes soon, and again until it was taken. */
  heard(notification: Notification): void {
    if (this.world.scenario.settings.notified === 'soon') this.#later(notification, SOON_MS, 0)
  }

  /** One of those that Alipay has sent or wants to send, counted from the newest, in whichever form. */
  async bring(back: number, form: FormName, trouble?: FrontTrouble): Promise<void> {
    const { notifications } = this.world.stage.alipay.platform
    await notifications.deliver(this.world.stage.alipay.platform)
    const all = notifications.all()
    const one = all.at(-1 - (back % Math.max(1, all.length)))
    if (one) await this.#bring(one.fields, form, trouble)
  }

  /** One of something that never happened. */
  async bringInvented(order: KnownOrder, claim: Claim, form: FormName): Promise<void> {
    const { platform } = this.world.stage.alipay
    const { trade, event } = this.#claimed(order, claim)
    await this.#bring(notificationFields(trade, platform.app_id, event, platform), form)
  }

  #later(notification: Notification, ms: number, tries: number): void {
    this.world.stage.time.after(ms, () => {
      this.world.background(this.#try(notification, tries))
    })
  }

  async #try(notification: Notification, tries: number): Promise<void> {
    if (notification.confirmed) return
    const answer = await this.#bring(notification.fields, 'again')
    notification.confirmed = answer === SUCCESS
    const pause = AGAIN_MS[tries]
    if (!notification.confirmed && pause !== undefined) this.#later(notification, pause, tries + 1)
  }

  async #bring(fields: Notification['fields'], form: FormName, trouble?: FrontTrouble): Promise<string> {
    const { stage, records, terminal, front } = this.world
    const body = FORMS.get(form)?.write(fields, stage.alipay.platform) ?? ''
    const order = { out_trade_no: fields.get('out_trade_no') ?? '' }
    const agreement = { external_agreement_no: fields.get('external_agreement_no') ?? '' }
    const began = stage.time.moment()
    const asked = JSON.stringify(await terminal.subscription(agreement))
    const [at, before] = [stage.time.now(), await terminal.order(order)]
    const answer = await front.notify(body, trouble)
    // Of another program's order under that number it is not about ours.
    const total_amount = fields.get('total_amount')
    const isOther = before !== undefined && total_amount !== undefined && total_amount !== before.total_amount
    const isGenuine = GENUINE.includes(form) && !isOther
    const isAlone = at === stage.time.now() && this.world.running === 0
    const agreed = JSON.stringify(await terminal.subscription(agreement))
    const [after, moment] = [await terminal.order(order), stage.time.moment()]
    const told = {
      form: isOther && GENUINE.includes(form) ? 'other_amount' : form,
      isGenuine,
      fields,
      answer,
      before,
      after,
      isAlone,
      began,
      moment,
      isAgreementSame: asked === agreed,
    }
    records.pages.notified.push(told)
    return answer
  }

  #claimed({ out_trade_no, total }: KnownOrder, claim: Claim): { trade: Trade; event: Event } {
    const { alipay, time } = this.world.stage
    const buyer = buyerOf(undefined)
    if (!buyer) throw new Error('the emulator has no buyer')
    const [at, total_fen] = [time.now(), fenOf(total)]
    const refund = { out_request_no: 'RF_INVENTED', fen: total_fen, at, reason: undefined, by: 'console' } as const
    const trade: Trade = {
      ...{ trade_no: '2026112022001400000000000009', created_at: at, expires_at: at + 1_800_000, channel: 'page' },
      ...{ subject: 'Tea', body: undefined, buyer, notify_to: undefined, refund_tried: false },
      ...alipay.trade(out_trade_no),
      ...{ out_trade_no, total_fen },
      paid_at: claim === 'closed' ? undefined : at,
      closed_at: claim === 'closed' ? at : undefined,
      refunds: claim === 'refunded' ? [refund] : [],
    }
    if (claim === 'refunded') return { trade, event: { kind: 'refund', refund } }
    return { trade, event: { kind: claim === 'closed' ? 'close' : 'payment' } }
  }
}
