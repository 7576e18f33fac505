// Every code that the emulator can answer has advice of its own.
import { expect, it } from 'vitest'
import { EMULATED_SUB_CODES } from '../../src/emulator/answers.ts'
import { KNOWN_SUB_CODES } from '../../src/gateway/refusals/refusals.ts'

it('is explained: every sub_code that the emulator can answer', () => {
  expect(EMULATED_SUB_CODES.length).toBeGreaterThan(50)
  expect(EMULATED_SUB_CODES.filter((code) => !KNOWN_SUB_CODES.includes(code))).toStrictEqual([])
})
