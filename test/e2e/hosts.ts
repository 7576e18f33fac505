// Hosts that start the built server from another folder with an empty environment, each speaking its own protocol.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Client as NewClient } from '@modelcontextprotocol/client'
import { StdioClientTransport as NewTransport } from '@modelcontextprotocol/client/stdio'
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
export type Fields = Readonly<Record<string, unknown>>
export type Env = Readonly<Record<string, string>>

export interface Host {
  tools(): Promise<readonly Fields[]>
  call(tool: string, args: Fields): Promise<Fields>
  close(): Promise<void>
}

export const elsewhere = () => mkdtempSync(join(tmpdir(), 'alipay-mcp-test-'))

// Where no settings file of a real user lies.
const HOME = elsewhere()
export const HOMELESS: Env = { HOME, XDG_CONFIG_HOME: HOME, APPDATA: HOME }

const start = (env: Env, main = MAIN) => ({
  command: process.execPath,
  args: [main],
  cwd: elsewhere(),
  env: { ...HOMELESS, ...env },
  stderr: 'ignore' as const,
})

export async function oldHost(env: Env = {}): Promise<Host> {
  const client = new OldClient({ name: 'old', version: '1.0.0' })
  await client.connect(new OldTransport(start(env)))
  return {
    tools: async () => (await client.listTools()).tools,
    call: async (name, args) => fieldsOf(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  }
}

export async function newHost(env: Env = {}, main = MAIN): Promise<Host> {
  const versionNegotiation = { mode: { pin: '2026-07-28' } } as const
  const client = new NewClient({ name: 'new', version: '1.0.0' }, { versionNegotiation })
  await client.connect(new NewTransport(start(env, main)))
  return {
    tools: async () => (await client.listTools()).tools,
    call: async (name, args) => fieldsOf(await client.callTool({ name, arguments: { ...args } })),
    close: () => client.close(),
  }
}

/** A host that starts a server by the entry in its own settings. */
export async function entryHost(entry: { command: string; args: string[]; env: Env }): Promise<Host> {
  const client = new NewClient({ name: 'entry', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } })
  await client.connect(new NewTransport({ ...entry, cwd: elsewhere(), stderr: 'ignore' }))
  return {
    tools: async () => (await client.listTools()).tools,
    call: async (name, args) => fieldsOf(await client.callTool({ name, arguments: { ...args } })),
    close: () => client.close(),
  }
}

/** One order, made and paid; what the server then knows of it. */
export async function paidOrder(host: Host): Promise<Fields> {
  const { out_trade_no, pay_url } = await host.call('create_payment', { subject: 'Tea', total_amount: '9.90' })
  await pay(pay_url)
  return host.call('query_payment', { out_trade_no })
}

/** Lines of JSON-RPC written by hand, in protocol 2024-11-05. */
export async function rawHost(env: Env = {}): Promise<Host> {
  const server = new RawServer(env)
  await server.open('2024-11-05')
  return {
    tools: async () => Object(await server.ask('tools/list', {})).tools,
    call: async (name, args) => fieldsOf(await server.ask('tools/call', { name, arguments: args })),
    close: () => server.end(),
  }
}

export class RawServer {
  readonly child: ChildProcessWithoutNullStreams
  /** Everything it wrote to standard output, line by line. */
  readonly lines: string[] = []
  readonly exited: Promise<number | null>
  stderr = ''
  readonly #answers = new Map<number, (message: Fields) => void>()
  #id = 0

  constructor(env: Env = {}, args: readonly string[] = [], cwd = elsewhere()) {
    this.child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...HOMELESS, ...env } })
    this.exited = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.stderr.setEncoding('utf8').on('data', (text) => {
      this.stderr += text
    })
    createInterface(this.child.stdout).on('line', (line) => {
      this.lines.push(line)
      const message: Fields = JSON.parse(line)
      this.#answers.get(Number(message.id))?.(message)
    })
  }

  async open(protocolVersion: string): Promise<Fields> {
    const clientInfo = { name: 'raw', version: '1.0.0' }
    const opened = await this.ask('initialize', { protocolVersion, capabilities: {}, clientInfo })
    this.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }))
    return opened
  }

  write(line: string): void {
    this.child.stdin.write(`${line}\n`)
  }

  /** The result; a JSON-RPC error is thrown. */
  ask(method: string, params: Fields): Promise<Fields> {
    const id = ++this.#id
    const answer = this.answer(id)
    this.write(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    return answer
  }

  /** To a request that was written by hand. */
  answer(id: number): Promise<Fields> {
    return new Promise((resolve, reject) => {
      this.#answers.set(id, ({ result, error }) =>
        error === undefined ? resolve({ ...Object(result) }) : reject(new Error(JSON.stringify(error))),
      )
    })
  }

  async call(name: string, args: Fields): Promise<Fields> {
    return fieldsOf(await this.ask('tools/call', { name, arguments: args }))
  }

  async end(): Promise<void> {
    this.child.stdin.end()
    await this.exited
  }
}

/** A command that prints and goes on running. */
export class RawCommand {
  readonly #child: ChildProcessWithoutNullStreams
  #stdout = ''

  constructor(args: readonly string[]) {
    this.#child = spawn(process.execPath, [MAIN, ...args], { cwd: elsewhere(), env: HOMELESS })
    this.#child.stdout.setEncoding('utf8')
  }

  /** What it printed, once that holds the pattern. */
  output(pattern: RegExp): Promise<string> {
    return new Promise((resolve) => {
      this.#child.stdout.on('data', (text: string) => {
        this.#stdout += text
        if (pattern.test(this.#stdout)) resolve(this.#stdout)
      })
    })
  }

  stop(): Promise<number | null> {
    const exited = new Promise<number | null>((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGTERM')
    return exited
  }
}

function fieldsOf(result: unknown): Fields {
  const { structuredContent, isError } = Object(result)
  return { ...Object(structuredContent), ...(isError && { isError }) }
}

/** The buyer pays by the control API of whichever emulator made the link. */
export async function pay(pay_url: unknown): Promise<void> {
  const link = await cashierLink(pay_url)
  await control(link, 'pay', { pay_url: link })
}

/** Alipay's link: of a page, after a press as on a computer. */
export async function cashierLink(pay_url: unknown): Promise<string> {
  const address = String(pay_url)
  if (!/\/p\/\w{22}$/.test(address)) return address
  const pressed = await fetch(`${address}/page`, { redirect: 'manual' })
  return pressed.headers.get('location') ?? ''
}

export async function control(anyUrl: unknown, path: string, body: Fields): Promise<Fields> {
  const response = await fetch(new URL(`/control/${path}`, String(anyUrl)), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`control/${path}: ${response.status} ${await response.text()}`)
  return { ...Object(await response.json()) }
}
