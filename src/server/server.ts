// The MCP server: one loop over the table of tools; input in, result or translated error out.
import {
  type CallToolResult,
  type InputRequiredResult,
  McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server'
import type { Approvals } from '../approval/approvals.ts'
import { AskInChat } from '../approval/chat.ts'
import type { Environment } from '../gateway/gateway.ts'
import type { Role } from '../settings/role.ts'
import type { Toolset } from '../settings/subscription-settings.ts'
import { buyerName } from '../shop/buyer.ts'
import { BUYER_TOOLS, ITEM_TOOLS, MERCHANT_TOOLS } from '../tools/index.ts'
import type { Services, Tool } from '../tools/tool.ts'
import { VERSION } from '../version.ts'
import { buyerErrorFields } from './buyer-errors.ts'
import type { CallRate } from './call-rate.ts'
import type { CallsInFlight } from './calls-in-flight.ts'
import { hostOf } from './client-info.ts'
import { errorFields } from './error-results.ts'
import { instructionsFor, instructionsForBuyers } from './instructions.ts'
import { registerPrompts } from './prompts.ts'
import { EnvironmentNotes, toErrorResult, toResult } from './results.ts'
import { advertised } from './tool-schemas.ts'

/** What all calls of one process share. */
export interface SharedServices
  extends Omit<Services, 'actor' | 'approver' | 'signal' | 'stopping' | 'progress' | 'namedBuyer'> {
  /** This process, for the ledger; random. */
  owner: string
  approvals: Approvals
}

export interface ServerDeps {
  /** Undefined while the configuration is too broken to tell. */
  environment: Environment | undefined
  /** Who sits in the chat: the tools of the two never meet. */
  role: Role
  /** Whether the merchant has an items file. */
  hasItems: boolean
  /** Absent: payments. */
  toolsets?: readonly Toolset[] | undefined
  /** Of toolsets beside payments, loaded by whoever starts the server. */
  moreTools?: readonly Tool[] | undefined
  /** Leaves exactly the tools that change nothing. */
  readOnly: boolean
  /** The only ones to be offered; absent: all. */
  tools?: readonly string[] | undefined
  /** What the tools work with, made at the first call. @throws ConfigError */
  services(): Promise<SharedServices>
  /** Sees every call, so that answers are written before the process leaves. */
  calls: Pick<CallsInFlight, 'track' | 'stopping'>
  /** ALIPAY_MAX_CALLS_PER_MINUTE, of the whole process, or of each buyer; absent: no limit. */
  callRate?: CallRate | undefined
  /** Where an unexpected error is told with its stack; never standard output. */
  report(id: string, error: unknown): void
  /** What the operator reads of a call, on standard error. */
  tell(line: string): void
}

export function createServer(deps: ServerDeps): McpServer {
  const offered = offeredTools(deps)
  const names = offered.map(({ name }) => name)
  const isForBuyers = deps.role === 'buyer'
  const instructions = isForBuyers ? instructionsForBuyers(names) : instructionsFor(names, deps.environment)
  const server = new McpServer({ name: 'alipay-mcp', version: VERSION }, { instructions })
  const notes = new EnvironmentNotes()
  if (!isForBuyers) registerPrompts(server, names)
  for (const tool of offered) {
    const { name, title, description, hints } = tool
    const offer = { title, description, annotations: hints, ...advertised(tool) }
    server.registerTool(name, offer, (args, ctx) => deps.calls.track(call({ tool, args, deps, server, notes, ctx })))
  }
  return server
}

function offeredTools({
  role,
  hasItems,
  toolsets = ['payments'],
  moreTools = [],
  tools,
  readOnly,
}: ServerDeps): readonly Tool[] {
  const payments = role === 'buyer' ? BUYER_TOOLS : [...MERCHANT_TOOLS, ...(hasItems ? ITEM_TOOLS : [])]
  const all = [...(toolsets.includes('payments') ? payments : []), ...moreTools]
  const chosen = all.filter(({ name }) => tools?.includes(name))
  // None at all would leave no call that could say what is wrong with the settings.
  return (chosen.length > 0 ? chosen : all).filter(({ hints }) => !readOnly || hints.readOnlyHint)
}

interface Call {
  tool: Tool
  args: unknown
  deps: ServerDeps
  server: McpServer
  notes: EnvironmentNotes
  ctx: ServerContext
}

async function call(of: Call): Promise<CallToolResult | InputRequiredResult> {
  const { tool, args, deps, notes } = of
  let { environment } = deps
  const environmentLines = () => ({ environment, note: notes.next(environment) })
  try {
    const shared = await deps.services()
    environment = shared.rules.environment
    return await counted(of, shared, async () =>
      toResult(await tool.call(args, servicesFor(of, shared)), environmentLines()),
    )
  } catch (error) {
    const { role, report, tell } = deps
    const fields = role === 'buyer' ? buyerErrorFields(error, report, tell) : errorFields(error, report)
    return toErrorResult(await fields, environmentLines())
  }
}

/**
 * Each question counts once: whoever first brings its answer back goes on with a call that was counted, unless it ends
 * in a further question.
 */
async function counted({ tool, deps, ctx }: Call, shared: SharedServices, run: () => Promise<CallToolResult>) {
  const continues = shared.approvals.continues(ctx.mcpReq.requestState())
  // Of buyers each has his own: one that asks without end takes nothing from the others.
  const who = deps.role === 'buyer' ? buyerName(tool.name, { ...shared, namedBuyer: namedBuyer(ctx) }) : ''
  if (!continues) deps.callRate?.take(tool.name, who)
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof AskInChat)) throw error
    if (continues) deps.callRate?.take(tool.name, who)
    return error.result
  }
}

function servicesFor({ tool, deps, server, ctx }: Call, shared: SharedServices): Services {
  const { approvals, owner, ...services } = shared
  const { clock } = services
  const { signal } = ctx.mcpReq
  const { stopping } = deps.calls
  const host = hostOf(server, ctx)
  const actor = () => ({ at: clock.now(), owner, host: host.name })
  const approver = approvals.forCall({ tool: tool.name, ctx, host, actor, began: clock.ticks(), stopping })
  const named = { namedBuyer: namedBuyer(ctx) }
  return { ...services, ...named, actor, approver, signal, stopping, progress: progressOf(ctx) }
}

/** The program around the model says who its user is; no argument of a call does. */
const namedBuyer = ({ mcpReq }: ServerContext): unknown => mcpReq._meta?.['alipay-mcp/buyer']

/** 0 is a token, too. Progress is a courtesy: a host that is gone must not fail the call. */
function progressOf({ mcpReq: { _meta, notify } }: ServerContext): Services['progress'] {
  const progressToken = _meta?.progressToken
  if (progressToken === undefined) return undefined
  return (progress, total) => {
    notify({ method: 'notifications/progress', params: { progressToken, progress, total } }).catch(() => {})
  }
}
