// One server process of a shop for buyers, with its own connection to the ledger, and the chats that hang on it.
import { Client } from '@modelcontextprotocol/client'
import { InMemoryTransport } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import type { Rules } from '../../src/guard/call.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { CallRate } from '../../src/server/call-rate.ts'
import { CallsInFlight } from '../../src/server/calls-in-flight.ts'
import { createServer } from '../../src/server/server.ts'
import { newServices } from '../../src/server/services.ts'
import type { Shop } from '../../src/shop/buyer.ts'
import { PAGES_AT, type ShopWithPages } from '../checkout/shop-with-page.ts'
import type { Fields } from './history.ts'

export type Era = '2026-07-28' | undefined

export interface ProcessOptions {
  alipay: Pick<ShopWithPages, 'gateway' | 'clock' | 'qrFolder'>
  ledger: Ledger
  owner: string
  era: Era
  rules: Rules
  sold: Shop
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
  call(named: unknown, tool: string, args: Fields): Promise<Whole>
  close(): Promise<void>
}

export async function startProcess(options: ProcessOptions): Promise<ServerProcess> {
  const { alipay, ledger, owner, era, rules, sold, role, tell } = options
  const { gateway, clock, qrFolder } = alipay
  const pages = { at: PAGES_AT, proven: async () => ({ at: PAGES_AT }) }
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
    call: (named, tool, args) => callOf(client, named, tool, args),
    async close() {
      await client.close()
      ledger.close()
    },
  }
}

/** Where an error brings no Chinese sentence of its own. */
const UNSAID = '请求有误，没有执行，本次没有动钱。'

async function callOf(client: Client, named: unknown, name: string, args: Fields): Promise<Whole> {
  const _meta = named === undefined ? undefined : { 'alipay-mcp/buyer': named }
  try {
    const answer = await client.callTool({ name, arguments: { ...args }, ...(_meta && { _meta }) })
    const { content, structuredContent, isError = false } = answer
    const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
    const fields: Fields = { ...Object(structuredContent) }
    if (fields.message_zh === UNSAID) throw new Error(`${name} has no Chinese of its own for: ${fields.message}`)
    return { text, fields, isError }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    return { text: error.message, fields: {}, isError: true }
  }
}
