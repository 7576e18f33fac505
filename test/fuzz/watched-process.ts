// Watches the whole process while it is fuzzed: standard output, rejections that nobody handles, memory.

const EVERY = 64
const MIB = 1024 * 1024

export interface WatchedProcess {
  /** What was printed, since the array was last emptied. */
  printed: string[]
  rejections: string[]
  /** MiB, the most so far; looked at now and then. */
  peak(): number
  end(): void
}

export function watchProcess(): WatchedProcess {
  const printed: string[] = []
  const rejections: string[] = []
  const { stdout } = process
  const { write } = stdout
  // Whatever it is given, it is as if it had been written.
  stdout.write = (chunk: string | Uint8Array) => {
    printed.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
    return true
  }
  const reject = (reason: unknown) => {
    rejections.push(reason instanceof Error ? String(reason.stack) : String(reason))
  }
  process.on('unhandledRejection', reject)
  let [looks, most] = [0, 0]
  return {
    printed,
    rejections,
    peak() {
      if (looks++ % EVERY === 0) most = Math.max(most, Math.round(process.memoryUsage.rss() / MIB))
      return most
    },
    end() {
      stdout.write = write
      process.off('unhandledRejection', reject)
    },
  }
}
