// The delivery hook of a shop in a story, as it answers the watcher: at once, late, not at all, or not as it is.
import type { Exchanged, ExchangeOptions } from '../../src/gateway/exchange.ts'
import type { Life } from './life.ts'
import type { VirtualTime } from './virtual-time.ts'

/**
 * `lies`: says that it took the order, and did not. `slow`: takes it, and answers when nobody listens any more. `loses`:
 * takes it, and its answer is lost. `away`: nothing reaches it.
 */
export type HookMood = 'takes' | 'fails' | 'lies' | 'slow' | 'loses' | 'away' | 'moved'

export interface HookCall {
  life: Life
  url: string
  body: string
  headers: Readonly<Record<string, string>>
  at: number
  moment: number
  mood: HookMood
  /** What came back, and when; 0 where the caller was killed before. */
  status?: number
  ended: number
}

export const HOOK_SECRET = Buffer.from('a secret of hooks that nobody reads')
const ANSWER_MS = 30

const STATUS: Readonly<Record<HookMood, number | undefined>> = {
  takes: 200,
  fails: 500,
  lies: 202,
  moved: 302,
  slow: undefined,
  loses: undefined,
  away: undefined,
}

export class Hook {
  readonly calls: HookCall[] = []

  constructor(
    readonly time: VirtualTime,
    public mood: HookMood,
  ) {}

  async post(life: Life, url: string, body: string, { headers = {}, within }: ExchangeOptions): Promise<Exchanged> {
    await life.event()
    const { mood } = this
    if (mood === 'away') return { kind: 'not_sent', why: 'nothing listens at the address' }
    const call: HookCall = { life, url, body, headers, at: this.time.now(), moment: this.time.moment(), mood, ended: 0 }
    this.calls.push(call)
    await this.time.pause(mood === 'slow' ? within : ANSWER_MS, true)
    await life.event()
    call.ended = this.time.moment()
    const status = STATUS[mood]
    if (status === undefined) return { kind: 'lost', why: 'no answer came' }
    call.status = status
    return { kind: 'answered', host: 'goods.example', status, bytes: Buffer.from('{"refund": "yes, please"}') }
  }
}

/** The order that a call is about, as its sender says. */
export function orderOf({ headers }: HookCall): string {
  return headers['idempotency-key'] ?? ''
}
