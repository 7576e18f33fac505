// The MCP host behind a call: who it is and what it can show, in both eras of the protocol.
import type { McpServer, ServerContext } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { shortLine } from '../text.ts'

// From this revision on a server answers with its questions, and sends none by itself.
const MODERN = '2026-07-28'
const NAME_LENGTH = 60

// What a client of a modern era says of itself with every request.
const envelope = z.object({
  'io.modelcontextprotocol/clientInfo': z
    .object({ name: z.string().optional(), version: z.string().optional() })
    .optional(),
  'io.modelcontextprotocol/clientCapabilities': z
    .object({
      elicitation: z.object({ form: z.unknown().optional(), url: z.unknown().optional() }).optional(),
    })
    .optional(),
})

export interface Host {
  /** Name and version, for the ledger. */
  name: string
  isModern: boolean
  showsForms: boolean
}

export function hostOf({ server }: McpServer, { mcpReq }: ServerContext): Host {
  const isModern = (server.getNegotiatedProtocolVersion() ?? '') >= MODERN
  const said = isModern ? envelope.safeParse(mcpReq.envelope).data : undefined
  const info = isModern ? said?.['io.modelcontextprotocol/clientInfo'] : server.getClientVersion()
  const capabilities = isModern ? said?.['io.modelcontextprotocol/clientCapabilities'] : server.getClientCapabilities()
  const elicitation = capabilities?.elicitation
  return {
    name: shortLine([info?.name, info?.version].filter(Boolean).join(' '), NAME_LENGTH) || 'unknown host',
    isModern,
    // Without any mode it means forms (2025-11-25, client/elicitation).
    showsForms: !!elicitation && (elicitation.form !== undefined || elicitation.url === undefined),
  }
}
