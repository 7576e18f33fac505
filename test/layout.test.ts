// The rules of the tree, executed: who may import whom, how large files are, what their names promise.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const files = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
    .sort()
const SOURCES = files('src')
const text = (file: string) => readFileSync(join(ROOT, file), 'utf8')

/** Static and lazy imports and re-exports; our own as paths from the root, others by name. */
function importsOf(file: string): readonly { from: string; typeOnly: boolean }[] {
  const found = text(file).matchAll(/(?:^(import|export) (type )?[^'"]*?from |import\()['"]([^'"]+)['"]/gm)
  return [...found].map(([, , type, from = '']) => ({
    from: from.startsWith('.') ? relative('.', join(dirname(file), from)) : from,
    typeOnly: type !== undefined,
  }))
}

const IMPORTS = new Map(SOURCES.map((file) => [file, importsOf(file).map(({ from }) => from)]))
/** Beside them the folder has the table, the shape, the fields and the offers of tools, and nothing else. */
const isTool = (file: string) => file.startsWith('src/tools/') && !/\/(index|tool|fields|offers)\.ts$/.test(file)
const importers = (test: (from: string) => boolean) => SOURCES.filter((file) => IMPORTS.get(file)?.some(test))

/** The shortest way by which a file imports itself, `a -> b -> a`; types and lazy imports count. */
function cycleThrough(start: string): string | undefined {
  const seen = new Set<string>()
  const ways = [[start]]
  for (const way of ways) {
    for (const next of IMPORTS.get(way.at(-1) ?? '') ?? []) {
      if (next === start) return [...way, start].join(' -> ')
      if (!seen.has(next)) ways.push([...way, next])
      seen.add(next)
    }
  }
  return undefined
}

// From the top down; a file may import from its own layer and from below it.
const LAYERS = [
  'main',
  'cli',
  'server',
  'doctor',
  'tools',
  'watcher',
  'alerts',
  'front',
  'subscriptions',
  'shop',
  'refunds',
  'orders',
  'approval',
  'checkout',
  'guard',
  'ledger',
  'notifications',
  'gateway',
  'hosts',
  'settings',
  'basics',
] as const
type Layer = (typeof LAYERS)[number]
const BY_FILE: Readonly<Record<string, Layer>> = {
  'src/main.ts': 'main',
  'src/collected-bytes.ts': 'basics',
  'src/html.ts': 'basics',
  'src/language.ts': 'basics',
  'src/qr.ts': 'basics',
  'src/version.ts': 'basics',
  'src/tool-result.ts': 'basics',
  'src/tool-input.ts': 'basics',
  'src/errors.ts': 'basics',
  'src/text.ts': 'basics',
  'src/pasteable-call.ts': 'basics',
  'src/money.ts': 'basics',
  'src/clock.ts': 'basics',
  'src/written-input.ts': 'basics',
}
// Its types are the vocabulary of everything else.
const TYPES = 'src/gateway/gateway.ts'

function layerOf(file: string): Layer {
  const folder = LAYERS.find((layer) => file.startsWith(`src/${layer}/`))
  const layer = BY_FILE[file] ?? folder
  if (!layer) throw new Error(`${file} belongs to no layer; see the tree in docs/architecture.md`)
  return layer
}

describe('imports', () => {
  it('go one way: main, cli, server, tools, approval, guard, ledger, gateway, basics', () => {
    const wrong = SOURCES.filter((file) => !file.startsWith('src/emulator/')).flatMap((file) =>
      importsOf(file)
        .filter(({ from, typeOnly }) => from.startsWith('src/') && !(from === TYPES && typeOnly))
        .filter(({ from }) => !from.startsWith('src/emulator/'))
        .filter(({ from }) => LAYERS.indexOf(layerOf(from)) < LAYERS.indexOf(layerOf(file)))
        .map(({ from }) => `${file} -> ${from}`),
    )
    expect(wrong).toStrictEqual([])
  })

  it('run in no cycle, inside a folder neither', () => {
    expect(SOURCES.map(cycleThrough).filter((cycle) => cycle !== undefined)).toStrictEqual([])
  })

  it('keep tools and guards away from the gateway itself: they know its types only', () => {
    const wrong = SOURCES.filter((file) => /^src\/(tools|refunds|orders|approval|guard|ledger)\//.test(file)).flatMap(
      (file) => importsOf(file).filter(({ from }) => from.startsWith('src/gateway/') && from !== TYPES),
    )
    expect(wrong).toStrictEqual([])
  })

  it.each([
    ['precreate', 'src/orders/precreate.ts'],
    ['close', 'src/orders/close-order.ts'],
    ['refund', 'src/refunds/send-refund.ts'],
  ])('lead what changes something through the guards: gateway.%s is called in one file', (name, file) => {
    const callers = SOURCES.filter((one) => text(one).includes(`gateway.${name}(`))
    expect(callers).toStrictEqual([file])
  })

  it('leave one function of refunds/ to write how a refund ended', () => {
    const inRefunds = SOURCES.filter((file) => file.startsWith('src/refunds/'))
      .map(text)
      .join('\n')
    expect(inRefunds.match(/\bsaveOutcome\(/g)).toHaveLength(1)
    expect(inRefunds).not.toMatch(/\.(resolve|foundRefund|markSending)\(/)
  })

  it('leave the emulator alone: it takes nothing of ours, nor alipay-sdk, and only commands start it', () => {
    const inside = SOURCES.filter((file) => file.startsWith('src/emulator/'))
    const taken = inside.flatMap((file) => importsOf(file).map(({ from }) => from))
    expect(taken.filter((from) => !from.startsWith('src/emulator/') && !from.startsWith('node:'))).toStrictEqual([])
    const outside = importers((from) => from.startsWith('src/emulator/')).filter((file) => !inside.includes(file))
    expect(outside).toStrictEqual(['src/cli/emulator.ts', 'src/server/built-in.ts'])
  })

  it.each([
    ['alipay-sdk', ['src/gateway/signing.ts']],
    [
      '@modelcontextprotocol/server',
      [
        'src/approval/chat.ts',
        'src/approval/context.ts',
        'src/cli/serve.ts',
        'src/server/client-info.ts',
        'src/server/prompts.ts',
        'src/server/results.ts',
        'src/server/server.ts',
        'src/server/tool-calls.ts',
      ],
    ],
    ['@modelcontextprotocol/client', ['src/cli/call.ts', 'src/cli/demo/mcp-client.ts', 'src/hosts/start-check.ts']],
    ['@clack/prompts', ['src/cli/init/questions.ts']],
    ['dotenv', ['src/settings/env-file.ts']],
    ['open', ['src/approval/browser-window.ts']],
    [
      'env-paths',
      [
        'src/cli/compile-cache.ts',
        'src/server/ledger-location.ts',
        'src/server/services.ts',
        'src/settings/settings-file.ts',
      ],
    ],
  ])('name %s only where it belongs', (name, allowed) => {
    expect(importers((from) => from === name || from.startsWith(`${name}/`))).toStrictEqual(allowed)
  })
})

describe('the process', () => {
  it('is touched by main alone: arguments, environment and exit', () => {
    const users = SOURCES.filter((file) => /process\.(argv|env|exit)\b/.test(text(file)))
    expect(users).toStrictEqual(['src/main.ts'])
  })

  it('has its standard output written by commands that are not serve', () => {
    const writers = SOURCES.filter((file) => /process\.stdout\.write|console\.(log|info|table)/.test(text(file)))
    expect(writers).toStrictEqual([
      'src/cli/completion.ts',
      'src/cli/demo/teller.ts',
      'src/cli/emulator.ts',
      'src/cli/terminal.ts',
      'src/main.ts',
    ])
  })
})

describe('files', () => {
  it('start with a sentence on what they are for', () => {
    const wrong = [...SOURCES, ...files('test')].filter((file) => !/^\/\/ \S.*/.test(text(file)))
    expect(wrong).toStrictEqual([])
  })

  it('stay small', () => {
    const limit = (file: string) => {
      if (/^src\/gateway\/refusals\//.test(file)) return 300
      return isTool(file) || file.startsWith('src/emulator/methods/') ? 120 : 250
    }
    const lines = (file: string) => text(file).split('\n').length
    expect([...SOURCES, ...files('test')].filter((file) => lines(file) > limit(file))).toStrictEqual([])
  })

  it('are worth a file: what is short and has one user belongs into that one', () => {
    const isShort = (file: string) => text(file).split('\n').length <= 40
    const standsAlone = (file: string, user: string | undefined) =>
      // A command.
      user === 'src/main.ts' ||
      // What there is shows in the list of files, and here it is put together.
      file.startsWith('src/emulator/methods/') ||
      file.startsWith('src/tools/') ||
      file === 'src/server/calls-in-flight.ts'
    const wrong = SOURCES.filter(isShort).flatMap((file) => {
      const users = importers((from) => from === file)
      return users.length === 1 && !standsAlone(file, users[0]) ? [`${file} into ${users[0]}`] : []
    })
    expect(wrong).toStrictEqual([])
  })

  it('are tools in tools/', () => {
    const wrong = SOURCES.filter(isTool).filter((file) => !/^export const \w+ = defineTool\(/m.test(text(file)))
    expect(wrong).toStrictEqual([])
  })

  it('promise their content by their names', () => {
    const vague = /(utils?|helpers?|types|misc)\b|\/common(\/|\.ts$)/
    expect(SOURCES.filter((file) => vague.test(file))).toStrictEqual([])
    const barrels = SOURCES.filter((file) => /^export (\*|\{[^}]*\}) from/m.test(text(file)) && /index\.ts$/.test(file))
    expect(barrels).toStrictEqual([])
  })

  it('hold HTML in page files only', () => {
    const holders = SOURCES.filter((file) => /<(html|body|div|form|p|table)[\s>]/.test(text(file)))
    expect(holders.filter((file) => !/-page\.ts$/.test(file))).toStrictEqual([])
  })

  it('do not talk the compiler out of its doubts', () => {
    const wrong = SOURCES.filter((file) =>
      /\bany\b(?=[;,)>\]])|as unknown as|@ts-(ignore|expect-error)/.test(text(file)),
    )
    expect(wrong).toStrictEqual([])
  })
})
