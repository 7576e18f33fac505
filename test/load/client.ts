// A built server as a real MCP client starts it; it can be killed, and calls in flight then end without an answer.
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { type Env, type Fields, MAIN } from '../e2e/hosts.ts'

export class LoadedServer {
  readonly #client: Client
  readonly #transport: StdioClientTransport
  busy = 0
  alive = true

  private constructor(env: Env, cwd: string) {
    this.#client = new Client({ name: 'load', version: '1.0.0' })
    this.#transport = new StdioClientTransport({ command: process.execPath, args: [MAIN], env, cwd, stderr: 'ignore' })
  }

  static async start(env: Env, cwd: string): Promise<LoadedServer> {
    const server = new LoadedServer(env, cwd)
    await server.#client.connect(server.#transport)
    return server
  }

  /** The structured part, with `isError` where it is one; undefined where the server died of it. */
  async call(name: string, args: Fields): Promise<Fields | undefined> {
    this.busy++
    try {
      const { structuredContent, isError } = await this.#client.callTool({ name, arguments: { ...args } })
      return { ...Object(structuredContent), ...(isError === true && { isError }) }
    } catch (error) {
      if (!this.alive) return undefined
      throw error
    } finally {
      this.busy--
    }
  }

  async kill(): Promise<void> {
    this.alive = false
    const { pid } = this.#transport
    if (pid !== null) process.kill(pid, 'SIGKILL')
    await this.#client.close()
  }

  async end(): Promise<void> {
    this.alive = false
    await this.#client.close()
  }
}
