// A merchant at the desk of the example: its process, started from another folder, what it shows and what is typed.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Env, elsewhere, HOMELESS } from '../e2e/hosts.ts'

const FOLDER = new URL('../../examples/merchant-desk/', import.meta.url)
const PATIENCE_MS = 15_000

export function requireInstalled(): void {
  if (existsSync(new URL('node_modules/.package-lock.json', FOLDER))) return
  throw new Error('The examples are not installed: run "node scripts/install-examples.mjs" first.')
}

export class DeskProcess {
  readonly exited: Promise<number | null>
  /** All that it ever showed. */
  shown = ''
  /** What it showed since the last line was typed. */
  screen = ''
  readonly #child: ChildProcessWithoutNullStreams
  #isOver = false
  #look = () => {}

  constructor(env: Env) {
    const options = { cwd: elsewhere(), env: { ...HOMELESS, ...env } }
    this.#child = spawn(process.execPath, [fileURLToPath(new URL('main.js', FOLDER))], options)
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.shown += text
        this.screen += text
        this.#look()
      })
    }
    this.exited = new Promise((resolve) => this.#child.once('close', resolve))
    void this.exited.then(() => {
      this.#isOver = true
      this.#look()
    })
  }

  /** Types once that is asked. */
  async answer(question: RegExp, lines: string): Promise<void> {
    await this.until(question)
    this.screen = ''
    this.#child.stdin.write(`${lines}\n`)
  }

  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.screen)) {
      if (this.#isOver) throw new Error(`ended without ${pattern}: ${this.shown}`)
      await new Promise<void>((resolve) => {
        this.#look = resolve
      })
    }
    return this.screen
  }

  /** The link of the order that was made last, short or Alipay's. */
  link(): string {
    return [...this.shown.matchAll(/^(?:pay_url: )?(http:\/\/127\.0\.0\.1:\d+\/\S+)$/gm)].at(-1)?.[1] ?? ''
  }

  /** Of the built-in emulator. */
  controlUrl(): string {
    return /\(control: (http:[^)]+)\)/.exec(this.shown)?.[1] ?? ''
  }

  /** No more is typed: it leaves by itself, or is made to. */
  async end(): Promise<number | null> {
    const late = setTimeout(() => this.#child.kill(), PATIENCE_MS)
    this.#child.stdin.end()
    return this.exited.finally(() => clearTimeout(late))
  }
}
