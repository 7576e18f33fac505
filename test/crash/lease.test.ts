// The lease of a call that is stopped before it sends: another server may take it over, and it runs out by itself.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Fields } from '../e2e/hosts.ts'
import { bundleBreaking } from './bundle.ts'
import { OPERATIONS, type Operation } from './operations.ts'
import { World } from './world.ts'

const { refundOfPart, codeWithNumber, close } = OPERATIONS
const main = await bundleBreaking('breaking-server')
const world = await World.open()
afterAll(() => world.close())
const aheadFile = join(world.folder, 'ahead')
mkdirSync(world.folder)
writeFileSync(aheadFile, '0')
// It does nothing that it is not asked for.
const maker = await world.server()

/** An hour, for all: the emulator, and whoever sleeps. */
async function passAnHour(): Promise<void> {
  await world.pass(60)
  writeFileSync(aheadFile, '3600000')
}

/** @returns lets it go on, and resolves with its answer and with what Alipay then has */
async function stopped(operation: Operation, id: string, at: string, clock?: string): Promise<() => Promise<Fields>> {
  const server = await world.breaking(main, { how: 'SIGSTOP', steps: [at], aheadFile: clock })
  const answer = server.call(operation.tool, operation.args(world, id))
  await server.untilItBreaksOff()
  return async () => {
    const given = await server.goOn(answer)
    await server.end()
    return { ...given, made: operation.effects(await world.trades(), id) }
  }
}

// Windows has no such signals.
const onUnix = it.skipIf(process.platform === 'win32')

onUnix('a refund that another server took over is sent by that one only', async () => {
  await refundOfPart.prepare(world, maker, 'TAKEN_OVER')
  const firstGoesOn = await stopped(refundOfPart, 'TAKEN_OVER', 'before ledger.markSending')
  await world.pass(60)
  // It finds out that the first one has sent nothing, and prepares an attempt of its own.
  const secondGoesOn = await stopped(refundOfPart, 'TAKEN_OVER', 'before ledger.markSending')
  expect(await firstGoesOn()).toMatchObject({ error: 'not_sent', made: [] })
  expect(await secondGoesOn()).toMatchObject({ moved: 'now', made: ['30.00'] })
})

onUnix.each([
  ['refund', 'after ledger.reserveRefund', refundOfPart],
  ['code', 'after ledger.reserveOrder', codeWithNumber],
  ['close', 'after ledger.reserve', close],
  // Here it has looked at its clock already.
  ['refund', 'before ledger.markSending', refundOfPart],
  ['code', 'before ledger.markSending', codeWithNumber],
  ['close', 'before ledger.markSending', close],
])('a %s stopped %s that nobody took over is not sent an hour later, either', async (name, at, operation) => {
  const id = `${name}_${at.replaceAll(/\W/g, '_')}`
  writeFileSync(aheadFile, '0')
  await world.tellTime(maker)
  await operation.prepare(world, maker, id)
  const goesOn = await stopped(operation, id, at, aheadFile)
  await passAnHour()
  expect(await goesOn()).toMatchObject({ error: 'not_sent', made: [] })
})
