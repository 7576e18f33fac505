// The MCP server: what it offers a host, and where a call of a tool goes.
import { McpServer, type StandardSchemaWithJSON } from '@modelcontextprotocol/server'
import type { Toolset } from '../settings/subscription-settings.ts'
import { OFFERS, offerOf, type ToolOffer } from '../tools/offers.ts'
import { VERSION } from '../version.ts'
import { instructionsFor, instructionsForBuyers } from './instructions.ts'
import { registerPrompts } from './prompts.ts'
import type { CallDeps, ToolCalls } from './tool-calls.ts'

export interface ServerDeps extends CallDeps {
  /** Whether the merchant has an items file. */
  hasItems: boolean
  /** Absent: payments. */
  toolsets?: readonly Toolset[] | undefined
  /** Leaves exactly the tools that change nothing. */
  readOnly: boolean
  /** The only ones to be offered; absent: all. */
  tools?: readonly string[] | undefined
}

export function createServer(deps: ServerDeps): McpServer {
  const offered = offeredTools(deps)
  const names = offered.map(({ name }) => name)
  const isForBuyers = deps.role === 'buyer'
  const instructions = isForBuyers ? instructionsForBuyers(names) : instructionsFor(names, deps.environment)
  const server = new McpServer({ name: 'alipay-mcp', version: VERSION }, { instructions })
  if (!isForBuyers) registerPrompts(server, names)
  let made: Promise<ToolCalls> | undefined
  const toolCalls = () => {
    made ??= import('./tool-calls.ts').then(({ ToolCalls }) => new ToolCalls(deps, server))
    return made
  }
  for (const { name, title, description, hints, input, output } of offered) {
    const offer = { title, description, annotations: hints }
    const schemas = { inputSchema: anything(input), outputSchema: anything(output) }
    server.registerTool(name, { ...offer, ...schemas }, (args, ctx) =>
      deps.calls.track(toolCalls().then((calls) => calls.call(name, args, ctx))),
    )
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
}: ServerDeps): readonly ToolOffer[] {
  const payments = role === 'buyer' ? OFFERS.buyer : [...OFFERS.merchant, ...(hasItems ? OFFERS.items : [])]
  const all = [...(toolsets.includes('payments') ? payments : []), ...moreTools.map(offerOf)]
  const chosen = all.filter(({ name }) => tools?.includes(name))
  // None at all would leave no call that could say what is wrong with the settings.
  return (chosen.length > 0 ? chosen : all).filter(({ hints }) => !readOnly || hints.readOnlyHint)
}

/** Advertises the schema and lets everything pass, so that bad input is refused in our own words. */
function anything(jsonSchema: ToolOffer['input']): StandardSchemaWithJSON<unknown, unknown> {
  const given = () => jsonSchema
  const validate = (value: unknown) => ({ value })
  return {
    '~standard': { version: 1, vendor: 'alipay-mcp', validate, jsonSchema: { input: given, output: given } },
  }
}
