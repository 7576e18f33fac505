// A server that is killed at any moment: what it had said was done is there, whole, and the rest is to be read for.
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { ENGINES, engine } from '../../src/ledger/sqlite/engines.ts'
import { actor, NOON, opened, tempFolder } from './places.ts'
import { buildServer, Server } from './servers.ts'

let file = ''
let remove = () => {}
beforeAll(async () => {
  ;({ file, remove } = await buildServer())
})
afterAll(() => remove())

const STEPS = ['made', 'paid', 'prepared', 'sent', 'done']
const LEASE = 70_000
// Odd, so that each falls somewhere else in the work of a commit.
const AFTER = [0, 3, 7, 13, 23, 41]

it('killed again and again, the ledger tells all that was done and nothing by half', async () => {
  const folder = tempFolder()
  for (const [i, ms] of AFTER.entries()) {
    const server = new Server(file, 'toil', folder, `server ${i}`, { at: NOON })
    await server.said(1)
    server.go()
    await server.said(3)
    await setTimeout(ms)
    server.kill()
    const said = (await server.ended()) as [string, string][]
    await check(await opened({ folder }), new Map(said))
  }
  expect(await integrity(folder)).toStrictEqual(['ok'])
})

/** @param said the last step that the server told of each order */
async function check(ledger: Ledger, said: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, step] of said) {
    const reached = STEPS.indexOf(step)
    const events = await ledger.events({ out_trade_no: name })
    const [intent] = await ledger.intents(name)
    const order = await ledger.order({ out_trade_no: name })
    expect(events.length).toBeGreaterThan(reached)
    expect(events.length).toBeLessThanOrEqual(reached + 2)
    // The record, the order and the attempt are written in one piece.
    const whole = STEPS[events.length - 1]
    expect(order?.trade_status).toBe(whole === 'made' ? undefined : 'TRADE_SUCCESS')
    expect(intent?.state).toBe(whole === 'made' || whole === 'paid' ? undefined : whole)
    expect(order?.refunded_fen).toBe(whole === 'done' ? 3_000 : 0)
  }
  await resolveTheRest(ledger, [...said.keys()].at(-1) ?? '')
}

async function resolveTheRest(ledger: Ledger, last: string): Promise<void> {
  const left = await ledger.inDoubt(last)
  for (const { id, state } of left) {
    const taken = await ledger.takeOver(id, actor(NOON + LEASE, 'the next one'))
    expect(taken?.state).toBe(state === 'prepared' ? 'not_executed' : state)
    await ledger.resolve(id, { state: 'done' }, actor(NOON + LEASE))
  }
  expect(await ledger.inDoubt()).toStrictEqual([])
}

async function integrity(folder: string): Promise<readonly unknown[]> {
  const open = await Promise.all(ENGINES.map((name) => engine(name, 'file')))
  const db = open.find((one) => one !== undefined)?.(join(folder, 'ledger.db'))
  const rows = db?.prepare('pragma integrity_check').all([]) ?? []
  db?.close()
  return rows.map((row) => Object.values(row as object)[0])
}
