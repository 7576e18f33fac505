// Holds both READMEs to what is there: commands, flags, scripts, variables; and the map of the simulation to its files.
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/command-line.ts'
import { helpText } from '../../src/cli/help.ts'
import { ALL_NAMES } from '../tools/catalogue.ts'
import { all, BLOCK, inlineCode, ROOT, read, rows } from './markdown.ts'

describe.each(['README.md', 'README.zh-CN.md'])('%s', (file) => {
  const page = read(file)
  const code = [...page.matchAll(BLOCK)].map(([, , text]) => text).concat(inlineCode(page))

  it('has the table of variables', () => {
    expect(rows(page)).toContain('3 ALIPAY_ENV')
  })

  it('has all tools in its table, in the order in which they are listed', () => {
    expect(all(page, /^\| `([a-z]+_[a-z_]+)` \|/gm)).toStrictEqual(ALL_NAMES)
  })

  it('names only commands and flags that --help explains', () => {
    const help = helpText()
    const commands = all(code.join('\n'), /node dist\/main\.js ([a-z]+)/g)
    expect(new Set(commands)).toStrictEqual(new Set(COMMANDS.filter((one) => !/serve|help/.test(one))))
    expect(commands.filter((one) => !COMMANDS.some((known) => known === one))).toStrictEqual([])
    expect(commands.filter((one) => !help.includes(`\n  ${one} `))).toStrictEqual([])
    const flags = all(code.join('\n'), /(?<=\s|^)(--[\w-]+)/gm)
    expect(flags.length).toBeGreaterThan(8)
    expect(flags.filter((flag) => !help.includes(flag))).toStrictEqual([])
  })

  it('names only scripts of npm that package.json has', () => {
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts)
    const named = all(code.join('\n'), /npm (?:run )?([\w:]+)/g)
    expect(named).toContain('demo')
    expect(named.filter((script) => script !== 'ci' && !scripts.includes(script))).toStrictEqual([])
  })
})

it('the map of the simulation names each of its files', () => {
  const files = readdirSync(new URL('test/simulation', ROOT)).filter((file) => file.endsWith('.ts'))
  const named = inlineCode(read('test/simulation/README.md')).filter((code) => code.endsWith('.ts'))
  expect(named).toStrictEqual(files.sort())
})
