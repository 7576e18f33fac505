// The MCP client of a shop for tests, connected to its server in this process.
import { Client } from '@modelcontextprotocol/client'
import { InMemoryTransport } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import type { Environment } from '../src/gateway/gateway.ts'
import { CallsInFlight } from '../src/server/calls-in-flight.ts'
import { createServer } from '../src/server/server.ts'
import type { SharedServices } from '../src/server/shared-services.ts'
import { SUBSCRIPTION_TOOLS } from '../src/tools/subscriptions/index.ts'
import type { ShopOptions } from './shop.ts'

export async function connect(
  environment: Environment,
  readOnly: boolean,
  services: SharedServices,
  { answer, protocol, role = 'merchant', sells, subscriptions, tell = () => {} }: ShopOptions,
): Promise<Client> {
  const report = (id: string, error: unknown) => {
    throw new Error(`unexpected error ${id} in the server`, { cause: error })
  }
  const calls = new CallsInFlight()
  const moreTools = subscriptions ? SUBSCRIPTION_TOOLS[role] : []
  const toolsets = ['payments', ...(subscriptions ? (['subscriptions'] as const) : [])] as const
  const offer = { environment, role, hasItems: sells !== undefined, toolsets, moreTools, readOnly }
  const deps = { ...offer, services: async () => services, calls, report, tell }
  const [near, far] = InMemoryTransport.createLinkedPair()
  serveStdio(() => createServer(deps), { transport: far })
  const capabilities = answer ? { elicitation: {} } : {}
  const options = { capabilities, ...(protocol && { versionNegotiation: { mode: { pin: protocol } } }) }
  const client = new Client({ name: 'test', version: '1.0.0' }, options)
  if (answer) {
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      const decision = await answer(params.message)
      if (decision === null) return { action: 'decline' }
      return typeof decision === 'string' ? { action: 'accept', content: { decision } } : { action: 'cancel' }
    })
  }
  await client.connect(near)
  return client
}
