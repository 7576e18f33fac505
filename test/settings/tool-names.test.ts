// The tools that can be chosen in the settings are the tools that there are, in the same order.
import { expect, it } from 'vitest'
import { readConfig } from '../../src/settings/config.ts'
import { TOOL_NAMES } from '../../src/settings/tool-names.ts'
import { ALL_NAMES } from '../tools/catalogue.ts'

it('lists the names of the table of tools', () => {
  expect(TOOL_NAMES).toStrictEqual(ALL_NAMES)
})

it('names a tool that does not exist, and lists those that do', () => {
  expect(readConfig({ ALIPAY_TOOLS: 'query_payment,refund' })).toMatchObject({
    problems: [
      {
        variable: 'ALIPAY_TOOLS',
        problem: 'holds "refund".',
        fix: `use a comma list of ${TOOL_NAMES.join(', ')}.`,
      },
    ],
  })
})
