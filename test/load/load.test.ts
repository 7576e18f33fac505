// A small load, as `npm run load` makes a large one: own traffic waits, and after kills both books agree.
import { expect, it } from 'vitest'
import { runLoad } from './load.ts'

it('servers on one ledger name no other program for their own traffic', async () => {
  const { times, ofLocks, books, errors } = await runLoad({ servers: 8, seconds: 5, calls: 100, kills: 0 })
  expect([...times.keys()].sort()).toContain('refund_payment')
  expect({ ofLocks, internal: [...errors.keys()].filter((text) => text.includes('internal')) }).toStrictEqual({
    ofLocks: 0,
    internal: [],
  })
  expect(books).toMatchObject({ lost: [], double: [], different: [] })
})

it('servers that are killed under load lose no order and make no refund twice', async () => {
  const { kills, books } = await runLoad({ servers: 4, seconds: 5, calls: 60, kills: 10 })
  expect(kills).toBe(10)
  expect(books).toMatchObject({ lost: [], double: [], different: [] })
})
