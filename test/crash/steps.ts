// Counts the steps of calls, before and after each operation of ledger and gateway, and breaks the process off at one.
import { BREAKS_OFF, type Plan, STEP } from './plan.ts'

// Longer than it takes until a signal to the own process has stopped all of its threads.
const BLOCKED_MS = 50

export class Steps {
  #calls = 0
  #arrived = 0
  #goOn = () => {}
  onGoingOn = () => {}
  readonly #goneOn = new Promise<void>((resolve) => {
    this.#goOn = resolve
  })

  constructor(
    readonly plan: Plan,
    readonly say: (line: string) => void,
  ) {}

  newCall(): CallSteps {
    return new CallSteps(this, ++this.#calls)
  }

  async pass(call: number, step: number, name: string): Promise<void> {
    if (this.plan.how === 'record') return this.say(`${STEP} ${call} ${step} ${name}`)
    const wanted = this.plan.steps[call - 1]
    if (step !== wanted && name !== wanted) return
    this.say(`${STEP} ${call} ${step} ${name}`)
    if (++this.#arrived === this.plan.steps.length) {
      breakOff(this.plan.how, this.say)
      this.onGoingOn()
      this.#goOn()
    }
    await this.#goneOn
  }
}

class CallSteps {
  #step = 0

  constructor(
    readonly steps: Steps,
    readonly call: number,
  ) {}

  /** The same object, whose operations are two steps each. */
  gated<T extends object>(name: string, target: () => T): T {
    const pass = (moment: string) => this.steps.pass(this.call, ++this.#step, moment)
    const agreements = (): object => this.gated('agreements', () => Object(Reflect.get(target(), 'agreements')))
    return new Proxy(target(), {
      get(_, key) {
        const operation: unknown = Reflect.get(target(), key)
        if (key === 'agreements' && operation !== undefined) return agreements()
        if (typeof operation !== 'function') return operation
        return async (...args: unknown[]) => {
          await pass(`before ${name}.${String(key)}`)
          const result: unknown = await Reflect.apply(operation, target(), args)
          await pass(`after ${name}.${String(key)}`)
          return result
        }
      },
    })
  }
}

/** Nothing of the process runs after the signal; it returns when the process is told to continue. */
function breakOff(signal: 'SIGKILL' | 'SIGSTOP', say: (line: string) => void): void {
  say(BREAKS_OFF)
  process.kill(process.pid, signal)
  const nothing = new Int32Array(new SharedArrayBuffer(4))
  Atomics.wait(nothing, 0, 0, signal === 'SIGKILL' ? Number.POSITIVE_INFINITY : BLOCKED_MS)
}
