// Counts the work of Web Crypto: it happens on other threads, and no time may pass in a simulation before it is done.

const METHODS = ['importKey', 'sign', 'verify'] as const

class Subtle {
  #running = 0

  get busy(): boolean {
    return this.#running > 0
  }

  /** @returns takes it back */
  install(): () => void {
    const { subtle } = globalThis.crypto
    for (const name of METHODS) {
      const original = Reflect.get(subtle, name)
      const counted = (...args: unknown[]) => this.#count(Promise.resolve(Reflect.apply(original, subtle, args)))
      Object.defineProperty(subtle, name, { value: counted, configurable: true })
    }
    return () => {
      for (const name of METHODS) Reflect.deleteProperty(subtle, name)
    }
  }

  #count<T>(work: Promise<T>): Promise<T> {
    this.#running++
    return work.finally(() => {
      this.#running--
    })
  }
}

export const subtle = new Subtle()
