// The calls in flight, so that their answers are written before the process leaves.

export class CallsInFlight {
  readonly #running = new Set<Promise<unknown>>()
  readonly #stop = new AbortController()

  /** Aborts when the host is going: who only waits should stop waiting. */
  get stopping(): AbortSignal {
    return this.#stop.signal
  }

  track<T>(call: Promise<T>): Promise<T> {
    this.#running.add(call)
    return call.finally(() => this.#running.delete(call))
  }

  /** Resolves when all are answered, at the latest after `grace` milliseconds. */
  async end(grace: number): Promise<void> {
    this.#stop.abort()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, grace)
    })
    await Promise.race([late, Promise.allSettled(this.#running)])
    clearTimeout(timer)
  }
}
