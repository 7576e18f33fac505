// One server process of a shop for buyers, with its own connection to the ledger, and the chats that hang on it.
import { Client } from '@modelcontextprotocol/client'
import { InMemoryTransport } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import type { CheckoutPages } from '../../src/checkout/short-link.ts'
import type { Rules } from '../../src/guard/call.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { CallRate } from '../../src/server/call-rate.ts'
import { CallsInFlight } from '../../src/server/calls-in-flight.ts'
import { createServer } from '../../src/server/server.ts'
import { newServices } from '../../src/server/shared-services.ts'
import type { Shop } from '../../src/shop/buyer.ts'
import type { ShopWithPages } from '../checkout/shop-with-page.ts'
import type { Fields } from './history.ts'

export type Era = '2026-07-28' | undefined

export interface ProcessOptions {
  alipay: Pick<ShopWithPages, 'gateway' | 'clock' | 'qrFolder'>
  ledger: Ledger
  owner: string
  era: Era
  rules: Rules
  sold: Shop
  pages: CheckoutPages | undefined
  role: 'buyer' | 'merchant'
  /** What the operator reads. */
  tell(line: string): void
}

/** All that a client gets; a protocol error has words only. */
export interface Whole {
  text: string
  fields: Fields
  isError: boolean
}

export interface ServerProcess {
  readonly client: Client
  readonly ledger: Ledger
  /** What the program around the model was asked to ask its user, who says yes to everything. */
  readonly questions: readonly string[]
  /** @param signal of the host, which may cancel */
  call(named: unknown, tool: string, args: Fields, signal?: AbortSignal): Promise<Whole>
  close(): Promise<void>
}

export async function startProcess(options: ProcessOptions): Promise<ServerProcess> {
  const { alipay, ledger, owner, era, rules, sold, pages, role, tell } = options
  const { gateway, clock, qrFolder } = alipay
  const parts = { gateway, clock, qrFolder, pages, rules, owner, role, shop: sold, ledger: async () => ledger }
  const services = newServices(parts)
  const deps = {
    ...{ environment: rules.environment, role, hasItems: true, readOnly: rules.readOnly, tell },
    services: async () => services,
    calls: new CallsInFlight(),
    callRate: new CallRate(rules.limits.callsPerMinute, () => clock.ticks()),
    report: (id: string, error: unknown) => {
      throw new Error(`unexpected error ${id} in the server`, { cause: error })
    },
  }
  const [near, far] = InMemoryTransport.createLinkedPair()
  serveStdio(() => createServer(deps), { transport: far })
  const questions: string[] = []
  const client = new Client(
    { name: 'a public assistant', version: '1.0.0' },
    { capabilities: { elicitation: {} }, ...(era && { versionNegotiation: { mode: { pin: era } } }) },
  )
  client.setRequestHandler('elicitation/create', async ({ params }) => {
    questions.push(params.message)
    return { action: 'accept', content: { decision: 'yes', approve: true } }
  })
  await client.connect(near)
  return {
    client,
    ledger,
    questions,
    call: (named, tool, args, signal) => callOf(client, { named, name: tool, args, signal }),
    async close() {
      await client.close()
      ledger.close()
    },
  }
}

/** Where an error brings no Chinese sentence of its own. */
const UNSAID = '请求有误，没有执行，本次没有动钱。'

interface ToolCall {
  named: unknown
  name: string
  args: Fields
  signal: AbortSignal | undefined
}

async function callOf(client: Client, { named, name, args, signal }: ToolCall): Promise<Whole> {
  const _meta = named === undefined ? undefined : { 'alipay-mcp/buyer': named }
  try {
    const asked = { name, arguments: { ...args }, ...(_meta && { _meta }) }
    const answer = await client.callTool(asked, signal && { signal })
    const { content, structuredContent, isError = false } = answer
    const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
    const fields: Fields = { ...Object(structuredContent) }
    if (fields.message_zh === UNSAID) throw new Error(`${name} has no Chinese of its own for: ${fields.message}`)
    return { text, fields, isError }
  } catch (error) {
    if (signal?.aborted) return { text: 'cancelled', fields: {}, isError: true }
    if (!(error instanceof Error) || !('code' in error)) throw error
    return { text: error.message, fields: {}, isError: true }
  }
}
