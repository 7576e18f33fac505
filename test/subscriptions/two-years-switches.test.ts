// The story of two years under each switch of what is guessed about Alipay: the same charges, whichever way it behaves.
import { expect, it } from 'vitest'
import { SWITCHES } from '../../src/emulator/platform.ts'
import { hookOn } from './announce-hook.ts'
import { InProcessStage } from './story/in-process-stage.ts'
import { twoYears } from './story/two-years.ts'

const hook = hookOn()
/** Of orders, which the story has none of. */
const OF_ORDERS = ['precreate_repeat', 'close_before_scan', 'close_notification', 'two_products']
const OTHERWISE = Object.entries(SWITCHES)
  .filter(([name]) => !OF_ORDERS.includes(name))
  .flatMap(([name, [, ...words]]) => words.map((word) => [name, word] as const))

it.each(OTHERWISE)('with %s: %s', async (name, word) => {
  const era = OTHERWISE.findIndex((one) => one[0] === name && one[1] === word) % 2 === 0 ? '2026-07-28' : undefined
  const stage = await InProcessStage.open(hook.called, era)
  try {
    expect(await stage.control('rules', { [name]: word })).toMatchObject({ [name]: word })
    await twoYears(stage, hook.url())
  } finally {
    await stage.close()
  }
})
