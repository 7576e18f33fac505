// Four server processes at one file: whatever they do at once, each decision is made once and no limit is passed.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { toFen } from '../../src/money.ts'
import { NOON, opened, paidOrder, tempFolder } from './places.ts'
import { buildServer, four } from './servers.ts'

let server = ''
let remove = () => {}
beforeAll(async () => {
  ;({ file: server, remove } = await buildServer())
})
afterAll(() => remove())

const ORDERS = Array.from({ length: 25 }, (_, i) => `order ${i}`)

interface Said {
  out_trade_no: string
  amount_fen: number
  outcome: string
}

async function shop(): Promise<{ folder: string; ledger: Awaited<ReturnType<typeof opened>> }> {
  const folder = tempFolder()
  const ledger = await opened({ folder })
  for (const name of ORDERS) await paidOrder(ledger, name)
  return { folder, ledger }
}

it('the same refund is prepared by one of them', async () => {
  const { folder, ledger } = await shop()
  const refunds = ORDERS.map((out_trade_no) => ({ out_trade_no, amount_fen: 3_000 }))
  const said = (await four(server, 'refunds', folder, () => ({ at: NOON, refunds }))).flat() as Said[]
  expect(said).toHaveLength(4 * ORDERS.length)
  const prepared = said.filter(({ outcome }) => outcome === 'prepared').map(({ out_trade_no }) => out_trade_no)
  expect(prepared.sort()).toStrictEqual([...ORDERS].sort())
  for (const name of ORDERS) expect(await ledger.intents(name)).toMatchObject([{ attempt: 1, state: 'prepared' }])
})

it('different refunds of one order are one at a time', async () => {
  const { folder, ledger } = await shop()
  const load = (i: number) => ({
    at: NOON,
    refunds: ORDERS.map((out_trade_no) => ({ out_trade_no, amount_fen: 1_000 + i })),
  })
  await four(server, 'refunds', folder, load)
  for (const name of ORDERS) expect(await ledger.intents(name)).toHaveLength(1)
})

it('refunds of many orders together stay within the limit of the day, to the fen', async () => {
  const { folder, ledger } = await shop()
  const limit_fen = 43_210
  // Each server has orders of its own, and amounts that do not add up evenly.
  const load = (i: number) => ({
    at: NOON,
    limit_fen,
    refunds: ORDERS.filter((_, n) => n % 4 === i).map((out_trade_no, n) => ({
      out_trade_no,
      amount_fen: 1_000 + 577 * ((n * 7 + i) % 11),
    })),
  })
  const said = (await four(server, 'refunds', folder, load)).flat() as Said[]
  const intents = (await Promise.all(ORDERS.map((name) => ledger.intents(name)))).flat()
  const used = intents.reduce((sum, { amount_fen }) => sum + amount_fen, 0)
  const blocked = said.filter(({ outcome }) => outcome === 'blocked').map(({ amount_fen }) => amount_fen)
  expect(blocked.length).toBeGreaterThan(0)
  expect(used).toBeLessThanOrEqual(limit_fen)
  expect(used + Math.min(...blocked)).toBeGreaterThan(limit_fen)
})

it('orders stay within the limit of the day, to the fen', async () => {
  const folder = tempFolder()
  const limit_fen = 100_000
  const load = (i: number) => ({
    at: NOON,
    limit_fen,
    orders: ORDERS.map((name, n) => ({
      out_trade_no: `${name} of ${i}`,
      total_amount: `${11 + i}.${10 + n}`,
    })),
  })
  const said = (await four(server, 'orders', folder, load)).flat() as Said[]
  const ledger = await opened({ folder })
  const { orders } = await ledger.list({ limit: 200 })
  const used = orders.reduce((sum, { total_amount }) => sum + toFen(total_amount), 0)
  const blocked = said.filter(({ outcome }) => outcome === 'blocked')
  expect(orders.length + blocked.length).toBe(4 * ORDERS.length)
  expect(used).toBeLessThanOrEqual(limit_fen)
  expect(used + Math.min(...blocked.map(({ amount_fen }) => amount_fen))).toBeGreaterThan(limit_fen)
})

it('a number is made once', async () => {
  const folder = tempFolder()
  const orders = ORDERS.map((out_trade_no) => ({ out_trade_no, total_amount: '1.00' }))
  const said = (await four(server, 'orders', folder, () => ({ at: NOON, orders }))).flat() as Said[]
  const outcomes = said.map(({ outcome }) => outcome)
  expect(outcomes.filter((outcome) => outcome === 'made')).toHaveLength(ORDERS.length)
  expect(outcomes.filter((outcome) => outcome === 'known')).toHaveLength(3 * ORDERS.length)
})

it('a ledger that none of them has opened yet is set up once', async () => {
  for (let round = 0; round < 3; round += 1) {
    const folder = tempFolder()
    const said = await four(server, 'open', folder, () => ({ at: NOON }))
    expect(said).toStrictEqual([['opened'], ['opened'], ['opened'], ['opened']])
    await paidOrder(await opened({ folder }))
  }
})
