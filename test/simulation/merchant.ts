// The simulated merchant: answers questions in the chat and requests outside it, and remembers each yes.
import type { Approval, Ledger } from '../../src/ledger/ledger.ts'
import { fenOf } from './agent.ts'
import type { Alipay } from './alipay.ts'
import type { Mood } from './steps.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface SaidYes {
  out_trade_no: string
  fen: number
  at: number
  moment: number
}

const YES = '同意 yes'
const NO = '不同意 no'
const READING_MS = 400
const LATE_MS = 60_000
// Longer than the server waits.
const THINKING_MS: Readonly<Record<string, number>> = { late_yes: LATE_MS, silence: 400_000 }

export class Merchant {
  mood: Mood = 'yes'
  readonly yeses: SaidYes[] = []
  readonly questions: number[] = []
  /** Questions of before are not answered any more. */
  #generation = 0

  constructor(
    readonly time: VirtualTime,
    readonly alipay: Alipay,
    readonly terminal: Ledger,
  ) {}

  /** A form in the chat. */
  async answer(question: string): Promise<string | undefined> {
    const { mood } = this
    this.questions.push(this.time.now())
    const order = /^订单号 Order: (\w+)$/m.exec(question)?.[1] ?? ''
    const amount = /^退款金额 Refund: ¥([\d.]+)$/m.exec(question)?.[1] ?? ''
    await this.time.pause(THINKING_MS[mood] ?? READING_MS)
    if (mood === 'silence') return undefined
    if (mood === 'no') return NO
    if (mood === 'refunds_by_hand_then_yes') this.byHand(order, '10.00')
    this.#remember(order, fenOf(amount))
    return YES
  }

  /** A request outside the chat: decided when its time has come, by whatever the mood was. */
  notified(approval: Approval): void {
    const { mood } = this
    if (mood === 'silence' || approval.state !== 'asked') return
    const generation = this.#generation
    this.time.after(mood === 'late_yes' ? LATE_MS : READING_MS, async () => {
      if (generation !== this.#generation) return
      if (mood === 'refunds_by_hand_then_yes') this.byHand(approval.out_trade_no, '10.00')
      await this.#decide(approval, mood !== 'no')
    })
  }

  async decideAll(yes: boolean): Promise<void> {
    for (const approval of await this.terminal.openApprovals(this.time.now())) await this.#decide(approval, yes)
  }

  /** The ledger is another one: what was asked in it is gone. */
  forgetQuestions(): void {
    this.#generation++
  }

  /** At a terminal. */
  saidYes(out_trade_no: string, fen: number): void {
    this.#remember(out_trade_no, fen)
  }

  byHand(out_trade_no: string | undefined, refund_amount: string | undefined): void {
    this.alipay.control('refund', { out_trade_no, refund_amount })
  }

  async #decide({ id, out_trade_no, amount_fen }: Approval, yes: boolean): Promise<void> {
    const actor = { at: this.time.now(), owner: 'terminal', host: 'terminal' }
    const taken = await this.terminal.decide(id, yes, 'terminal', actor)
    if (taken && yes) this.#remember(out_trade_no, amount_fen)
  }

  #remember(out_trade_no: string, fen: number): void {
    this.yeses.push({ out_trade_no, fen, at: this.time.now(), moment: this.time.moment() })
  }
}
