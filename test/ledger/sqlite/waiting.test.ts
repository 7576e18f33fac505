// The lock of the ledger: whoever waits for it does not stop its process, gives up with all others, and leaves nothing open.
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { LedgerError } from '../../../src/errors.ts'
import { Database } from '../../../src/ledger/sqlite/database.ts'
import { ENGINES, type EngineName, engine } from '../../../src/ledger/sqlite/engines.ts'
import { Patience, Turns } from '../../../src/ledger/sqlite/turns.ts'
import { actor, opened, order, paidOrder, tempFolder } from '../places.ts'

const ON_DISK = (await Promise.all(ENGINES.map(async (name) => ((await engine(name, 'file')) ? [name] : [])))).flat()
const HELD = 'The ledger is locked by another program.'

async function other(only: EngineName, folder: string): Promise<Database> {
  const open = await engine(only, 'file')
  if (!open) throw new Error(`${only} is not here`)
  const db = new Database(open(join(folder, 'ledger.db')))
  onTestFinished(() => db.close())
  return db
}

const problemOf = (failing: Promise<unknown>) =>
  failing.then(
    () => 'none',
    (error) => (error instanceof LedgerError ? error.problem : Promise.reject(error)),
  )

describe.each(ON_DISK)('with %s', (only) => {
  it('this process goes on while another program holds the lock', async () => {
    const folder = tempFolder()
    const ledger = await opened({ folder, only })
    const db = await other(only, folder)
    db.script('begin immediate')
    const waiting = Array.from({ length: 20 }, (_, at) => problemOf(ledger.reserveOrder(order(`${at}`), {}, actor())))
    let turns = 0
    const ended = Promise.all(waiting).then((problems) => ({ problems, turns }))
    const counting = setInterval(() => turns++, 1)
    const { problems, turns: meanwhile } = await ended
    clearInterval(counting)
    expect(new Set(problems)).toStrictEqual(new Set([HELD]))
    // It had its turn all the while: once would be a process that stood still.
    expect(meanwhile).toBeGreaterThan(20)
    db.script('rollback')
    expect(await problemOf(ledger.reserveOrder(order('AFTER'), {}, actor()))).toBe('none')
  })

  it('a write that met a lock leaves nothing open that a later read stumbles over', async () => {
    const folder = tempFolder()
    const ledger = await opened({ folder, only })
    await paidOrder(ledger)
    const db = await other(only, folder)
    db.script('begin immediate')
    const waiting = problemOf(ledger.requestClose('A', actor()))
    expect(await ledger.list({ limit: 5 })).toMatchObject({ count: 1 })
    expect(await waiting).toBe(HELD)
    expect(await ledger.list({ limit: 5 })).toMatchObject({ count: 1 })
    db.script('rollback')
    await ledger.requestClose('A', actor())
  })
})

class Busy extends Error {
  readonly errcode = 5
}
const busy = () => {
  throw new LedgerError(HELD, 'x', { cause: new Busy() })
}

const WAITS = { held: 100, crowded: 400 }
const patient = (progress: () => unknown, waits = WAITS) => new Patience(progress, undefined, waits)

describe('patience', () => {
  it('ends soon where nobody writes, and at once for those who come while it has just ended', async () => {
    const patience = patient(() => 'the same', { ...WAITS, crowded: 20_000 })
    const calls = { first: 0, second: 0 }
    const failing = (which: 'first' | 'second') => () => {
      calls[which] += 1
      return busy()
    }
    expect(await problemOf(patience.wait(failing('first')))).toBe(HELD)
    expect(await problemOf(patience.wait(failing('second')))).toBe(HELD)
    expect(calls.first).toBeGreaterThan(60)
    expect(calls.second).toBe(1)
  })

  it('outlasts the traffic of our own servers, and names no other program for it', async () => {
    let writes = 0
    const patience = patient(() => ++writes)
    const begun = performance.now()
    const free = () => (performance.now() - begun > 200 ? 'free' : busy())
    expect(await patience.wait(free)).toBe('free')
    expect(await problemOf(patience.wait(busy))).toBe(
      'The ledger is busy: other alipay-mcp servers write to it all the time.',
    )
  })

  it('is not tried with anything else that fails', async () => {
    const patience = patient(() => 0)
    let calls = 0
    const failing = patience.wait(() => {
      calls += 1
      throw new TypeError('ours')
    })
    await expect(failing).rejects.toThrow('ours')
    expect(calls).toBe(1)
  })
})

describe('turns', () => {
  it('come one after the other, in their order, and the first at once', async () => {
    const turns = new Turns(() => 0)
    const made: string[] = []
    let locked = 2
    const first = turns.take(() => (locked-- > 0 ? busy() : made.push('first')))
    const second = turns.take(() => made.push('second'))
    expect(made).toStrictEqual([])
    await Promise.all([first, second])
    const third = turns.take(() => made.push('third'))
    expect(made).toStrictEqual(['first', 'second', 'third'])
    await third
  })

  it('go on after one that failed', async () => {
    const turns = new Turns(() => 0)
    const failing = turns.take(() => {
      throw new TypeError('ours')
    })
    const next = turns.take(() => 'next')
    await expect(failing).rejects.toThrow('ours')
    expect(await next).toBe('next')
  })
})
