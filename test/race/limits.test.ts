// Servers at the same time against one daily limit: never a fen over it, and the last amount that fits is let through.
import { afterAll, describe, expect, it } from 'vitest'
import { toFen, toYuan } from '../../src/money.ts'
import type { ServerProcess } from '../crash/processes.ts'
import { World } from '../crash/world.ts'
import type { Env, Fields } from '../e2e/hosts.ts'

const worlds: World[] = []
afterAll(() => Promise.all(worlds.map((world) => world.close())))

const SERVERS = 4
const EACH = 6
const LIMIT = '100.00'
// Fourteen of them fit, and leave something that is not one of them.
const AMOUNT = '7.03'
const FIT = 14
const LEFT = '1.58'

async function opened(settings: Env): Promise<{ world: World; servers: readonly ServerProcess[] }> {
  const world = await World.open(settings)
  worlds.push(world)
  // A limit is that of a day, and none may end meanwhile.
  await world.untilNoon()
  return { world, servers: await Promise.all(Array.from({ length: SERVERS }, () => world.server())) }
}

const NUMBERS = Array.from({ length: SERVERS * EACH }, (_, index) => `ORDER_${index + 1}`)

/** All of them at once, in turn by each of the servers. */
function byAll<T>(
  servers: readonly ServerProcess[],
  numbers: readonly string[],
  ask: (server: ServerProcess, out_trade_no: string) => Promise<T>,
): Promise<T[]> {
  const asked = numbers.map((out_trade_no, index) => {
    const server = servers[index % servers.length]
    if (!server) throw new Error('a server was to be started')
    return ask(server, out_trade_no)
  })
  return Promise.all(asked)
}

const isOver = (answer: Fields, variable: string) => answer.variable === variable && answer.error === 'over_limit'

describe.concurrent(`${SERVERS} servers with one limit`, () => {
  it('ALIPAY_DAILY_REFUNDS give back up to it, to the fen', async () => {
    const { world, servers } = await opened({ ALIPAY_DAILY_REFUNDS: LIMIT })
    await byAll(servers, NUMBERS, (server, out_trade_no) => world.paidOrder(server, out_trade_no, '10.00'))
    const refund = (server: ServerProcess, out_trade_no: string, refund_amount: string) =>
      server.call('refund_payment', { out_trade_no, refund_amount })

    const answers = await byAll(servers, NUMBERS, (server, number) => refund(server, number, AMOUNT))
    expect(answers.filter(({ moved }) => moved === 'now')).toHaveLength(FIT)
    const others = answers.filter(({ moved }) => moved !== 'now')
    expect(others.filter((answer) => !isOver(answer, 'ALIPAY_DAILY_REFUNDS'))).toStrictEqual([])
    expect((await world.trades()).refunded).toBe(toYuan(FIT * toFen(AMOUNT)))

    // One fen more than what is left, by all; then what is left, by all.
    const tooMuch = toYuan(toFen(LEFT) + 1)
    const over = await byAll(servers, NUMBERS, (server, number) => refund(server, number, tooMuch))
    expect(over.filter((answer) => !isOver(answer, 'ALIPAY_DAILY_REFUNDS'))).toStrictEqual([])
    const untouched = NUMBERS.filter((_, index) => answers[index]?.moved !== 'now')
    const last = await byAll(servers, untouched, (server, number) => refund(server, number, LEFT))
    expect(last.filter(({ moved }) => moved === 'now')).toHaveLength(1)
    expect((await world.trades()).refunded).toBe(LIMIT)
  })

  it('ALIPAY_DAILY_PAYMENTS make orders up to it, to the fen', async () => {
    const { world, servers } = await opened({ ALIPAY_DAILY_PAYMENTS: LIMIT })
    const create = (server: ServerProcess, subject: string, total_amount: string) =>
      server.call('create_payment', { subject, total_amount })

    const answers = await byAll(servers, NUMBERS, (server, subject) => create(server, subject, AMOUNT))
    expect(answers.filter(({ pay_url }) => pay_url !== undefined)).toHaveLength(FIT)
    const others = answers.filter(({ pay_url }) => pay_url === undefined)
    expect(others.filter((answer) => !isOver(answer, 'ALIPAY_DAILY_PAYMENTS'))).toStrictEqual([])

    const tooMuch = toYuan(toFen(LEFT) + 1)
    const over = await byAll(servers, NUMBERS, (server, subject) => create(server, subject, tooMuch))
    expect(over.filter((answer) => !isOver(answer, 'ALIPAY_DAILY_PAYMENTS'))).toStrictEqual([])
    const last = await byAll(servers, NUMBERS, (server, subject) => create(server, subject, LEFT))
    const made = [...answers, ...last].filter(({ pay_url }) => pay_url !== undefined)
    expect(made).toHaveLength(FIT + 1)
    for (const { pay_url } of made) await world.control('pay', { pay_url })
    expect((await world.trades()).paid).toBe(LIMIT)
  })
})
