// Built servers with buyers in their chats, as real MCP clients start them, and `listen` beside them; each may be killed.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { type Env, type Fields, MAIN } from '../e2e/hosts.ts'

export type Era = '2026-07-28' | undefined

/** Calls that are in flight when it is killed end without an answer. */
export class BuyerServer {
  readonly #client: Client
  readonly #transport: StdioClientTransport
  busy = 0
  #alive = true

  private constructor(env: Env, cwd: string, era: Era) {
    const negotiated = era && { versionNegotiation: { mode: { pin: era } } }
    this.#client = new Client({ name: 'a public assistant', version: '1.0.0' }, { ...negotiated })
    this.#transport = new StdioClientTransport({ command: process.execPath, args: [MAIN], env, cwd, stderr: 'ignore' })
  }

  static async start(env: Env, cwd: string, era: Era): Promise<BuyerServer> {
    const server = new BuyerServer(env, cwd, era)
    await server.#client.connect(server.#transport)
    return server
  }

  /** In the chat of that buyer: the structured part, with `isError` where it is one; undefined where the server died of it. */
  async call(buyer: string, name: string, args: Fields): Promise<Fields | undefined> {
    this.busy++
    try {
      const _meta = { 'alipay-mcp/buyer': buyer }
      const { structuredContent, isError } = await this.#client.callTool({ name, arguments: { ...args }, _meta })
      return { ...Object(structuredContent), ...(isError === true && { isError }) }
    } catch (error) {
      if (!this.#alive) return undefined
      throw error
    } finally {
      this.busy--
    }
  }

  async kill(): Promise<void> {
    this.#alive = false
    const { pid } = this.#transport
    if (pid !== null) process.kill(pid, 'SIGKILL')
    await this.#client.close()
  }

  /** As a host ends it, so that nothing is left in the write-ahead log. */
  async end(): Promise<void> {
    this.#alive = false
    await this.#client.close()
  }
}

const LOOK_AGAIN_MS = 20
const STARTED_WITHIN_MS = 60_000

export class ListenProcess {
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>
  stderr = ''

  private constructor(env: Env, cwd: string, args: readonly string[]) {
    const stdio = ['ignore', 'ignore', 'pipe'] as const
    this.#child = spawn(process.execPath, [MAIN, 'listen', ...args], { cwd, env, stdio: [...stdio] })
    this.#exited = once(this.#child, 'exit')
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
    })
  }

  /** The whole of it, or with `--watcher` the half that asks Alipay. @param until what it says when it is at work */
  static async start(
    env: Env,
    cwd: string,
    args: readonly string[],
    until = /Watching unpaid orders/,
  ): Promise<ListenProcess> {
    const listening = new ListenProcess(env, cwd, args)
    await listening.said(until)
    return listening
  }

  async said(pattern: RegExp): Promise<void> {
    for (const begun = performance.now(); !pattern.test(this.stderr); ) {
      if (performance.now() - begun > STARTED_WITHIN_MS) throw new Error(`listen said only: ${this.stderr}`)
      await pause(LOOK_AGAIN_MS)
    }
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.#child.kill(signal)
    await this.#exited
  }
}
