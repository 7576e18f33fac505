// Names that are nearly ours: guards and keys under a wrong name are never silently without effect.

import { expect, it } from 'vitest'
import { readCommandLine } from '../../src/cli/command-line.ts'
import { readConfig } from './read-config.ts'

it.each(['ALIPAY_READ_ONLY_MODE', 'ALIPAY_MCP_READ_ONLY', 'AP_READ_ONLY', 'ALIPAY_READONLY'])(
  'stops at %s, which somebody meant as a guard',
  (name) => {
    for (const more of [{}, { ALIPAY_READ_ONLY: 'false' }]) {
      const result = readConfig({ [name]: 'true', ...more })
      expect('problems' in result && result.problems.map(({ variable }) => variable)).toStrictEqual([name])
    }
  },
)

it('mentions what begins like ours and means nothing', () => {
  const result = readConfig({ ALIPAY_COLOUR: 'blue' })
  expect(result.notices.map(({ variable }) => variable)).toStrictEqual(['ALIPAY_COLOUR'])
})

it('lets a placeholder of the host replace nothing, and a key replace a key file of a lower source', () => {
  const placeholder = '${env:SHOP_READ_ONLY}'
  const { variables } = readCommandLine(['--private-key-file', 'new.pem', '--read-only'], {
    ALIPAY_READ_ONLY: placeholder,
    ALIPAY_PRIVATE_KEY: 'old',
    ALIPAY_ENV: placeholder,
  })
  expect(variables).toStrictEqual({
    ALIPAY_ENV: placeholder,
    ALIPAY_READ_ONLY: 'true',
    ALIPAY_PRIVATE_KEY_FILE: 'new.pem',
  })
})

it('does not let one of two equal flags win in silence', () => {
  const twice = () => readCommandLine(['--dotenv', 'guards.env', '--dotenv', 'other.env'], {})
  expect(twice).toThrow('--dotenv is given twice; keep one.')
})
