// The hook of the merchant's that announces renewals, as it answers: at once, late, not at all, or not as it is.
import { fromBeijingTime } from '../../src/clock.ts'
import type { Fields } from './alipay.ts'
import type { Request } from './network.ts'
import type { VirtualTime } from './virtual-time.ts'

/** `slow`: takes it, and answers when nobody listens any more. `loses`: takes it, and its answer is lost. */
export type AnnounceMood = 'takes' | 'hesitates' | 'fails' | 'slow' | 'loses' | 'away' | 'moved'

export interface AnnounceCall {
  external_agreement_no: string
  planned_day: string
  amount: string
  mood: AnnounceMood
  /** When it said so; 0 while it has not, or nobody heard it. */
  at: number
  moment: number
  status: number
}

export const ANNOUNCE_PORT = 19_000
export const ANNOUNCE_ADDRESS = `http://127.0.0.1:${ANNOUNCE_PORT}/announce`
const ANSWERS: Readonly<Record<AnnounceMood, { status?: number; ms: number }>> = {
  takes: { status: 204, ms: 30 },
  hesitates: { status: 200, ms: 6_000 },
  fails: { status: 500, ms: 30 },
  moved: { status: 302, ms: 30 },
  slow: { status: 200, ms: 20_000 },
  loses: { ms: 30 },
  away: { ms: 1 },
}

export class AnnounceHook {
  readonly calls: AnnounceCall[] = []

  constructor(
    readonly time: VirtualTime,
    public mood: AnnounceMood,
  ) {}

  async answer(request: Request, body: string): Promise<void> {
    const { mood, time } = this
    const { subscription, planned_day, amount }: Fields = JSON.parse(body)
    const { status, ms } = ANSWERS[mood]
    const named = { external_agreement_no: String(subscription), planned_day: String(planned_day) }
    const call = { ...named, amount: String(amount), mood, at: 0, moment: time.moment(), status: 0 }
    this.calls.push(call)
    await time.pause(ms, true)
    if (request.destroyed) return
    if (status === undefined) return request.fail('ECONNRESET')
    Object.assign(call, { at: time.now(), moment: time.moment(), status })
    request.answer(status, '{"approved": true}')
  }
}

/** Whether the subscriber was told, at the latest when it said so. */
export const isTaken = ({ status }: AnnounceCall) => status >= 200 && status < 300

export const dayStart = (day: string) => fromBeijingTime(`${day} 00:00:00`)
