// The life of one server process: everything that it does is counted, so that something can happen just then.

type Plan = () => unknown

export class Life {
  dead = false
  /** The next thing that it asks of its ledger fails, and writes nothing. */
  ledgerFails = false
  /** When it asked its ledger for a permit to send. */
  readonly asked: { moment: number; at: number }[] = []
  /** Resolves when it is killed. */
  readonly death: Promise<'killed'>
  #die: (how: 'killed') => void = () => {}
  #plans: { left: number; run: Plan }[] = []

  /** @param index of all processes of a story */
  constructor(
    readonly name: string,
    readonly index = 0,
  ) {
    this.death = new Promise((resolve) => {
      this.#die = resolve
    })
  }

  /** Something happens after so many more operations of this process. @returns takes it back */
  plan(after: number, run: Plan): () => void {
    const plan = { left: after, run }
    this.#plans.push(plan)
    return () => {
      this.#plans = this.#plans.filter((one) => one !== plan)
    }
  }

  /** Before and after each operation. A dead process goes no further: this never comes back. */
  async event(): Promise<void> {
    if (this.#plans.length > 0) {
      const due = this.#plans.filter((plan) => plan.left-- <= 0)
      this.#plans = this.#plans.filter((plan) => !due.includes(plan))
      for (const { run } of due) await run()
    }
    if (this.dead) await new Promise(() => {})
  }

  kill(): void {
    this.dead = true
    this.#die('killed')
  }
}
