// Watches every unpaid order to its end, and settles what is in doubt, by reading only: it never sends what changes something.
import type { ClockOffsets } from '../clock.ts'
import { LedgerError, NoAnswerError, RefusedError } from '../errors.ts'
import type { Call } from '../guard/call.ts'
import { IN_DOUBT_MS, POLL_MS } from '../guard/deadlines.ts'
import { resolveOrder } from '../guard/in-doubt.ts'
import { isContradiction } from '../guard/read-trade.ts'
import { ignoringLedgerErrors } from '../guard/send-permit.ts'
import type { Both } from '../language.ts'
import type { Intent, Ledger, NewAlert, QueryRequest, UnpaidOrder } from '../ledger/ledger.ts'
import { WATCHER_LEASE } from '../ledger/watching.ts'
import { toYuan } from '../money.ts'
import { knownOrder, lookUp } from '../orders/find-order.ts'
import { LookSchedule } from './look-schedule.ts'

/** Two queries a second at most. */
const BETWEEN_QUERIES_MS = 500
const IDLE_MS = 1_000
/** While Alipay does not answer, and while another watcher is at work. */
const PAUSE_MS = 5_000
export const LEASE_MS = 30_000
const RENEW_MS = 10_000
const RESOLVE_EVERY_MS = 60_000
const UNREACHABLE_MS = 5 * 60_000
const CLOCK_CHANGE_MS = 1_000
const TIME_EVERY_MS = 10 * 60_000

/** With what an error or Alipay said, in English. */
type Say = (text: Both, why?: string) => void

export class Watcher {
  readonly #call: Call
  readonly #say: Say
  readonly #schedule: LookSchedule
  /** Of which Alipay said what cannot be, told once. */
  readonly #contradicted = new Set<string>()
  #leaseUntil = Number.NEGATIVE_INFINITY
  #resolvedAt = Number.NEGATIVE_INFINITY
  #inDoubt: string[] = []
  #isTheirTurn = false
  #isRequestsTurn = false
  #wasActive: boolean | undefined
  #wasReached = true
  #wasUsable = true
  #silentSince: number | undefined
  #timeDueAt = Number.NEGATIVE_INFINITY
  #savedClock: ClockOffsets = { corrected: Number.NaN, alipay_ahead: Number.NaN }

  /** @param say tells the operator, on standard error */
  constructor(call: Call, say: Say) {
    this.#call = call
    this.#say = say
    this.#schedule = new LookSchedule(call.clock)
  }

  /** Until the process ends: a read that is cut off then is made again at the next start. */
  async run(ending?: AbortSignal): Promise<void> {
    while (!ending?.aborted) await this.#call.clock.sleep(await this.step())
  }

  /** Lets another one begin at once; where that cannot be written, it begins when the turn is over. */
  async end(): Promise<void> {
    await ignoringLedgerErrors(this.#call, (ledger) => ledger.endLease(WATCHER_LEASE, this.#call.actor()))
  }

  /** Whether it is the one that is at work. */
  get isActive(): boolean {
    return this.#wasActive === true
  }

  /**
   * One look at most. A ledger that cannot be used, of a full disk or one damaged entry, ends nothing.
   * @returns for how many milliseconds nothing is to be done
   */
  async step(): Promise<number> {
    try {
      const pause = await this.#step()
      this.#wasUsable = true
      return pause
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error
      if (this.#wasUsable) this.#say(TEXT.unusable, error.message)
      this.#wasUsable = false
      return PAUSE_MS
    }
  }

  async #step(): Promise<number> {
    const ledger = await this.#call.ledger()
    if (!(await this.#isActive(ledger))) return PAUSE_MS
    await this.#hearTime(ledger)
    if (await this.#resolveInDoubt(ledger)) return BETWEEN_QUERIES_MS
    const urgent = await this.#mostUrgent(ledger)
    if (!urgent) {
      // With nothing that failed, nothing is silent.
      if (!this.#schedule.isRetrying) this.#silentSince = undefined
      return this.#inDoubt.length > 0 ? BETWEEN_QUERIES_MS : IDLE_MS
    }
    if (!(await this.#look(urgent.out_trade_no))) return this.#wasReached ? BETWEEN_QUERIES_MS : PAUSE_MS
    // Not before: who is killed over the look makes it again.
    if ('asked_at' in urgent) await ledger.endQueryRequest(urgent)
    return BETWEEN_QUERIES_MS
  }

  /** One of all watchers of the ledger is; the others stand by for its end. */
  async #isActive(ledger: Ledger): Promise<boolean> {
    const { clock } = this.#call
    const left = this.#leaseUntil - clock.now()
    // More is left than it ever had where the clock was set back.
    if (left > LEASE_MS - RENEW_MS && left <= LEASE_MS) return true
    const isMine = await ledger.takeLease(WATCHER_LEASE, LEASE_MS, this.#call.actor())
    this.#leaseUntil = isMine ? clock.now() + LEASE_MS : Number.NEGATIVE_INFINITY
    if (isMine !== this.#wasActive) this.#say(isMine ? TEXT.watching : TEXT.standingBy)
    this.#wasActive = isMine
    return isMine
  }

  /** One order, by turns with unpaid ones: after a bad day there may be many. @returns whether one was asked about */
  async #resolveInDoubt(ledger: Ledger): Promise<boolean> {
    const now = this.#call.clock.ticks()
    if (this.#inDoubt.length === 0 && now - this.#resolvedAt >= RESOLVE_EVERY_MS) {
      this.#resolvedAt = now
      this.#inDoubt = [...new Set((await ledger.inDoubt()).map(({ out_trade_no }) => out_trade_no))]
    }
    this.#isTheirTurn = !this.#isTheirTurn
    const number = this.#isTheirTurn ? this.#inDoubt.shift() : undefined
    if (number === undefined) return false
    await resolveOrder(this.#call, number)
    for (const intent of await ledger.inDoubt(number)) await this.#raiseIfInDoubt(intent)
    return true
  }

  async #raiseIfInDoubt({ id, attempt, kind, out_trade_no, amount_fen, in_doubt_since }: Intent): Promise<void> {
    if (in_doubt_since === undefined || this.#call.clock.now() - in_doubt_since < IN_DOUBT_MS) return
    const facts = { operation: kind, total_amount: toYuan(amount_fen) }
    await this.#raise({ kind: 'in_doubt', key: `in_doubt/${id}/${attempt}`, out_trade_no, facts })
  }

  async #raise(alert: NewAlert): Promise<void> {
    const ledger = await this.#call.ledger()
    await ledger.raiseAlert(alert, this.#call.actor())
  }

  /** Whose query somebody asked for, or the one whose look is due for longest. */
  async #mostUrgent(ledger: Ledger): Promise<QueryRequest | UnpaidOrder | undefined> {
    const [requests, watched] = [await ledger.queryRequests(), await ledger.unpaidOrders()]
    this.#schedule.forgetOthers([...requests, ...watched])
    const asked = requests.find((request) => this.#schedule.mayLook(request))
    const due = this.#schedule.nextDue(watched)
    // By turns: whoever asks much must not keep the others from being looked at.
    this.#isRequestsTurn = !this.#isRequestsTurn
    return this.#isRequestsTurn ? (asked ?? due) : (due ?? asked)
  }

  /** False where it told nothing. */
  async #look(out_trade_no: string): Promise<boolean> {
    this.#schedule.begin(out_trade_no)
    const isTold = await this.#ask(out_trade_no)
    if (isTold) this.#schedule.end(out_trade_no)
    return isTold
  }

  async #ask(out_trade_no: string): Promise<boolean> {
    const name = { out_trade_no }
    try {
      const looked = await lookUp(this.#call, { by: 'listen', order: name, within: POLL_MS, readOnly: true })
      const { problem } = await knownOrder(this.#call, name, looked)
      if (problem !== undefined) this.#say(TEXT.unusable, problem)
      await this.#reached(true)
      return problem === undefined
    } catch (error) {
      if (!(error instanceof NoAnswerError || error instanceof RefusedError)) throw error
      // What contradicts the ledger is an answer all the same.
      const why = whyOf(error)
      const isAnswer = isContradiction(why)
      if (isAnswer && !this.#contradicted.has(out_trade_no)) this.#say(TEXT.notTold(out_trade_no), why)
      if (isAnswer) this.#contradicted.add(out_trade_no)
      await this.#reached(isAnswer, out_trade_no, why)
      return false
    }
  }

  /** For the half that faces the internet, which asks Alipay nothing. */
  async #hearTime(ledger: Ledger): Promise<void> {
    const { clock, gateway } = this.#call
    if (clock.ticks() >= this.#timeDueAt) {
      this.#timeDueAt = clock.ticks() + TIME_EVERY_MS
      await gateway.checkIn()
    }
    const offsets = clock.offsets()
    const { corrected, alipay_ahead } = this.#savedClock
    const change = Math.max(Math.abs(offsets.corrected - corrected), Math.abs(offsets.alipay_ahead - alipay_ahead))
    if (change < CLOCK_CHANGE_MS) return
    await ledger.saveClockOffsets(offsets)
    this.#savedClock = offsets
  }

  async #reached(isReached: boolean, out_trade_no = '', why = ''): Promise<void> {
    if (isReached && !this.#wasReached) this.#say(TEXT.again)
    if (!isReached && this.#wasReached) this.#say(TEXT.notTold(out_trade_no), why)
    this.#wasReached = isReached
    const now = this.#call.clock.now()
    this.#silentSince = isReached ? undefined : (this.#silentSince ?? now)
    if (this.#silentSince === undefined || now - this.#silentSince < UNREACHABLE_MS) return
    await this.#raise({ kind: 'unreachable', key: `unreachable/${this.#silentSince}`, facts: {} })
  }
}

function whyOf(error: NoAnswerError | RefusedError): string {
  if (error instanceof NoAnswerError) return error.why
  const { not_sent, sub_code, code } = error.refusal
  return not_sent ?? `Alipay refused: ${sub_code ?? code}`
}

const TEXT = {
  watching: { en: 'Watching unpaid orders.', zh: '正在跟踪待付款的订单。' },
  standingBy: {
    en: 'Another watcher is at work, or ended less than 30 seconds ago; standing by.',
    zh: '另一个 watcher 正在工作，或在 30 秒内刚结束；待命。',
  },
  again: { en: 'Orders can be looked up again.', zh: '订单查询恢复正常。' },
  notTold: (out_trade_no: string): Both => ({
    en: `Order ${out_trade_no} could not be looked up, and is asked about again later`,
    zh: `订单 ${out_trade_no} 没有查到结果，稍后再查`,
  }),
  unusable: { en: 'The ledger could not be used', zh: '账本无法使用' },
}
