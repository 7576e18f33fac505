// Whose turn it is at the ledger: short tries for its lock, with pauses in which this process goes on, and no endless wait.
import { setTimeout } from 'node:timers/promises'
import { crowded, isBusy } from './failures.ts'

export const WAITS = {
  /** How long a lock may be held while nothing is written: longer, and it is no server of ours. */
  held: 2_000,
  /** The most that one operation waits for the lock while others of our servers write. */
  crowded: 20_000,
}
/** After so long without a try nobody knows whether the lock was held all the while. */
const FORGET_MS = 1_000
const MOST_PAUSE_MS = 20
const SOON_MS = 250
/** Half of what a quiet computer makes of it in that time: on a busy one a server of ours may hold the lock for longer. */
const LEAST_TRIES = 60

interface Held {
  since: number
  /** When it was last found held. */
  checked_at: number
  progress: unknown
  tries: number
}

/** Who has waited for long asks more often, and so comes before those who have only just come. */
function pauseAfter(waited: number): number {
  return 1 + (Math.random() * MOST_PAUSE_MS) / (1 + waited / SOON_MS)
}

/** The patience of all who wait for one lock: they learn together that it is held, and give up together. */
export class Patience {
  #held: Held | undefined

  /**
   * @param progress another one after anybody has written
   * @param mayPass whether trying again may help after this error
   */
  constructor(
    readonly progress: () => unknown,
    readonly mayPass: (error: unknown) => boolean = isBusy,
    readonly waits = WAITS,
  ) {}

  /** @throws what `work` throws; LedgerError once waiting makes no sense any more */
  async wait<T>(work: () => T): Promise<T> {
    const begun = performance.now()
    for (;;) {
      const tried = this.#attempt(work)
      if ('result' in tried) return tried.result
      this.#requireSense(begun, tried.busy)
      await setTimeout(pauseAfter(performance.now() - begun))
    }
  }

  #attempt<T>(work: () => T): { result: T } | { busy: unknown } {
    try {
      const result = work()
      this.#held = undefined
      return { result }
    } catch (error) {
      if (this.mayPass(error)) return { busy: error }
      throw error
    }
  }

  #requireSense(begun: number, busy: unknown): void {
    const now = performance.now()
    const held = this.#heldAt(now)
    if (now - held.since > this.waits.held && held.tries > LEAST_TRIES) throw busy
    if (now - begun > this.waits.crowded) throw crowded(busy)
  }

  #heldAt(now: number): Held {
    const progress = this.progress()
    const known = this.#held
    const same = known && known.progress === progress && now - known.checked_at < FORGET_MS
    const before = same ? known : { since: now, tries: 0 }
    const held = { since: before.since, tries: before.tries + 1, checked_at: now, progress }
    this.#held = held
    return held
  }
}

/** Decisions one after the other. One that meets no lock is made at once, before this returns. */
export class Turns {
  readonly #patience: Patience
  #last: Promise<unknown> | undefined

  constructor(progress: () => unknown) {
    this.#patience = new Patience(progress)
  }

  async take<T>(decide: () => T): Promise<T> {
    const before = this.#last
    const mine = before ? before.then(() => this.#patience.wait(decide)) : this.#patience.wait(decide)
    const ended = mine.then(
      () => {},
      () => {},
    )
    this.#last = ended
    try {
      return await mine
    } finally {
      if (this.#last === ended) this.#last = undefined
    }
  }
}
