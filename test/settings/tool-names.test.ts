// The tools that can be chosen in the settings are the tools that there are.

import { expect, it } from 'vitest'
import { ALL_NAMES } from '../tools/catalogue.ts'
import { readConfig } from './read-config.ts'

it('names a tool that does not exist, and lists those that do', () => {
  expect(readConfig({ ALIPAY_TOOLS: 'query_payment,refund' })).toMatchObject({
    problems: [
      {
        variable: 'ALIPAY_TOOLS',
        problem: 'holds "refund".',
        fix: `use a comma list of ${ALL_NAMES.join(', ')}.`,
      },
    ],
  })
})
