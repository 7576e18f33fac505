// Two years of subscriptions on a moved clock, with the built program over stdio: both eras, both roles, one ledger on disk.
import { afterAll, beforeAll, describe, it } from 'vitest'
import { hookOn } from './announce-hook.ts'
import { StdioStage } from './story/stdio-stage.ts'
import { twoYears } from './story/two-years.ts'

describe.concurrent.each([
  ['2026-07-28', 'before'],
  ['before', '2026-07-28'],
] as const)('with a merchant of %s and buyers of %s', (merchant, buyers) => {
  const hook = hookOn()
  let stage: StdioStage
  beforeAll(async () => {
    stage = await StdioStage.open(merchant, buyers, hook.called)
  })
  afterAll(() => stage?.close())

  it('charges exactly what was signed for and announced', () => twoYears(stage, hook.url()))
})
