// What asks the merchant knows: of this process, of the call that it asks for, and of what the client brought with it.
import type { ServerContext } from '@modelcontextprotocol/server'
import type { Clock } from '../clock.ts'
import type { Environment } from '../gateway/gateway.ts'
import type { Actor, Ledger } from '../ledger/ledger.ts'

export interface ApprovalsOptions {
  environment: Environment
  clock: Clock
  ledger(): Promise<Ledger>
  /** Shows a page of this computer to the person at it; absent: there is no such page. */
  openPage?: ((url: string) => Promise<unknown>) | undefined
}

export interface ApprovalContext {
  tool: string
  ctx: ServerContext
  /** `isModern`: it takes a question for the answer to its call, and calls again (2026-07-28). */
  host: { isModern: boolean; showsForms: boolean }
  actor(): Actor
  /** By the ticks of the clock. */
  began: number
  /** Aborts when the process is about to leave. */
  stopping: AbortSignal
}

/** Of whoever asks outside the chat; `began`: by the ticks of the clock, infinite where nobody waits for the answer. */
export interface OperatorContext extends Pick<ApprovalContext, 'tool' | 'actor' | 'began' | 'stopping'> {
  signal: AbortSignal
}

/** What a client brought back of an earlier question; both are whatever it likes to send. */
export interface ClientReply {
  state?: string | undefined
  responses?: Readonly<Record<string, unknown>> | undefined
}

export function clientReply({ mcpReq }: ServerContext): ClientReply {
  const state = mcpReq.requestState()
  return { state: typeof state === 'string' ? state : undefined, responses: mcpReq.inputResponses }
}
