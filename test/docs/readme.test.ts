// Holds both READMEs and the pages beside them to what is there: commands, flags, scripts, tools; and their length.
import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { COMMANDS, HELP_TOPICS } from '../../src/cli/command-line.ts'
import { helpText } from '../../src/cli/help.ts'
import { ALL_NAMES } from '../tools/catalogue.ts'
import { all, BLOCK, inChinese, inlineCode, links, PAGES, ROOT, read } from './markdown.ts'

const PACKAGE = JSON.parse(read('package.json'))
const codeIn = (file: string) => {
  const page = read(file)
  return [...page.matchAll(BLOCK)]
    .map(([, , text]) => text)
    .concat(inlineCode(page))
    .join('\n')
}
const commandsIn = (code: string) => all(code, /node dist\/main\.js ([a-z][a-z-]*)/g)

describe.each(['README.md', 'README.zh-CN.md'])('%s', (file) => {
  const page = read(file)

  it('is read in a few minutes', () => {
    expect(page.split('\n').length).toBeLessThanOrEqual(185)
  })

  it('says in its first screen who it is for, and what Node.js it needs', () => {
    const screen = page.split('\n').slice(0, 35).join('\n')
    for (const fact of ['open.alipay.com', 'Alipay+', 'Antom', 'Node.js 22.13', 'Node.js 20', '`libsql`', 'CNY'])
      expect(screen).toContain(fact)
  })

  it('has all tools in its table, in the order in which they are listed', () => {
    expect(all(page, /^\| `([a-z]+_[a-z_]+)` \|/gm)).toStrictEqual(ALL_NAMES)
  })

  it('leads to every page that the package brings', () => {
    const pages = readdirSync(new URL('docs', ROOT)).filter((name) => name.endsWith('.md'))
    const ofLanguage = pages.filter((name) => name.endsWith('.zh-CN.md') === (file !== 'README.md'))
    const linked = links(page).flatMap((link) => (link.startsWith('docs/') ? [link.replace('docs/', '')] : []))
    expect([...new Set(linked)].filter((link) => link.endsWith('.md')).sort()).toStrictEqual(ofLanguage.sort())
  })

  it('shows pictures that are there', () => {
    const pictures = all(page, /(?:src|srcset)="([^"]+)"/g)
    expect(pictures).toHaveLength(2)
    expect(pictures.filter((picture) => !existsSync(new URL(picture, ROOT)))).toStrictEqual([])
  })

  it('says who pays in the sandbox, what to type for alipay-mcp, and how Claude Code gets the settings of an app', () => {
    const [, own = ''] = /^## (?:Your own app|使用自己的应用)\n([\s\S]*?)^## /m.exec(page) ?? []
    expect(own).toContain('沙箱账号')
    expect(own).toContain('`alipay-mcp`')
    expect(own).toMatch(/^claude mcp add .* --dotenv \S+$/m)
  })

  it('leaves the address to clone from to the publisher, as long as nobody has filled it in', () => {
    expect(page.includes('REPOSITORY_URL')).toBe(PACKAGE.repository === undefined)
  })
})

const PAGES_WITH_COMMANDS = PAGES.flatMap((file) => [file, inChinese(file)])

describe.each(PAGES_WITH_COMMANDS.filter((file) => codeIn(file).includes('dist/main.js')))('%s', (file) => {
  it('names only commands and flags that --help explains', () => {
    const help = [helpText(), ...HELP_TOPICS.map((topic) => helpText(topic))].join('\n')
    const commands = commandsIn(codeIn(file))
    expect(commands.filter((one) => !COMMANDS.some((known) => known === one))).toStrictEqual([])
    expect(commands.filter((one) => !help.includes(`\n  ${one} `))).toStrictEqual([])
    // What stands behind `npm run ... --` is for a script of the repository, and before the name of the image for Docker.
    const others = /npm .*|npx .*|docker run (?:.*\\\n)*.*alipay-mcp-listen(?= )/g
    const flags = all(codeIn(file).replace(others, ''), /(?<=\s|^)(--[\w-]+)/gm)
    expect(flags.filter((flag) => !help.includes(flag) && flag !== '--version')).toStrictEqual([])
  })
})

it.each(['.md', '.zh-CN.md'])('the pages that end in %s explain every command', (ending) => {
  const pages = [
    'README',
    'docs/settings',
    'docs/hosts',
    'docs/approval-and-limits',
    'docs/ledger',
    'docs/listen',
    'docs/shop',
    'docs/subscriptions',
    'docs/emulator',
  ]
  const commands = pages.flatMap((name) => commandsIn(codeIn(name + ending)))
  expect(new Set(commands)).toStrictEqual(new Set(COMMANDS.filter((one) => !/serve|help/.test(one))))
})

it.each(PAGES_WITH_COMMANDS)('%s names only scripts of npm that package.json has', (file) => {
  const named = all(codeIn(file), /npm (?:run )?([\w:]+)/g)
  const theirs = ['ci', 'pack', 'publish']
  expect(named.filter((script) => !theirs.includes(script) && !(script in PACKAGE.scripts))).toStrictEqual([])
})

it('the commands of the README that CI runs are those that CI has', () => {
  const ci = read('.ci/run')
  const named = ['README.md', 'README.zh-CN.md'].map((file) => all(read(file), /^(npm ci && .*)$/gm))
  for (const commands of named) {
    expect(commands).toStrictEqual(['npm ci && npm run demo', 'npm ci && npm test'])
    expect(commands.filter((command) => !ci.split('\n').includes(command))).toStrictEqual([])
  }
})

it('the map of the simulation names each of its files', () => {
  const files = readdirSync(new URL('test/simulation', ROOT)).filter((file) => file.endsWith('.ts'))
  const named = inlineCode(read('test/simulation/README.md')).filter((code) => code.endsWith('.ts'))
  expect(named).toStrictEqual(files.sort())
})
