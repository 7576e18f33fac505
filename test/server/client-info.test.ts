// Who the host of a call is, as the ledger keeps it: what a client says of itself is cut and cleaned.
import type { InMemoryTransport } from '@modelcontextprotocol/server'
import { expect, it } from 'vitest'
import { YES } from '../approval/approval-hosts.ts'
import { startApprovalServer } from '../approval/approval-server.ts'
import { allowed } from '../approval/approval-tool.ts'

it.each([
  ['name and version', { name: 'claude-code', version: '2.1.280' }, 'claude-code 2.1.280'],
  ['a name of many lines', { name: 'a\nb\u202ec', version: '\u0000' }, 'a b c'],
  ['a long name', { name: 'n'.repeat(200), version: '1' }, `${'n'.repeat(59)}…`],
  ['nothing', undefined, 'unknown host'],
  ['empty words', { name: '', version: '' }, 'unknown host'],
])('keeps %s', async (_, clientInfo, host) => {
  const near: InMemoryTransport = (await startApprovalServer()).connect()
  const envelope = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': { elicitation: {} },
    ...(clientInfo && { 'io.modelcontextprotocol/clientInfo': clientInfo }),
  }
  const params = { name: 'give_back', arguments: { amount: '1.00' }, _meta: envelope }
  const answer = (id: number, reply = {}) =>
    new Promise<{ requestState?: string }>((resolve) => {
      near.onmessage = (message) => resolve({ ...Object(message).result })
      void near.send({ jsonrpc: '2.0', id, method: 'tools/call', params: { ...params, ...reply } })
    })
  await near.start()
  const { requestState } = await answer(1)
  await answer(2, { requestState, inputResponses: { approval: YES } })
  expect(allowed).toMatchObject([{ host }])
})
