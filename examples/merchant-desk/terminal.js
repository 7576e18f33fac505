// The person's terminal: what they type, line by line; what others write cannot move its cursor or hide a line.
import { createInterface } from 'node:readline'

const UNSHOWN = /(?![\n\t])[\p{Cc}\p{Cf}]/gu

export class Terminal {
  #output
  #readline
  /** Lines that were typed before anybody asked for one. */
  #ahead = []
  #asking
  #isClosed = false
  #isInLine = false
  #stop = new AbortController()

  constructor(input, output) {
    this.#output = output
    this.#readline = createInterface({ input, output })
    this.#readline.on('line', (line) => {
      if (this.#asking) this.#asking(line)
      else this.#ahead.push(line)
    })
    this.#readline.on('close', () => {
      this.#isClosed = true
      this.#asking?.(undefined)
    })
    this.#readline.on('SIGINT', () => {
      this.#stop.abort()
      this.#readline.close()
    })
  }

  /** Aborts at Ctrl-C. */
  get stopped() {
    return this.#stop.signal
  }

  /** Goes on in the line, as the pieces of a model's answer do. */
  write(text) {
    if (text === '') return
    this.#output.write(text.replace(UNSHOWN, ''))
    this.#isInLine = !text.endsWith('\n')
  }

  /** Lines of their own. */
  say(text) {
    this.write(`${this.#isInLine ? '\n' : ''}${text}\n`)
  }

  /** The next line, typed already or not; undefined where no more can come. */
  async line(prompt) {
    return this.#ahead.shift() ?? this.freshLine(prompt)
  }

  /** A line that was typed after the prompt was on the screen, whatever was typed before. */
  freshLine(prompt, signal) {
    this.#ahead = []
    if (this.#isClosed || signal?.aborted) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      const answered = (line) => {
        if (this.#asking !== answered) return
        this.#asking = undefined
        // Where no Enter was echoed, the line of the prompt ends here.
        if (line === undefined || !this.#readline.terminal) this.#output.write('\n')
        resolve(line)
      }
      this.#asking = answered
      signal?.addEventListener('abort', () => answered(undefined), { once: true })
      this.#readline.setPrompt(prompt)
      this.#forgetUnfinished()
      this.#readline.prompt()
    })
  }

  /** What stands in the line without Enter was not typed for this question either. */
  #forgetUnfinished() {
    if (this.#readline.line === '') return
    for (const name of ['e', 'u']) this.#readline.write(null, { ctrl: true, name })
  }

  close() {
    this.#readline.close()
  }
}
