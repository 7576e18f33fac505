// Help: each command with its flags, two examples and exit codes; every setting in a group; within 80 columns, in one language.
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { HELP_TOPICS, readCommandLine } from '../../src/cli/command-line.ts'
import { COMMANDS, OWN_FLAGS } from '../../src/cli/flags.ts'
import { COMMAND_HELP } from '../../src/cli/help/command-help.ts'
import { SETTING_GROUPS } from '../../src/cli/help/settings-help.ts'
import { helpText } from '../../src/cli/help.ts'
import { NAMES } from '../../src/settings/variables.ts'

const ALL = [undefined, ...HELP_TOPICS] as const

describe.each(COMMANDS)('help about %s', (command) => {
  const { flags, examples, exits, usage } = COMMAND_HELP[command]

  it('names exactly the flags that it takes', () => {
    const named = flags.map(([flag]) => flag.replace(/^--([\w-]+).*/, '$1'))
    const own = Object.entries(OWN_FLAGS).filter(([, flag]) => 'of' in flag && flag.of.some((one) => one === command))
    expect(named.sort()).toStrictEqual(own.map(([flag]) => flag).sort())
    for (const flag of named) expect(usage).toContain(`--${flag}`)
  })

  it('has two examples that are understood, and exit codes', () => {
    for (const example of examples.flatMap((one) => (typeof one === 'string' ? [one] : [one.en, one.zh]))) {
      const call = example.replace(/^.*\{\} /, '')
      const words = call.match(/"[^"]*"|\S+/g)?.map((word) => word.replaceAll('"', '')) ?? []
      const args = words.slice(0, words.includes('>') ? words.indexOf('>') : undefined)
      expect(() =>
        readCommandLine(
          args.filter((arg) => !/^(--dotenv|shop\.env)$/.test(arg)),
          {},
        ),
      ).not.toThrow()
    }
    expect(exits.length).toBeGreaterThan(1)
  })
})

it('has each setting in one group', () => {
  expect(SETTING_GROUPS.flatMap(({ names }) => names).sort()).toStrictEqual([...NAMES].sort())
})

it.each(ALL)('about %s fits 80 columns in both languages', (topic) => {
  for (const language of ['en', 'zh'] as const) {
    const wide = helpText(topic, language, 'node dist/main.js')
      .split('\n')
      .filter((line) => stringWidth(line) > 80)
    expect(wide).toStrictEqual([])
  }
})

it.each(ALL.filter((topic) => topic !== 'settings'))('about %s is in one language', (topic) => {
  expect(helpText(topic)).not.toMatch(/\p{Script=Han}/u)
  const zh = helpText(topic, 'zh').replace(/^.*alipay-mcp .*$|--?[\w-]+( [A-Z]+)?|".*?"/gm, '')
  // Names and values stay; three words in a row are a sentence that was left.
  expect(zh).not.toMatch(/[a-z]{2,} [a-z]{2,} [a-z]{2,}/i)
})
