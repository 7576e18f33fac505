// A person at a terminal: runs a command of the built program in a pseudo terminal, which python3 makes.
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { type Env, elsewhere, HOMELESS, MAIN } from './hosts.ts'

const PTY = `import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))`

/** In CI a missing python3 is a failure, not a reason to test less. */
export const hasTerminal = spawnSync('python3', ['-c', 'import pty']).status === 0 || Boolean(process.env.CI)

const opened = new Set<ChildProcessWithoutNullStreams>()
export function closeTerminals(): void {
  for (const child of opened) child.kill()
  opened.clear()
}

export class Terminal {
  readonly exited: Promise<number | null>
  /** What was written since the last answer, without carriage returns and the codes that draw a line again. */
  screen = ''
  readonly #child: ChildProcessWithoutNullStreams
  #over = false
  #look = () => {}

  constructor(args: readonly string[], env: Env) {
    const command = ['-c', PTY, process.execPath, MAIN, ...args]
    const { PATH = '' } = process.env
    this.#child = spawn('python3', command, { cwd: elsewhere(), env: { PATH, ...HOMELESS, ...env } })
    opened.add(this.#child)
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.screen += stripVTControlCharacters(text).replaceAll('\r', '')
      this.#look()
    })
    this.exited = new Promise((resolve) => this.#child.once('close', resolve))
    void this.exited.then(() => {
      this.#over = true
      this.#look()
    })
  }

  /** Types once that is asked, and looks only at what comes after it. */
  async answer(question: RegExp, keys: string): Promise<void> {
    await this.until(question)
    this.screen = ''
    this.#child.stdin.write(keys)
  }

  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.screen)) {
      if (this.#over) throw new Error(`ended without ${pattern}: ${this.screen}`)
      await new Promise<void>((resolve) => {
        this.#look = resolve
      })
    }
    return this.screen
  }
}
