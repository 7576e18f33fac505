// Bytes that come in pieces, of one byte each if somebody wants it so: each piece would hold on to far more memory.

/** Copies what comes into one buffer, and lets the pieces go. */
export class CollectedBytes {
  #held: Buffer = Buffer.alloc(0)
  #size = 0

  get size(): number {
    return this.#size
  }

  add(piece: Uint8Array): void {
    const size = this.#size + piece.length
    if (size > this.#held.length) this.#grow(size)
    this.#held.set(piece, this.#size)
    this.#size = size
  }

  /** What came so far; the next piece begins anew. */
  take(): Buffer {
    const taken = this.#held.subarray(0, this.#size)
    this.#held = Buffer.alloc(0)
    this.#size = 0
    return taken
  }

  #grow(least: number): void {
    const larger = Buffer.alloc(Math.max(least, 2 * this.#held.length))
    larger.set(this.#held)
    this.#held = larger
  }
}
