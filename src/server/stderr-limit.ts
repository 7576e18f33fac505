// Bounds what goes to standard error: hosts keep it in a file, and what repeats must not fill the disk.

const MINUTE_MS = 60_000
export const MOST_LINES = 200
export const MOST_BYTES = 64 * 1024
/** One text; a stack or a list of problems is far shorter. */
const LONGEST = 16 * 1024

export class StderrLimit {
  readonly #write: (text: string) => unknown
  readonly #ticks: () => number
  #began = Number.NEGATIVE_INFINITY
  #written = { lines: 0, bytes: 0 }
  #left = { lines: 0, bytes: 0 }

  /** @param ticks milliseconds that only go forward */
  constructor(write: (text: string) => unknown, ticks: () => number = () => performance.now()) {
    this.#write = write
    this.#ticks = ticks
  }

  write(text: string): void {
    this.look()
    const { lines, bytes } = sizeOf(text)
    const cut = Math.min(bytes, LONGEST)
    const fits = this.#written.lines + lines <= MOST_LINES && this.#written.bytes + cut <= MOST_BYTES
    if (!fits) {
      this.#left = sum(this.#left, { lines, bytes })
      return
    }
    this.#written = sum(this.#written, { lines, bytes: cut })
    this.#write(bytes > LONGEST ? `${Buffer.from(text).subarray(0, LONGEST)}… (cut; ${bytes} bytes)\n` : text)
  }

  /** Begins anew after a minute. */
  look(): void {
    const now = this.#ticks()
    if (now - this.#began < MINUTE_MS) return
    this.tellWhatWasLeftOut()
    this.#began = now
    this.#written = { lines: 0, bytes: 0 }
  }

  tellWhatWasLeftOut(): void {
    const { lines, bytes } = this.#left
    this.#left = { lines: 0, bytes: 0 }
    if (lines === 0) return
    this.#write(
      `[alipay-mcp] ${lines} lines (${bytes} bytes) were left out here: ${MOST_LINES} lines a minute at most.\n`,
    )
  }
}

const sum = (a: Size, b: Size): Size => ({ lines: a.lines + b.lines, bytes: a.bytes + b.bytes })

interface Size {
  lines: number
  bytes: number
}

function sizeOf(text: string): Size {
  return { lines: Math.max(1, text.split('\n').length - 1), bytes: Buffer.byteLength(text) }
}

/** Of this whole process, whoever writes: libraries, warnings of Node, we. */
export function limitStderr(stderr: NodeJS.WriteStream): void {
  const write = stderr.write.bind(stderr)
  const limit = new StderrLimit((text) => write(text))
  Object.assign(stderr, {
    write(chunk: string | Uint8Array, ...rest: unknown[]): boolean {
      limit.write(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
      const written = rest.at(-1)
      if (typeof written === 'function') process.nextTick(() => written())
      return true
    },
  })
  setInterval(() => limit.look(), MINUTE_MS).unref()
  process.once('exit', () => limit.tellWhatWasLeftOut())
}
