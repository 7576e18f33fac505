// alipay-mcp serve: the MCP server on standard input and output, until the host goes.
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import { config as configureZod } from 'zod'
import { ConfigError } from '../errors.ts'
import type { Both } from '../language.ts'
import { CallRate } from '../server/call-rate.ts'
import { CallsInFlight } from '../server/calls-in-flight.ts'
import { HostLines } from '../server/host-lines.ts'
import type { MessageId } from '../server/message-id.ts'
import { createServer, type ServerDeps } from '../server/server.ts'
import { LazyServices } from '../server/services.ts'
import { limitStderr } from '../server/stderr-limit.ts'
import { type ConfigResult, configOf } from '../settings/config.ts'
import type { Role } from '../settings/role.ts'
import type { Toolset } from '../settings/subscription-settings.ts'
import { shortLine } from '../text.ts'
import { TOOL_NAMES } from '../tools/offers.ts'
import type { Tool } from '../tools/tool.ts'
import { VERSION } from '../version.ts'
import type { CommandLine } from './command-line.ts'

// What calls in flight get to be answered.
const GRACE_MS = 4_000
const LAST_LINES_MS = 50
// Later than a host's first tools/list, which must not wait for keys and alipay-sdk.
const WARM_UP_MS = 400

/** Ends when the host closes standard input or output, or on SIGTERM and SIGINT. */
export async function serve(commandLine: CommandLine): Promise<number> {
  limitStderr(process.stderr)
  // Start -5 %: to compile a schema of the MCP SDK's takes longer than all that it will check.
  configureZod({ jitless: true })
  if (process.stdin.isTTY) explain(commandLine)
  const calls = new CallsInFlight()
  const read = configOf(commandLine, TOOL_NAMES)
  const prepared = await prepare(read, calls)
  if (!prepared) return 2
  const { deps, services } = prepared
  // Not standard input itself: at its end the SDK would drop the calls in flight, and their answers with them.
  const input = new Readable({ read() {} })
  const transport = new StdioServerTransport(input, process.stdout)
  const lines = new HostLines({
    pass: (line) => input.push(line),
    say,
    refuse: (id, code, message) => void transport.send(refusalOf(id, code, message)).catch(() => {}),
  })
  process.stdin.on('data', (chunk) => lines.push(chunk))
  process.stdin.once('end', () => lines.end())
  const ended = untilTheEnd(transport)
  const handle = serveStdio(() => createServer(deps), {
    transport,
    onerror: (error) => {
      // The host has gone, and nobody is left who would read it.
      if (!('code' in error && error.code === 'EPIPE')) say(shortLine(error.message, 300))
    },
  })
  const warmUp = setTimeout(() => {
    void import('../server/tool-calls.ts')
    void services?.warmUp().catch((error) => say(error.message))
  }, WARM_UP_MS)
  await ended
  clearTimeout(warmUp)
  // The last lines may still be on their way in through the SDK, and then the last answers on their way out.
  await pause(LAST_LINES_MS)
  services?.stopChanging()
  await calls.end(GRACE_MS)
  await pause(LAST_LINES_MS)
  await handle.close()
  await services?.shutDown()
  return 0
}

function refusalOf(id: MessageId, code: number, message: string) {
  return { jsonrpc: '2.0' as const, id, error: { code, message } }
}

/** A bad configuration does not end the server: hosts show a dead process only. Every call says what to set. */
async function prepare(read: ConfigResult, calls: CallsInFlight): Promise<Prepared | undefined> {
  for (const notice of read.notices) say(`Notice: ${new ConfigError([notice]).message}`)
  if ('config' in read) {
    const services = new LazyServices(read.config, say)
    const { environment, readOnly, tools, toolsets, limits, role, shop } = read.config
    const callRate = new CallRate(limits.callsPerMinute)
    const hasItems = shop.itemsFile !== undefined
    const offer = { environment, role, hasItems, readOnly, tools, toolsets, moreTools: await toolsOf(toolsets, role) }
    const deps = { ...offer, services: () => services.get(), calls, callRate, report, tell: say }
    return { deps, services }
  }
  const error = new ConfigError(read.problems)
  const { readOnly, tools, toolsets, role } = read
  // Nobody can tell whether the merchant or a buyer would sit in the chat.
  if (role === undefined) return void say(`Not started.\n${error.message}`)
  say(`Not configured; every call will say so.\n${error.message}`)
  return {
    deps: {
      ...{ environment: undefined, role, hasItems: false, readOnly, tools, calls, report, tell: say },
      ...{ toolsets, moreTools: await toolsOf(toolsets, role) },
      services: () => Promise.reject(error),
    },
  }
}

interface Prepared {
  deps: ServerDeps
  services?: LazyServices
}

/** Whoever does not want them does not load them. */
async function toolsOf(toolsets: readonly Toolset[], role: Role): Promise<readonly Tool[]> {
  if (!toolsets.includes('subscriptions')) return []
  return (await import('../tools/subscriptions/index.ts')).SUBSCRIPTION_TOOLS[role]
}

function untilTheEnd(transport: StdioServerTransport): Promise<void> {
  return new Promise((resolve) => {
    // Not once: a second signal would end the process at once, and a refund in flight with it.
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve())
    process.stdin.once('end', resolve)
    process.stdin.once('close', resolve)
    process.stdin.on('error', () => resolve())
    process.stdout.on('error', () => resolve())
    process.stderr.on('error', () => {})
    // The SDK closes the transport, and says nothing, when a line has no end.
    const close = transport.close.bind(transport)
    transport.close = async () => {
      await close()
      resolve()
    }
  })
}

function report(id: string, error: unknown): void {
  say(`Unexpected error ${id}: ${error instanceof Error ? error.stack : String(error)}`)
}

function say(line: string): void {
  process.stderr.write(`[alipay-mcp] ${line}\n`)
}

function explain({ language, program }: CommandLine): void {
  const [demo, help] = [`${program} demo`, `${program} help`]
  const text: Both = {
    en: `alipay-mcp ${VERSION} is an MCP server: a host such as Claude Desktop or Cursor starts it and speaks to it here.\nTo see it at work, run "${demo}"; for all commands, "${help}". Ctrl-C ends it.`,
    zh: `alipay-mcp ${VERSION} 是 MCP 服务器：由 Claude Desktop、Cursor 等宿主程序启动并在这里通信。\n要看演示请运行 ${demo}；全部命令见 ${help}。按 Ctrl-C 退出。`,
  }
  say(text[language])
}
