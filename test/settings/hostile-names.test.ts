// Names that every object has, such as `constructor`, are names like any other, wherever they come from.
import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../../src/cli/command-line.ts'
import { describeProblem } from '../../src/doctor/finding.ts'
import { configOf } from '../../src/settings/config.ts'
import { TOOL_NAMES } from '../../src/tools/offers.ts'
import { SANDBOX, temporaryFiles } from './settings-for-tests.ts'

const { file } = temporaryFiles()
const NAMES = [...Object.getOwnPropertyNames(Object.prototype), 'prototype', 'length', 'name', 'arguments']

describe.each(NAMES)('%s', (name) => {
  const readable = (args: readonly string[], env = {}) =>
    configOf(readCommandLine(args, { ...SANDBOX, ...env }), TOOL_NAMES)

  it('in the environment or in an env file changes nothing', () => {
    for (const value of ['x', '$' + '{x}', '']) {
      expect(readable([], Object.fromEntries([[name, value]]))).toHaveProperty('config')
      expect(readable(['--dotenv', file('names.env', `${name}=${value}\nexport ${name}: y`)])).toHaveProperty('config')
    }
  })

  it('in a JSON file is at most a problem', () => {
    for (const value of ['"x"', '{"x":1}', '1', 'null', '["page"]']) {
      const { problems } = readCommandLine(['--config', file('names.json', `{"${name}":${value}}`)], {})
      expect(problems.length).toBeLessThan(2)
    }
  })

  it('as a value, a flag, a command or the name of a problem is answered', () => {
    for (const variable of ['AP_SELECT_TOOLS', 'AP_CURRENT_ENV', 'ALIPAY_TOOLS', 'ALIPAY_CHANNELS', 'ALIPAY_ENV']) {
      expect(readable([], { [variable]: name })).toHaveProperty('problems')
    }
    expect(() => readCommandLine([`--${name}=x`], {})).toThrow(/no flag|like that/)
    expect(() => readCommandLine([name], {})).toThrow(/no command/)
    expect(describeProblem({ variable: name, problem: 'x', fix: 'x' }).found.zh).toBe(`${name} x`)
  })
})
