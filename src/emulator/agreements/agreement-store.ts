// Everything the platform remembers of agreements: opened sign links, agreements by their numbers, and what is still to come.
import { randomBytes, randomInt } from 'node:crypto'
import type { SubCode } from '../answers.ts'
import { beijingDay } from '../clock.ts'
import type { Agreement, Signing } from './agreement.ts'

/** How the next charges of an agreement end. */
export interface ChargeOutcome {
  /** refuse: at once. in_process: 10003. late: 20000, and the charge is carried out later all the same. */
  readonly outcome: 'refuse' | 'in_process' | 'late'
  readonly sub_code: SubCode | undefined
  /** After how long one in process is decided, or a late one carried out; undefined is never by itself. */
  readonly after_ms: number | undefined
  /** How one in process ends. */
  readonly end: 'paid' | 'closed'
}

interface Later {
  readonly at: number
  run(at: number): void
}

export class AgreementStore {
  #signings = new Map<string, Signing>()
  #signingsByContent = new Map<string, Signing>()
  #agreements = new Map<string, Agreement>()
  #byExternalNo = new Map<string, Agreement>()
  #outcomes = new Map<string, { outcome: ChargeOutcome; left: number | 'always' }>()
  #later: Later[] = []

  /** The same link opened again leads to the same page. */
  open(content: Omit<Signing, 'id'>): Signing {
    const text = JSON.stringify(content)
    const signing = this.#signingsByContent.get(text) ?? { id: randomBytes(12).toString('hex'), ...content }
    this.#signings.set(signing.id, signing)
    this.#signingsByContent.set(text, signing)
    return signing
  }

  signing(id: string): Signing | undefined {
    return this.#signings.get(id)
  }

  add(agreement: Agreement): void {
    this.#agreements.set(agreement.agreement_no, agreement)
    const { external_agreement_no } = agreement.terms
    if (external_agreement_no !== undefined) this.#byExternalNo.set(external_agreement_no, agreement)
  }

  find(agreement_no: string): Agreement | undefined {
    return this.#agreements.get(agreement_no)
  }

  /** There is one merchant, and its number is used once. */
  findByExternalNo(external_agreement_no: string): Agreement | undefined {
    return this.#byExternalNo.get(external_agreement_no)
  }

  all(): Agreement[] {
    return [...this.#agreements.values()]
  }

  /** 20 digits that begin with the day. */
  newAgreementNo(now: number): string {
    const count = String(this.#agreements.size + 1).padStart(6, '0')
    return `${beijingDay(now).replaceAll('-', '')}${String(randomInt(1_000_000)).padStart(6, '0')}${count}`
  }

  planOutcome(agreement_no: string, outcome: ChargeOutcome, times: number | 'always'): void {
    this.#outcomes.set(agreement_no, { outcome, left: times })
  }

  forgetOutcome(agreement_no: string): void {
    this.#outcomes.delete(agreement_no)
  }

  plannedOutcome(agreement_no: string): { outcome: ChargeOutcome; left: number | 'always' } | undefined {
    return this.#outcomes.get(agreement_no)
  }

  /** What the next charge of this agreement meets; it is used up by one. */
  takeOutcome(agreement_no: string): ChargeOutcome | undefined {
    const planned = this.#outcomes.get(agreement_no)
    if (!planned) return undefined
    if (planned.left !== 'always') planned.left -= 1
    if (planned.left === 0) this.#outcomes.delete(agreement_no)
    return planned.outcome
  }

  /** Something that happens at Alipay at that time of the clock, without another call. */
  doLater(at: number, run: Later['run']): void {
    this.#later.push({ at, run })
  }

  /** What has become due by now, in its order and as of its own time. */
  catchUp(now: number): void {
    const due = this.#later.filter(({ at }) => at <= now).sort((one, other) => one.at - other.at)
    if (due.length === 0) return
    this.#later = this.#later.filter(({ at }) => at > now)
    for (const { at, run } of due) run(at)
  }

  clear(): void {
    const maps = [this.#signings, this.#signingsByContent, this.#agreements, this.#byExternalNo, this.#outcomes]
    for (const map of maps) map.clear()
    this.#later = []
  }
}
