// The built server beside a ledger in trouble: one damaged entry, or a lock that another program holds.
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { findEngine } from '../../src/ledger/sqlite/engines.ts'
import { World } from '../crash/world.ts'
import { type Fields, RawServer } from './hosts.ts'

const worlds: World[] = []
afterEach(() => Promise.all(worlds.splice(0).map((world) => world.close())))

async function openWorld(): Promise<World> {
  const world = await World.open()
  worlds.push(world)
  return world
}

async function connectTo(world: World) {
  return (await findEngine('file'))(join(world.folder, 'ledger.db'))
}

it('one damaged byte of text ends no process: its order is named, and everything else goes on', async () => {
  const world = await openWorld()
  const server = new RawServer(world.env())
  await server.open('2025-11-25')
  const create = async (subject: string): Promise<Fields> => {
    const made = await server.call('create_payment', { subject, total_amount: '10.00' })
    await world.control('pay', { pay_url: made.pay_url })
    return made
  }
  const [damaged, sound] = [await create('damaged'), await create('sound')]
  const db = await connectTo(world)
  db.exec(`update orders set subject = cast(x'e88c' as text) where out_trade_no = '${damaged.out_trade_no}'`)
  db.close()
  const named = `order "${damaged.out_trade_no}" (subject)`
  const calls = [damaged, sound].flatMap(({ out_trade_no }) => [
    server.call('query_payment', { out_trade_no }),
    server.call('refund_payment', { out_trade_no, refund_amount: '1.00' }),
  ])
  const [query, refund, queryOther, refundOther] = await Promise.all(calls)
  expect(query).toMatchObject({ paid: true })
  expect(JSON.stringify(query)).toContain(`damaged in one entry: ${JSON.stringify(named).slice(1, -1)}`)
  expect(refund).toMatchObject({ error: 'ledger_unavailable' })
  expect(refund?.message).toContain(named)
  expect(queryOther).toMatchObject({ paid: true })
  expect(refundOther).toMatchObject({ moved: 'now' })
  const list = await server.call('list_payments', {})
  expect(list).toMatchObject({ orders: [{ out_trade_no: sound.out_trade_no }], damaged: named })
  expect(server.child.exitCode).toBeNull()
  await server.end()
})

it('a ping is answered at once while another program holds the lock, and no later call waits for each one before', async () => {
  const world = await openWorld()
  const server = new RawServer(world.env())
  await server.open('2025-11-25')
  await server.call('create_payment', { subject: 'first', total_amount: '1.00' })
  const db = await connectTo(world)
  db.exec('begin immediate')
  const answered: string[] = []
  const create = async (subject: string) => {
    const { error, message } = await server.call('create_payment', { subject, total_amount: '1.00' })
    answered.push('create')
    return `${error}: ${message}`
  }
  const creating = Array.from({ length: 25 }, (_, at) => create(`locked ${at}`))
  for (let at = 0; at < 5; at++) {
    await server.ask('ping', {})
    answered.push('ping')
  }
  const errors = await Promise.all(creating)
  expect(answered.slice(0, 5)).toStrictEqual(['ping', 'ping', 'ping', 'ping', 'ping'])
  for (const error of errors) expect(error).toContain('The ledger is locked by another program.')
  db.exec('rollback')
  db.close()
  expect(await server.call('create_payment', { subject: 'after', total_amount: '1.00' })).toHaveProperty('pay_url')
  await server.end()
})
