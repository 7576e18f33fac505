// Servers as processes of their own that tests may kill, stop and continue, and commands that end by themselves.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Env, Fields } from '../e2e/hosts.ts'
import { BREAKS_OFF, STEP } from './plan.ts'

export interface Started {
  main: string
  env: Env
  cwd: string
}

const MOST_TRIES = 10
const SIGNAL_AGAIN_MS = 50

interface Waiting {
  resolve(result: Fields): void
  reject(error: Error): void
}

/** A client of protocol 2025-11-25 that shows no forms, and the server that it started. */
export class ServerProcess {
  readonly child: ChildProcessWithoutNullStreams
  /** The signal that ended it, or its exit code. */
  readonly exited: Promise<string | number>
  readonly #brokenOff: Promise<void>
  readonly #waiting = new Map<number, Waiting>()
  readonly #steps: Step[] = []
  #stderr = ''
  #id = 0

  private constructor({ main, env, cwd }: Started) {
    this.child = spawn(process.execPath, [main], { cwd, env })
    this.child.stdin.on('error', () => {})
    this.exited = new Promise((resolve) =>
      this.child.once('exit', (code, signal) => resolve(signal ?? code ?? 'unknown')),
    )
    void this.exited.then((how) => this.#end(how))
    createInterface(this.child.stdout).on('line', (line) => this.#answer(JSON.parse(line)))
    this.#brokenOff = new Promise((resolve) => {
      createInterface(this.child.stderr).on('line', (line) => {
        this.#stderr += `${line}\n`
        const [word, call, step, ...name] = line.split(' ')
        if (word === STEP) this.#steps.push({ call: Number(call), step: Number(step), name: name.join(' ') })
        if (line === BREAKS_OFF) resolve()
      })
    })
  }

  static async start(started: Started): Promise<ServerProcess> {
    const server = new ServerProcess(started)
    const clientInfo = { name: 'crash', version: '1.0.0' }
    await server.#ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
    server.#write({ method: 'notifications/initialized' })
    return server
  }

  /**
   * The structured part; rejected when the server ends before it answers. Where the disk is so slow that another
   * process holds the ledger for too long, nothing was sent, and it is called again.
   */
  async call(name: string, args: Fields): Promise<Fields> {
    for (let tries = 1; ; tries++) {
      const { structuredContent, isError } = await this.#ask('tools/call', { name, arguments: args })
      const answer: Fields = { ...Object(structuredContent), ...(isError === true && { isError }) }
      if (answer.error !== 'ledger' || tries === MOST_TRIES) return answer
    }
  }

  /** What it told of its steps, by call from 1. */
  stepsOf(call: number): readonly string[] {
    return this.#steps.filter((step) => step.call === call).map(({ name }) => name)
  }

  /** Resolves right before it kills or stops itself. */
  async untilItBreaksOff(): Promise<void> {
    const ended = this.exited.then(() => this.#brokenOff)
    await Promise.race([this.#brokenOff, ended])
  }

  /** Again and again: it says that it stops itself right before it does, and a signal that comes between is lost. */
  async goOn<T>(until: Promise<T>): Promise<T> {
    const signal = () => this.child.kill('SIGCONT')
    const timer = setInterval(signal, SIGNAL_AGAIN_MS)
    signal()
    return until.finally(() => clearInterval(timer))
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.exited
  }

  async end(): Promise<void> {
    this.child.stdin.end()
    await this.exited
  }

  #ask(method: string, params: Fields): Promise<Fields> {
    const id = ++this.#id
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#write({ id, method, params })
    })
  }

  #write(message: Fields): void {
    this.child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }

  #answer({ id, result, error }: Fields): void {
    const waiting = this.#waiting.get(Number(id))
    this.#waiting.delete(Number(id))
    if (error === undefined) waiting?.resolve({ ...Object(result) })
    else waiting?.reject(new Error(JSON.stringify(error)))
  }

  #end(how: string | number): void {
    const error = new Error(`the server ended (${how}) before it answered: ${this.#stderr.slice(-500)}`)
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}

interface Step {
  call: number
  step: number
  name: string
}

/** Runs a command of the built program to its end. */
export function command({ main, env, cwd }: Started, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [main, ...args], { cwd, env })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  child.stdin.end()
  return new Promise((resolve) => child.once('close', () => resolve(output)))
}
