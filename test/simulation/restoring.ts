// An older copy of the ledger is put in its place: every process ends, and what was written since the copy is not known any more.
import type { World } from './world.ts'

export async function restore(world: World): Promise<void> {
  const { opened, stage, records, merchant } = world
  const { time } = stage
  const { backup } = opened
  if (!backup?.copied) return
  const from = backup.copied
  world.killAll()
  world.front.kill()
  await time.outside(backup.restore(world.replaced.isJournalLost))
  const until = time.moment()
  records.losses.push({ from, until })
  merchant.forgetQuestions()
  world.known.clear()
  for (const one of records.pages.withdrawals) if (one.from > from) one.until ??= until
  // Of what it does not know it cannot say that another amount was asked.
  for (const order of world.agent.orders) if (!(await world.terminal.order(order))) delete order.isElsewhere
  await compareFreeze(world, until)
}

/** Frozen or not, it is as it was. */
async function compareFreeze({ terminal, records, stage }: World, moment: number): Promise<void> {
  const isFrozen = (await terminal.frozen()) !== undefined
  const last = records.freezes.at(-1)
  const wasFrozen = last !== undefined && last.until === undefined
  if (isFrozen && !wasFrozen) records.freezes.push({ from: moment, at: stage.time.now() })
  if (!isFrozen && wasFrozen) last.until = moment
}
