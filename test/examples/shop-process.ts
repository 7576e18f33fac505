// The example of a shop as its user starts it, on a free port, and the control API of the emulator behind it.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Env, elsewhere, type Fields, HOMELESS } from '../e2e/hosts.ts'

export const SHOP = new URL('../../examples/shop/', import.meta.url)
const PATIENCE_MS = 10_000

export class ShopProcess {
  /** All that it ever wrote. */
  written = ''
  readonly exited: Promise<number | null>
  readonly #child: ChildProcessWithoutNullStreams
  #isOver = false
  #look = () => {}

  constructor(env: Env = {}, args: readonly string[] = []) {
    const options = { cwd: elsewhere(), env: { ...HOMELESS, SHOP_PORT: '0', LANG: 'en_US.UTF-8', ...env } }
    this.#child = spawn(process.execPath, [fileURLToPath(new URL('main.js', SHOP)), ...args], options)
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.written += text
        this.#look()
      })
    }
    this.exited = new Promise((resolve) => this.#child.once('close', resolve))
    void this.exited.then(() => {
      this.#isOver = true
      this.#look()
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** What the pattern holds in brackets, once it is written. */
  async wrote(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.written)
      if (found) return found[1] ?? ''
      if (this.#isOver) throw new Error(`ended without ${pattern}: ${this.written}`)
      await new Promise<void>((resolve) => {
        this.#look = resolve
      })
    }
  }

  /** Where it is open, without the last slash. */
  async address(): Promise<string> {
    return this.wrote(/The shop is open: (http:\S+)\/\n/)
  }

  /** All that the emulator knows. */
  async trades(): Promise<{ trades: readonly Fields[]; refunded: string }> {
    return this.#emulator('trades')
  }

  /** Those that are in force, by the merchant's number. */
  async agreements(): Promise<readonly unknown[]> {
    const { agreements } = await this.#emulator('agreements')
    return agreements.filter(({ in_force }: Fields) => in_force).map((one: Fields) => one.external_agreement_no)
  }

  async #emulator(what: string) {
    const control = await this.wrote(/\(control: (http:[^)]+)\)/)
    return Object(await (await fetch(`${control}/${what}`)).json())
  }

  async end(): Promise<number | null> {
    const late = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS)
    this.#child.kill('SIGTERM')
    return this.exited.finally(() => clearTimeout(late))
  }
}

export function requireInstalled(): void {
  if (existsSync(new URL('node_modules/.package-lock.json', SHOP))) return
  throw new Error('The examples are not installed: run "node scripts/install-examples.mjs" first.')
}
