// Hosts of both eras that a person sits at, and one that writes every message by hand.
import { Client as NewClient } from '@modelcontextprotocol/client'
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js'
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import type { InMemoryTransport } from '@modelcontextprotocol/server'
import { expect } from 'vitest'
import type { ApprovalServer } from './approval-server.ts'

export type Fields = Readonly<Record<string, unknown>>

/** How the person at a client answers the form. */
export type Person = (question: string, params: Fields) => Promise<Fields> | Fields

export interface Host {
  call(args: Fields, signal?: AbortSignal): Promise<Fields>
}

// Longer than any question is open.
const TIMEOUT = 600_000
const FORM = { elicitation: { form: {} } }

const answering =
  (person: Person) =>
  async ({ params }: { params: { message: string } }) =>
    Object(await person(params.message, { ...params }))

/** A host of before 2026-07-28; without a person it shows no forms. */
export async function oldHost(
  server: ApprovalServer,
  person?: Person,
  capabilities = person ? FORM : {},
): Promise<Host> {
  const client = new OldClient({ name: 'old', version: '1.2.3' }, { capabilities })
  if (person) client.setRequestHandler(ElicitRequestSchema, answering(person))
  await client.connect(server.connect())
  return {
    async call(args, signal) {
      const params = { name: 'give_back', arguments: args }
      return fieldsOf(await client.callTool(params, undefined, { timeout: TIMEOUT, ...(signal && { signal }) }))
    },
  }
}

/** A host of 2026-07-28. */
export async function newHost(
  server: ApprovalServer,
  person?: Person,
  capabilities = person ? FORM : {},
): Promise<Host> {
  const versionNegotiation = { mode: { pin: '2026-07-28' } } as const
  const client = new NewClient({ name: 'new', version: '2.0.0' }, { versionNegotiation, capabilities })
  if (person) client.setRequestHandler('elicitation/create', answering(person))
  await client.connect(server.connect())
  return {
    async call(args, signal) {
      const options = { timeout: TIMEOUT, ...(signal && { signal }) }
      return fieldsOf(await client.callTool({ name: 'give_back', arguments: { ...args } }, options))
    },
  }
}

/** Writes by hand, in 2026-07-28. */
export class RawHost {
  /** Everything that came from the server. */
  readonly heard: Fields[] = []
  readonly #near: InMemoryTransport
  readonly #envelope: Fields
  readonly #waiting = new Map<unknown, (message: Fields) => void>()
  #id = 0

  constructor(server: ApprovalServer, capabilities: Fields = FORM) {
    this.#near = server.connect()
    this.#envelope = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': capabilities,
    }
    this.#near.onmessage = (message) => {
      const fields: Fields = { ...message }
      this.heard.push(fields)
      this.#waiting.get(fields.id)?.(fields)
    }
    void this.#near.start()
  }

  /** The whole result; a JSON-RPC error is thrown. */
  async send(args: Fields, reply: Fields = {}): Promise<Fields> {
    const id = ++this.#id
    const params = { name: 'give_back', arguments: args, _meta: this.#envelope, ...reply }
    const answer = new Promise<Fields>((resolve) => this.#waiting.set(id, resolve))
    await this.#near.send({ jsonrpc: '2.0', id, method: 'tools/call', params })
    const { result, error } = await answer
    if (error !== undefined) throw new Error(JSON.stringify(error))
    return { ...Object(result) }
  }

  /** The fields of a result that is no question. */
  async call(args: Fields, reply: Fields = {}): Promise<Fields> {
    return fieldsOf(await this.send(args, reply))
  }

  /** A call that the host cancels before it is answered; so it never is. */
  async cancelled(args: Fields, reply: Fields): Promise<void> {
    void this.send(args, reply)
    await this.#near.send({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: this.#id },
    })
  }

  /** A call that is answered with a question. */
  async ask(args: Fields, reply: Fields = {}): Promise<{ requestState: string; question: string }> {
    const { requestState, inputRequests } = await this.send(args, reply)
    return { requestState: String(requestState), question: Object(inputRequests).approval.params.message }
  }
}

/** What a person answers who says yes. */
export const YES = { action: 'accept', content: { decision: '同意 yes' } }

/** Nothing moved, and the reason is told in these words. */
export const declined = (words: RegExp | string) => ({
  ...refused(words),
  error: 'declined',
  retry: 'no',
  next_step: expect.stringMatching(/Another amount is a new request, and allowed\./),
})
/** Of 3.00 yuan of order T1. */
export const waiting = (amount = '3.00') => ({
  ...refused(`of ${amount} yuan of order T1 needs .*; a yes in this chat does not count. Do not repeat the call until`),
  error: 'waiting_for_approval',
  message_zh: expect.stringMatching(new RegExp(`^退款 ${amount} 元等待商家确认（\\d{4}-.*前有效），确认前不会发送`)),
})
export const refused = (words: RegExp | string) => ({
  isError: true,
  error: 'not_sent',
  retry: 'after_change',
  moved: 'no',
  message: expect.stringMatching(words),
  money: 'Nothing was sent. This call moved nothing.',
  next_step: expect.stringMatching(/./),
})

function fieldsOf(result: unknown): Fields {
  const { structuredContent, isError } = Object(result)
  return { ...Object(structuredContent), ...(isError && { isError }) }
}
