// Child processes of the benchmark: a clean environment, the MCP server over stdio, the emulator, resident memory.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** PATH and an empty HOME only: what else this shell has, such as extra certificates, costs every start its time. */
export const cleanEnv = (home, more = {}) => ({ PATH: process.env.PATH, HOME: home, ...more })

/** Milliseconds that `node -e 0` takes from spawn to exit. */
export async function floor(home) {
  const begin = performance.now()
  await once(spawn(process.execPath, ['-e', '0'], { env: cleanEnv(home), stdio: 'ignore' }), 'exit')
  return performance.now() - begin
}

/** An MCP server as its host sees it. */
export class McpServer {
  #answers = new Map()
  #id = 0

  /** @param args command and arguments, by default this node and the built program */
  constructor({ command = process.execPath, args = [MAIN], env, cwd, shell = false, ipc = false }) {
    this.child = spawn(command, args, {
      env,
      cwd,
      shell,
      stdio: ['pipe', 'pipe', 'ignore', ipc ? 'ipc' : 'ignore'],
    })
    this.exited = once(this.child, 'exit')
    this.exited.then(([code, signal]) => this.#fail(`the server ended with ${code ?? signal}`))
    this.child.stdin.on('error', () => {})
    createInterface(this.child.stdout).on('line', (line) => this.#take(JSON.parse(line)))
  }

  /** The handshake of a host, and the tools. */
  async open() {
    const clientInfo = { name: 'bench', version: '1.0.0' }
    await this.#ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
    this.#write({ jsonrpc: '2.0', method: 'notifications/initialized' })
    return this.#ask('tools/list', {})
  }

  /** What the tool answers as structure; an error ends the benchmark. */
  async call(name, args) {
    const { isError, content, structuredContent } = await this.#ask('tools/call', { name, arguments: args })
    if (isError) throw new Error(`${name}: ${content[0].text}`)
    return structuredContent
  }

  async stop() {
    this.child.kill('SIGKILL')
    await this.exited
  }

  /** As a host does: closes standard input and waits. */
  async end() {
    this.child.stdin.end()
    await this.exited
  }

  #write(message) {
    this.child.stdin.write(`${JSON.stringify(message)}\n`)
  }

  #ask(method, params) {
    const id = ++this.#id
    return new Promise((resolve, reject) => {
      this.#answers.set(id, { resolve, reject })
      this.#write({ jsonrpc: '2.0', id, method, params })
    })
  }

  #take({ id, result, error }) {
    const waiting = this.#answers.get(id)
    this.#answers.delete(id)
    if (error) waiting?.reject(new Error(JSON.stringify(error)))
    else waiting?.resolve(result)
  }

  #fail(why) {
    for (const { reject } of this.#answers.values()) reject(new Error(why))
  }
}

/** The emulator in a process of its own, its keys as the server and alipay-sdk take them. */
export async function startEmulator(home) {
  const child = spawn(process.execPath, [MAIN, 'emulator', '--json'], {
    env: cleanEnv(home),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface(child.stdout), 'line')
  const { gateway, app_id, private_key, alipay_public_key } = JSON.parse(line)
  const variables = {
    ALIPAY_GATEWAY: gateway,
    ALIPAY_APP_ID: app_id,
    ALIPAY_PRIVATE_KEY: private_key,
    ALIPAY_PUBLIC_KEY: alipay_public_key,
    // On disk, as with Alipay itself, and without the limit that a benchmark would hit at once.
    ALIPAY_DATA_DIR: join(home, 'data'),
    ALIPAY_MAX_CALLS_PER_MINUTE: '0',
  }
  return { gateway, app_id, private_key, alipay_public_key, variables, stop: () => child.kill() }
}

/** An order that the buyer has paid, made through the server. */
export async function paidOrder(server, { gateway }) {
  const { out_trade_no, pay_url } = await server.call('create_payment', {
    subject: 'Bench',
    total_amount: '9.90',
  })
  const response = await fetch(new URL('/control/pay', gateway), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ pay_url }),
  })
  if (!response.ok) throw new Error(`The emulator did not take the payment: ${await response.text()}`)
  return out_trade_no
}

/** Resident memory of a process in MB, where the system tells it. */
export function residentMemory(pid) {
  const file = `/proc/${pid}/status`
  const kilobytes = existsSync(file) ? /VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1] : undefined
  return kilobytes === undefined ? Number.NaN : (Number(kilobytes) * 1024) / 1e6
}
