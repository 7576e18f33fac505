// One call of a tool: input in, result or translated error out. Loaded at the first call, with the tools and all that they work with.
import type { CallToolResult, InputRequiredResult, McpServer, ServerContext } from '@modelcontextprotocol/server'
import { AskInChat } from '../approval/chat.ts'
import type { Environment } from '../gateway/gateway.ts'
import type { Role } from '../settings/role.ts'
import { buyerName } from '../shop/buyer.ts'
import { BUYER_TOOLS, ITEM_TOOLS, MERCHANT_TOOLS } from '../tools/index.ts'
import type { Services, Tool } from '../tools/tool.ts'
import { buyerErrorFields } from './buyer-errors.ts'
import type { CallRate } from './call-rate.ts'
import type { CallsInFlight } from './calls-in-flight.ts'
import { hostOf } from './client-info.ts'
import { errorFields } from './error-results.ts'
import { EnvironmentNotes, toErrorResult, toResult } from './results.ts'
import type { SharedServices } from './shared-services.ts'

export interface CallDeps {
  /** Undefined while the configuration is too broken to tell. */
  environment: Environment | undefined
  /** Who sits in the chat: the tools of the two never meet. */
  role: Role
  /** Of toolsets beside payments, loaded by whoever starts the server. */
  moreTools?: readonly Tool[] | undefined
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

export class ToolCalls {
  readonly #deps: CallDeps
  readonly #server: McpServer
  readonly #notes = new EnvironmentNotes()
  readonly #tools: ReadonlyMap<string, Tool>

  constructor(deps: CallDeps, server: McpServer) {
    this.#deps = deps
    this.#server = server
    const ofRole = deps.role === 'buyer' ? BUYER_TOOLS : [...MERCHANT_TOOLS, ...ITEM_TOOLS]
    this.#tools = new Map([...ofRole, ...(deps.moreTools ?? [])].map((tool) => [tool.name, tool]))
  }

  /** @param name of a tool that is offered */
  async call(name: string, args: unknown, ctx: ServerContext): Promise<CallToolResult | InputRequiredResult> {
    let { environment } = this.#deps
    const environmentLines = () => ({ environment, note: this.#notes.next(environment) })
    try {
      const shared = await this.#deps.services()
      environment = shared.rules.environment
      return await this.#counted(name, ctx, shared, async () =>
        toResult(await this.#tool(name).call(args, this.#servicesFor(name, ctx, shared)), environmentLines()),
      )
    } catch (error) {
      const { role, report, tell } = this.#deps
      const fields = role === 'buyer' ? buyerErrorFields(error, report, tell) : errorFields(error, report)
      return toErrorResult(await fields, environmentLines())
    }
  }

  #tool(name: string): Tool {
    const tool = this.#tools.get(name)
    if (!tool) throw new Error(`there is no tool ${name}`)
    return tool
  }

  /**
   * Each question counts once: whoever first brings its answer back goes on with a call that was counted, unless it ends
   * in a further question.
   */
  async #counted(name: string, ctx: ServerContext, shared: SharedServices, run: () => Promise<CallToolResult>) {
    const { role, callRate } = this.#deps
    const continues = shared.approvals.continues(ctx.mcpReq.requestState())
    // Of buyers each has his own: one that asks without end takes nothing from the others.
    const who = role === 'buyer' ? buyerName(name, { ...shared, namedBuyer: namedBuyer(ctx) }) : ''
    if (!continues) callRate?.take(name, who)
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof AskInChat)) throw error
      if (continues) callRate?.take(name, who)
      return error.result
    }
  }

  #servicesFor(tool: string, ctx: ServerContext, shared: SharedServices): Services {
    const { approvals, owner, ...services } = shared
    const { clock } = services
    const { signal } = ctx.mcpReq
    const { stopping } = this.#deps.calls
    const host = hostOf(this.#server, ctx)
    const actor = () => ({ at: clock.now(), owner, host: host.name })
    const approver = approvals.forCall({ tool, ctx, host, actor, began: clock.ticks(), stopping })
    const named = { namedBuyer: namedBuyer(ctx) }
    return { ...services, ...named, actor, approver, signal, stopping, progress: progressOf(ctx) }
  }
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
