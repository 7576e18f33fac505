// Several servers on one ledger refund one order at the same time: one refund for one request, and one after the other.
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { fromBeijingTime } from '../../src/clock.ts'
import type { ServerProcess } from '../crash/processes.ts'
import { World } from '../crash/world.ts'
import type { Fields } from '../e2e/hosts.ts'

const worlds: World[] = []
afterAll(() => Promise.all(worlds.map((world) => world.close())))

async function opened(servers: number): Promise<{ world: World; servers: readonly ServerProcess[] }> {
  const world = await World.open()
  worlds.push(world)
  return { world, servers: await Promise.all(Array.from({ length: servers }, () => world.server())) }
}

const isInFlight = ({ message }: Fields) =>
  /refund .* is under way (and comes first|in another server)/.test(String(message))
const isTooSoon = ({ message }: Fields) => /Alipay wants 3 seconds between two/.test(String(message))
const isJoined = ({ message }: Fields) => /Two identical calls ran at once/.test(String(message))

/** Alipay tells its time in whole seconds: asked late in one and early in one, two clocks differ by almost a second. */
async function setApart(world: World, behind: ServerProcess, ahead: ServerProcess): Promise<void> {
  await world.pass(60)
  for (const [server, phase] of [
    [behind, 900],
    [ahead, 0],
  ] as const) {
    await pause((1_000 + phase - (Date.now() % 1_000)) % 1_000)
    await world.tellTime(server)
  }
}

describe.concurrent('servers on one ledger', () => {
  it('make one refund of 100 identical requests in 4 processes, and one answer says that it moved now', async () => {
    const { world, servers } = await opened(4)
    const [first] = servers
    if (first) await world.paidOrder(first, 'WISHED')
    // So that all of them meet it while it is in flight.
    await world.control('faults', { fault: 'delay', method: 'alipay.trade.refund', ms: 1_000 })
    const request = { out_trade_no: 'WISHED', refund_amount: '30.00' }
    const ask = async (server: ServerProcess, process: number) => {
      const answer: Fields = await server.call('refund_payment', request)
      return { ...answer, process }
    }
    const asked = servers.flatMap((server, process) => Array.from({ length: 25 }, () => ask(server, process)))
    const answers: readonly Fields[] = await Promise.all(asked)

    const { refunds } = await world.trade('WISHED')
    expect(refunds.map(({ refund_amount }) => refund_amount)).toStrictEqual(['30.00'])
    expect((await world.trades()).calls['alipay.trade.refund']).toBe(1)
    const movedNow = answers.filter((answer) => answer.moved === 'now')
    const winners = movedNow.filter((answer) => !isJoined(answer))
    expect(winners).toHaveLength(1)
    // The others of its process waited with it, and say that it is one refund.
    expect(new Set(movedNow.map(({ process }) => process))).toStrictEqual(new Set([winners[0]?.process]))
    const others = answers.filter((answer) => answer.moved !== 'now')
    expect(others.filter((answer) => answer.moved !== 'earlier' && !isInFlight(answer))).toStrictEqual([])
  })

  it.each([
    ['one clock', false],
    ['clocks that each follows by itself', true],
  ])('make two different refunds of one order one after the other, 3 seconds apart, by %s', async (_, own) => {
    const { world, servers } = await opened(2)
    const [first, second] = servers
    if (!first || !second) throw new Error('two servers were to be started')
    if (own) await setApart(world, first, second)
    await world.paidOrder(first, 'SHARED')
    const answers: Fields[] = []
    const refund = async (server: ServerProcess, refund_amount: string) => {
      for (;;) {
        const answer = await server.call('refund_payment', { out_trade_no: 'SHARED', refund_amount })
        answers.push(answer)
        if (!isInFlight(answer) && !isTooSoon(answer)) return answer
        await pause(100)
      }
    }
    const made = [refund(first, '30.00')]
    if (own) await made[0]
    made.push(refund(second, '20.00'))

    expect((await Promise.all(made)).map(({ moved }) => moved)).toStrictEqual(['now', 'now'])
    expect(answers.filter(({ error }) => error !== undefined && error !== 'not_sent')).toStrictEqual([])
    const { refunds, refunded } = await world.trade('SHARED')
    expect(refunded).toBe('50.00')
    // Alipay did not have to refuse one that came too soon.
    expect((await world.trades()).calls['alipay.trade.refund']).toBe(2)
    const [one = 0, other = 0] = refunds.map(({ gmt_refund_pay }) => fromBeijingTime(gmt_refund_pay))
    expect(other - one).toBeGreaterThanOrEqual(3_000)
    expect((await (await world.ledger()).order({ out_trade_no: 'SHARED' }))?.refunded_fen).toBe(5_000)
  })

  it('leave a refund alone that another one has in flight, however they ask for it', async () => {
    const { world, servers } = await opened(2)
    const [sender, other] = servers
    if (!sender || !other) throw new Error('two servers were to be started')
    const order = { out_trade_no: 'HELD' }
    await world.paidOrder(sender, order.out_trade_no)
    // Long enough for the others; the sender waits for 15 s.
    await world.control('faults', { fault: 'late', method: 'alipay.trade.refund', ms: 12_000 })
    const sent = sender.call('refund_payment', { ...order, refund_amount: '30.00' })
    await world.untilFaultsAreTaken()
    const ledger = await world.ledger()
    const before = await ledger.intents('HELD')
    expect(before.map(({ state }) => state)).toStrictEqual(['sent'])

    expect(await world.command(['resolve'])).toMatch(/^HELD\n {2}refund of 30\.00 yuan, .*: being sent\n/)
    await other.call('query_payment', order)
    await other.call('list_payments', { refresh: true })
    expect(await other.call('query_refund', order)).toMatchObject({ refunds: [{ state: 'in_flight' }] })
    for (const refund_amount of ['30.00', '20.00']) {
      expect(isInFlight(await other.call('refund_payment', { ...order, refund_amount }))).toBe(true)
    }
    expect(await ledger.intents('HELD')).toStrictEqual(before)

    expect(await sent).toMatchObject({ moved: 'now' })
    const { refunds } = await world.trade('HELD')
    expect(refunds.map(({ refund_amount }) => refund_amount)).toStrictEqual(['30.00'])
    expect((await ledger.intents('HELD')).map(({ state }) => state)).toStrictEqual(['done'])
  })

  it('take the proof of a refund that was made while its sender still waits, and one says now', async () => {
    const { world, servers } = await opened(2)
    const [sender, other] = servers
    if (!sender || !other) throw new Error('two servers were to be started')
    const request = { out_trade_no: 'MADE', refund_amount: '30.00' }
    await world.paidOrder(sender, request.out_trade_no)
    await world.control('faults', { fault: 'delay', method: 'alipay.trade.refund', ms: 4_000 })
    const sent = sender.call('refund_payment', request)
    await world.untilFaultsAreTaken()
    expect(await other.call('refund_payment', request)).toMatchObject({ moved: 'earlier' })
    expect(await sent).toMatchObject({ moved: 'now' })
    expect((await world.trade('MADE')).refunds).toHaveLength(1)
  })
})
