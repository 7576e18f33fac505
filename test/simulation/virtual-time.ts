// Time of a simulation: no timer waits; what is due happens in order, one thing after the other, in no time at all.
import { Violation } from './records.ts'
import { subtle } from './web-crypto.ts'

interface Timer {
  at: number
  /** Not on the computer that may sleep. */
  elsewhere: boolean
  order: number
  run(): unknown
}

// Long before the end of everything that a call may do; a loop that never ends must not hang the run.
const MOST_TIMERS = 5_000

/** Noon in Beijing: a run has some hours before and after it on its first day. */
export const START = Date.parse('2026-11-20T04:00:00Z')

export class VirtualTime {
  #now = START
  /** For intervals: it does not see how long a computer slept. */
  #ticks = 0
  #order = 0
  #moment = 0
  #asleep = false
  #outside = 0
  #timers: Timer[] = []

  /** What comes first has the smaller number, also where no time passes in between. */
  moment = () => ++this.#moment
  now = () => this.#now

  /** @returns takes everything back */
  install(): () => void {
    const { setTimeout, clearTimeout } = globalThis
    const { now: date } = Date
    Object.assign(globalThis, {
      setTimeout: (run: (...args: unknown[]) => unknown, ms = 0, ...args: unknown[]) =>
        handleOf(this.#add(ms, () => run(...args), false)),
      clearTimeout: (handle: unknown) => this.#remove(timerOf(handle)),
    })
    Date.now = this.now
    Object.defineProperty(performance, 'now', {
      value: () => this.#ticks,
      configurable: true,
      writable: true,
    })
    const uncount = subtle.install()
    return () => {
      uncount()
      Object.assign(globalThis, { setTimeout, clearTimeout })
      Date.now = date
      Reflect.deleteProperty(performance, 'now')
    }
  }

  restart(): void {
    this.#now = START
    this.#ticks = 0
    this.#order = 0
    this.#moment = 0
    this.#asleep = false
    this.#outside = 0
    this.#timers = []
  }

  after(ms: number, run: () => unknown): void {
    this.#add(ms, run, false)
  }

  /** @param elsewhere goes on while this computer sleeps */
  pause(ms: number, elsewhere = false): Promise<void> {
    return new Promise((resolve) => this.#add(ms, () => resolve(), elsewhere))
  }

  /** Work of this computer itself, such as the opening of a file: no time passes before it is done. */
  outside<T>(work: Promise<T>): Promise<T> {
    this.#outside++
    return work.finally(() => {
      this.#outside--
    })
  }

  /** Lets happen whatever has to happen for the work to end. @throws Violation where it never would */
  async until<T>(work: Promise<T>): Promise<T> {
    let over = false
    const end = () => {
      over = true
    }
    work.then(end, end)
    for (let timers = 0; ; ) {
      await turn()
      if (over) return work
      if (subtle.busy || this.#outside > 0 || this.#asleep) continue
      if (!this.#fireNext(Number.POSITIVE_INFINITY) || ++timers > MOST_TIMERS)
        throw new Violation('every call ends', 'this one would not')
    }
  }

  /** Everything that is due meanwhile happens at its time. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    do await turn()
    while (subtle.busy || this.#outside > 0 || this.#fireNext(end))
    this.#jump(end)
  }

  /** The clock jumps; what was due before happens afterwards, at once. */
  advance(ms: number): void {
    this.#jump(this.#now + ms)
  }

  /** The computer sleeps: what is due on it happens late, and its `ticks` may not have seen that time pass. */
  async sleep(ms: number, ticks: boolean): Promise<void> {
    const end = this.#now + ms
    this.#asleep = true
    for (;;) {
      const timer = this.#timers.find((one) => one.elsewhere && one.at <= end)
      if (!timer) break
      this.#remove(timer)
      this.#now = Math.max(this.#now, timer.at)
      timer.run()
      await turn()
    }
    this.#asleep = false
    this.#now = end
    if (ticks) this.#ticks += ms
  }

  #add(ms: number, run: () => unknown, elsewhere: boolean): Timer {
    // No time passes for a computer here, but each timer is a little later than the one before.
    const timer = {
      at: this.#now + Math.max(1, Math.ceil(Number(ms) || 0)),
      order: this.#order++,
      run,
      elsewhere,
    }
    const index = this.#timers.findLastIndex(({ at }) => at <= timer.at)
    this.#timers.splice(index + 1, 0, timer)
    return timer
  }

  #remove(timer: Timer | undefined): void {
    const index = timer ? this.#timers.indexOf(timer) : -1
    if (index >= 0) this.#timers.splice(index, 1)
  }

  #fireNext(end: number): boolean {
    const [timer] = this.#timers
    if (!timer || timer.at > end) return false
    this.#timers.shift()
    this.#jump(timer.at)
    timer.run()
    return true
  }

  #jump(at: number): void {
    if (at <= this.#now) return
    this.#ticks += at - this.#now
    this.#now = at
  }
}

/** All that is not waiting for time happens. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

const handles = new WeakMap<object, Timer>()

/** What Node gives back, as far as anybody uses it. */
function handleOf(timer: Timer): object {
  const handle = { ref: () => handle, unref: () => handle, hasRef: () => true, refresh: () => handle }
  handles.set(handle, timer)
  return handle
}

function timerOf(handle: unknown): Timer | undefined {
  return typeof handle === 'object' && handle !== null ? handles.get(handle) : undefined
}
