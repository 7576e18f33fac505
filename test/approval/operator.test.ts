// The yes outside the chat: a call waits for it a while, and the same call made again finds what was decided.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { done, paidOrder, refund } from '../ledger/places.ts'
import { declined, type Fields, newHost, oldHost, RawHost, refused, waiting } from './approval-hosts.ts'
import { type ApprovalServer, startApprovalServer } from './approval-server.ts'
import { allowed, world } from './approval-tool.ts'

const REQUEST = { amount: '3.00', how: 'operator' }
const MINUTES = 60_000
const WAITING = waiting()

/** A person at a terminal decides about all that is open. */
async function decide({ ledger, clock }: ApprovalServer, yes: boolean): Promise<void> {
  const actor = { at: clock.now(), owner: 'person', host: 'terminal' }
  for (const { id } of await ledger.openApprovals(clock.now())) await ledger.decide(id, yes, 'terminal', actor)
}

it.each([
  ['before 2026-07-28', oldHost],
  ['of 2026-07-28', newHost],
])('for a host %s, a call goes on when the yes comes while it waits', async (_, hostOf) => {
  const server = await startApprovalServer()
  const host = await hostOf(server, () => {
    throw new Error('nobody is to be asked in the chat')
  })
  server.clock.meanwhile = async () => {
    if (server.clock.slept >= 3_000) await decide(server, true)
  }
  expect(await host.call(REQUEST)).toMatchObject({ message: 'done' })
  expect(server.clock.slept).toBe(3_000)
  expect(allowed).toMatchObject([{ how: 'operator', approvalDigest: 'T1|3.00|0.00', id: 1 }])
  expect(server.pages).toHaveLength(1)
})

it('answers after 12 seconds that it waits; the same words find the yes at once, and open no second window', async () => {
  const server = await startApprovalServer()
  const host = new RawHost(server)
  expect(await host.call(REQUEST)).toMatchObject(WAITING)
  expect(server.clock.slept).toBe(12_000)
  expect(await host.call(REQUEST)).toMatchObject(WAITING)
  expect(allowed).toStrictEqual([])
  await decide(server, true)
  server.clock.slept = 0
  expect(await host.call(REQUEST)).toMatchObject({ message: 'done' })
  expect(server.clock.slept).toBe(0)
  expect(server.pages).toHaveLength(1)
})

it('says where the merchant answers: in memory on the page only, and whether it was seen to open', async () => {
  const server = await startApprovalServer()
  const host = new RawHost(server)
  expect((await host.call(REQUEST)).next_step).toMatch(
    /^Tell the merchant to answer in the browser window, if one has opened on the computer of this server; only a person/,
  )
  await fetch(server.pages[0] ?? '')
  expect((await host.call(REQUEST)).next_step).toBe(
    'Tell the merchant to answer in the browser window that this server opened on its computer; only a person can ' +
      'approve, not you. Once the merchant says that the refund is approved, make the same call again, with the same ' +
      'refund_reason: the yes holds for that only.',
  )
})

it('tells a no, and tells it again for 15 minutes; then the merchant is asked anew', async () => {
  const server = await startApprovalServer()
  const host = new RawHost(server)
  server.clock.meanwhile = () => decide(server, false)
  const no = declined('the merchant said no to this refund')
  expect(await host.call(REQUEST)).toMatchObject(no)
  server.clock.meanwhile = async () => {}
  server.clock.advance(14 * MINUTES)
  expect(await host.call(REQUEST)).toMatchObject(no)
  server.clock.advance(MINUTES)
  expect(await host.call(REQUEST)).toMatchObject(WAITING)
  expect(server.pages).toHaveLength(2)
  expect(allowed).toStrictEqual([])
})

it('takes silence for 15 minutes for no answer, and asks anew', async () => {
  const server = await startApprovalServer()
  const host = new RawHost(server)
  expect(await host.call(REQUEST)).toMatchObject(WAITING)
  server.clock.advance(15 * MINUTES - 12_000 - 1_000)
  expect(await host.call(REQUEST)).toMatchObject(refused('nobody answered .* within 15 minutes'))
  await decide(server, true)
  expect(await host.call(REQUEST)).toMatchObject(WAITING)
  expect(server.pages).toHaveLength(2)
  expect(allowed).toStrictEqual([])
})

it('says that the question has ended when another refund of the order comes first, and asks anew', async () => {
  const server = await startApprovalServer()
  const host = new RawHost(server)
  const { ledger, clock } = server
  await paidOrder(ledger, 'T1', clock.now())
  clock.meanwhile = async () => {
    clock.meanwhile = async () => {}
    await done(ledger, refund(100, { out_trade_no: 'T1', trade_no: 'trade of T1' }), clock.now())
  }
  expect(await host.call(REQUEST)).toMatchObject(
    refused('has ended before it was answered, as another refund of the order ends it'),
  )
  expect(await host.call(REQUEST)).toMatchObject(WAITING)
  expect(allowed).toStrictEqual([])
})

it('takes a yes to another approval digest for none', async () => {
  const server = await startApprovalServer()
  const host = new RawHost(server)
  await host.call(REQUEST)
  await decide(server, true)
  world.facts = { refunded: '1.00' }
  expect(await host.call(REQUEST)).toMatchObject(WAITING)
  expect(await host.call({ ...REQUEST, amount: '4.00' })).toMatchObject(waiting('4.00'))
  expect(allowed).toStrictEqual([])
})

it('asks again when the approval digest changes after the yes', async () => {
  const server = await startApprovalServer()
  server.clock.meanwhile = () => decide(server, true)
  world.beforeReserving = async () => {
    world.facts = { refunded: '1.00' }
  }
  expect(await new RawHost(server).call(REQUEST)).toMatchObject({ message: 'done' })
  expect(allowed).toMatchObject([{ approvalDigest: 'T1|3.00|1.00', id: 2 }])
})

it('moves nothing for a host that cancels in the moment of the yes', async () => {
  const server = await startApprovalServer()
  const host = await oldHost(server)
  const cancelling = new AbortController()
  server.clock.meanwhile = async () => {
    await decide(server, true)
    cancelling.abort()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await expect(host.call(REQUEST, cancelling.signal)).rejects.toThrow()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(allowed).toStrictEqual([])
})

it('stops waiting when the server is about to end', async () => {
  const server = await startApprovalServer()
  let end: Promise<void> | undefined
  server.clock.meanwhile = () => {
    end ??= server.calls.end(1_000)
    return new Promise(() => {})
  }
  expect(await new RawHost(server).call(REQUEST)).toMatchObject(refused('the server is about to end'))
  await end
})

it('goes on without a page where no browser can be started', async () => {
  const openPage = async () => {
    throw new Error('no browser')
  }
  const server = await startApprovalServer({ openPage })
  const host = new RawHost(server)
  const { next_step } = await host.call(REQUEST)
  expect(next_step).toMatch(/set ALIPAY_DATA_DIR: .* No browser window could be opened/)
  await decide(server, true)
  expect(await host.call(REQUEST)).toMatchObject({ message: 'done' })
})

it('opens five windows at most while nobody answers, and the next one when there is room', async () => {
  const server = await startApprovalServer()
  const host = new RawHost(server)
  const ask = (amount: string) => host.call({ ...REQUEST, amount })
  for (const yuan of [1, 2, 3, 4, 5, 6, 7]) await ask(`${yuan}.00`)
  expect(server.pages).toHaveLength(5)
  await ask('7.00')
  expect(server.pages).toHaveLength(5)
  const actor = { at: server.clock.now(), owner: 'person', host: 'terminal' }
  await server.ledger.decide(1, false, 'terminal', actor)
  expect(await ask('1.00')).toMatchObject(declined('said no'))
  await ask('7.00')
  expect(server.pages).toHaveLength(6)
  expect(new Set(server.pages).size).toBe(6)
})

it('opens no window for what another process asked for, and names the terminal', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [one, other] = [await startApprovalServer({ folder }), await startApprovalServer({ folder })]
  expect((await new RawHost(one).call(REQUEST)).next_step).toMatch(/browser window, .* or with "alipay-mcp approvals"/)
  other.clock.advance(60_000)
  const { next_step } = await new RawHost(other).call(REQUEST)
  expect(next_step).toMatch(
    /^Tell the merchant to answer with "alipay-mcp approvals" at a terminal of that computer; only a person can approve, not you\./,
  )
  expect([one.pages.length, other.pages.length]).toStrictEqual([1, 0])
  await decide(other, true)
  expect(await new RawHost(one).call(REQUEST)).toMatchObject({ message: 'done' })
})

it('tells the address of the page to nobody but the browser', async () => {
  const server = await startApprovalServer()
  const host = new RawHost(server)
  await host.call(REQUEST)
  await decide(server, false)
  await host.call(REQUEST)
  const [page = ''] = server.pages
  const { port, pathname } = new URL(page)
  const kept: Fields = {
    heard: host.heard,
    events: await server.ledger.events({}),
    rows: await server.ledger.approvals({}),
  }
  expect(JSON.stringify(kept)).not.toContain(pathname.slice(1))
  expect(JSON.stringify(kept)).not.toContain(`127.0.0.1:${port}`)
  expect(pathname).toMatch(/^\/[\w-]{43}$/)
})
