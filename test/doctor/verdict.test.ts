// The last line of the doctor: how much is to be put right, and what there was nothing of to look at.
import { afterAll, expect, it } from 'vitest'
import { cleanUp, run } from './patients.ts'

afterAll(cleanUp)

it('counts the faults, not the checks, and says where there is no key to check', async () => {
  const wrong = { ALIPAY_CHANNELS: 'x', ALIPAY_TIMEOUT_MS: 'x', ALIPAY_TOOLS: 'x' }
  const { output } = await run(wrong)
  expect(output.trimEnd().split('\n').at(-1)).toBe('3 to fix. Begin with: Settings.')
  expect(output).toContain('[ok]      Keys: none is set yet, so there is none to check.')
  const chinese = await run(wrong, ['--lang', 'zh'])
  expect(chinese.output.trimEnd().split('\n').at(-1)).toBe('有 3 项要修复，先修「配置」。')
})
