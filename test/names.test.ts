// Names are the field's words, as docs/architecture.md lists them: one word for one thing, in identifiers, columns, files and commands.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { COMMANDS, HELP_TOPICS, readCommandLine } from '../src/cli/command-line.ts'
import { helpText } from '../src/cli/help.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SOURCES = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('src', name))
  .sort()
const text = (file: string) => readFileSync(join(ROOT, file), 'utf8')

/** Words that no name holds, and what to say instead; the first form stands for its kin. */
const INSTEAD: readonly (readonly [words: RegExp, instead: string])[] = [
  [/ (un)?settl(e|es|ed|ing|ement) /, 'resolve, in doubt: settlement is paying out'],
  [/ wish(es|ed)? /, 'request'],
  [/ books? /, 'partition, ledger, trades'],
  [/^ act $| terminal act /, 'actor'],
  [/ effects? /, 'approval digest'],
  [/ leave to /, 'send permit, repeat permit'],
  [/ afterwards /, 'what it does, such as ignoringLedgerErrors'],
  [/ (out)?weigh(s|ed|ing)? /, 'evaluate, evaluation'],
  [/ (tried|try) at | earlier (try|tries) /, 'in doubt since, earlier attempt'],
  [/ unpaid for ever /, 'can never be paid'],
  [/ (twins?|alike|open orders) /, 'similar orders'],
  [/ made (at|here|from|before|fen|amount|by) /, 'created'],
  [/ noted | seen at |^ seen $/, 'first seen, checked at'],
  [/ (asker|asked call|brought) /, 'approver, approval context, client reply'],
  [/ door /, 'common errors, business errors, browser access'],
  [/ (saw|sightings?|adopt(s|ed|ing)?) /, 'record trade, trade update, add if missing'],
  [/ demand(s|ed|ing)? /, 'require'],
  [/^ did $| deeds? /, 'operation'],
  [/ find out /, 'next step'],
  [/^ (told|shown|words of|item of|text of) $/, 'a verb and a noun'],
]

/** Names that are not ours to choose, or that mean something else, and where. */
const EXCEPTIONS: readonly (readonly [name: RegExp, place: RegExp, reason: string])[] = [
  [/^(ALIPAY|buyer)_/i, /./, 'of settings, which are named by what they limit'],
  [/^allSettled$/, /./, "JavaScript's"],
  [/effect/i, /^src\/emulator\//, 'what a fault of the emulator does to the trade'],
]

const wordsOf = (name: string) =>
  ` ${name
    .replace(/([a-z\d])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3 $2')
    .replace(/[^A-Za-z\d]+/g, ' ')
    .trim()
    .toLowerCase()} `

const isExcepted = (name: string, place: string) =>
  EXCEPTIONS.some(([names, places]) => names.test(name) && places.test(place))

function wrong(name: string, place: string): readonly string[] {
  const [, instead] = INSTEAD.find(([words]) => words.test(wordsOf(name))) ?? []
  return instead === undefined || isExcepted(name, place) ? [] : [`${place}: ${name}; say ${instead}`]
}

const IN_CODE =
  /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\/(?![/* =])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/|[`{}]|[#\w$]+|[\s\S]/uy
const IN_TEMPLATE = /`|\$\{|(?:\\[\s\S]|\$(?!\{)|[^`\\$])+/uy

/** What is neither comment nor string: the names of a file, wherever they are declared. */
function identifiers(source: string): ReadonlySet<string> {
  const found = new Set<string>()
  const open: string[] = []
  for (let at = 0; at < source.length; ) {
    const pattern = open.at(-1) === '`' ? IN_TEMPLATE : IN_CODE
    pattern.lastIndex = at
    const [part = ''] = pattern.exec(source) ?? []
    at += Math.max(part.length, 1)
    if (part === '}' || (part === '`' && pattern === IN_TEMPLATE)) open.pop()
    else if (part === '`' || part === '{' || part === '${') open.push(part)
    else if (pattern === IN_CODE && /^#?[A-Za-z_$]/.test(part)) found.add(part.replace('#', ''))
  }
  return found
}

/** Tables, columns and indexes of the ledger. */
function inSchema(): readonly string[] {
  const schema = text('src/ledger/sqlite/schema.ts')
  const statements = [...schema.matchAll(/^create (?:table|index) (\w+)/gm)].map(([, name = '']) => name)
  const columns = [...schema.matchAll(/^ {2}(\w+) (?:text|integer)\b/gm)].map(([, name = '']) => name)
  return [...statements, ...columns]
}

describe('no old word is left', () => {
  it('in what the code declares', () => {
    const all = SOURCES.map((file) => [file, identifiers(text(file))] as const)
    // Held to find them: a scanner that sees nothing finds nothing wrong.
    const found = new Set(all.flatMap(([, names]) => [...names]))
    for (const name of ['createOrder', 'approvalDigest', 'created_at', 'inFlight', 'PartitionKey'])
      expect(found).toContain(name)
    expect(all.flatMap(([file, names]) => [...names].flatMap((name) => wrong(name, file)))).toStrictEqual([])
  })

  it('in the tables of the ledger', () => {
    expect(inSchema()).toEqual(expect.arrayContaining(['orders', 'out_trade_no', 'approvals', 'lease_until']))
    expect(inSchema().flatMap((name) => wrong(name, 'schema'))).toStrictEqual([])
  })

  it('in the names of files', () => {
    const names = SOURCES.map((file) => [basename(file, '.ts'), file] as const)
    expect(names.flatMap(([name, file]) => wrong(name, file))).toStrictEqual([])
  })

  it('in the commands; settle still works, and the help does not name it', () => {
    expect(COMMANDS.flatMap((command) => wrong(command, 'command'))).toStrictEqual([])
    expect(readCommandLine(['settle'], {}).command).toBe('resolve')
    for (const topic of HELP_TOPICS) expect(helpText(topic)).not.toContain('settle')
  })
})

describe('an old word is found', () => {
  it.each([
    'settleOrder',
    'not_settled',
    'RefundWish',
    'openBooks',
    'Act',
    'act',
    'effect',
    'leaveToSend',
    'afterwards',
    'weighRefund',
    'earlier_try_at',
    'unpaid_for_ever',
    'TWINS_MS',
    'made_here',
    'madeBefore',
    'seen',
    'seen_at',
    'AskedCall',
    'doorError',
    'saw',
    'adopted',
    'demandSettings',
    'did',
    'deed',
    'findOut',
    'find_out',
    'told',
    'wordsOf',
  ])('in %s', (name) => {
    expect(wrong(name, 'src/x.ts')).toHaveLength(1)
  })

  it('among the names of a file, and not in its comments, strings and patterns', () => {
    const source = [
      '// wish',
      '/* books */',
      "const a = 'deed'",
      'const b = `the wish ${c.twins} ${`${d.saw}`} act`',
      'e = /door"/',
      'f.#effect',
    ]
    const found = [...identifiers(source.join('\n'))].filter((name) => wrong(name, 'src/x.ts').length > 0)
    expect(found).toStrictEqual(['twins', 'saw', 'effect'])
  })
})
