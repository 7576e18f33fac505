// alipay-mcp completion: the script that completes commands and flags in a shell, and what that script asks for.
import { type Complete, RootCommand } from '@bomb.sh/tab'
import { inLanguages, type Language } from '../language.ts'
import { fromAnywhere } from '../pasteable-call.ts'
import { aboutVariable, NAMES } from '../settings/variables.ts'
import { OFFERS, TOOL_NAMES } from '../tools/offers.ts'
import type { CommandLine } from './command-line.ts'
import { guess } from './flag-parser.ts'
import { COMMANDS, type Command, FLAGS, LEDGER_STATES, SETTING_FLAGS } from './flags.ts'
import { COMMAND_HELP } from './help/command-help.ts'
import { put } from './terminal.ts'
import { UsageError } from './usage-text.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const

const TEXT = inLanguages({
  shell: {
    en: (near: string | undefined) =>
      `completion takes the name of a shell: bash, zsh or fish.${near ? ` Did you mean ${near}?` : ''}`,
    zh: (near: string | undefined) =>
      `completion 后面写 shell 的名称：bash、zsh 或 fish。${near ? `是不是 ${near}？` : ''}`,
  },
})

const WORDS: Readonly<Record<string, readonly string[]>> = {
  lang: ['en', 'zh'],
  env: ['local', 'sandbox', 'production'],
  role: ['merchant', 'buyer'],
  existing: ['change', 'aside'],
  state: LEDGER_STATES,
  'refund-approval': ['chat', 'operator', 'none'],
  'alert-on': ['problems', 'payments'],
  toolsets: ['payments', 'subscriptions', 'payments,subscriptions'],
  subscriptions: ['enabled'],
  'subscription-product': ['GENERAL_WITHHOLDING', 'CYCLE_PAY_AUTH'],
}

/** @param script as this program was started */
export async function completion({ operands, language, ...line }: CommandLine, script: string): Promise<number> {
  const [first = '', ...rest] = operands
  const shell = SHELLS.find((one) => one === first)
  if (!shell || rest.length > 0) throw new UsageError(TEXT(language).shell(guess(first, SHELLS)))
  await put(SCRIPT[shell](fromAnywhere(script, line).program))
  return 0
}

/** What was typed must never be evaluated: the person has not pressed Enter. The library does that in bash and in zsh. */
const SCRIPT: Readonly<Record<(typeof SHELLS)[number], (program: string) => string>> = {
  bash: (program) => `# bash completion for alipay-mcp
_alipay_mcp() {
    local cur prev words cword line typed
    _get_comp_words_by_ref -n "=:" cur prev words cword
    # Bash itself puts what is offered behind the = of a flag.
    typed=$cur
    [[ $cur == -*=* ]] && typed=\${cur#*=}
    COMPREPLY=()
    [[ $cur == [!-]*=* ]] && return
    while IFS= read -r line; do
        case $line in
            :0) compopt -o default 2>/dev/null ;;
            :*) ;;
            "$typed"*) COMPREPLY+=("\${line%%$'\\t'*}") ;;
        esac
    done < <(${program} complete -- "\${words[@]:1:cword-1}" "$cur" 2>/dev/null)
    [[ \${COMPREPLY[0]-} == *= ]] && compopt -o nospace 2>/dev/null
    return 0
}
complete -F _alipay_mcp alipay-mcp
`,
  // Both call the program by a name, so that its path stands in no other quotes; zsh evaluates what precedes a value.
  zsh: (program) =>
    setupFor('zsh')
      .replace(/^compdef /m, () => `${PROGRAM}() { ${program} "$@"; }\n\ncompdef `)
      .replace('-P ${BASH_REMATCH}', () => '-P ${(q)BASH_REMATCH}'),
  fish: (program) => `function ${PROGRAM}\n    ${program} $argv\nend\n\n${setupFor('fish')}`,
}

const PROGRAM = '__alipay_mcp_program'
const setupFor = (shell: 'zsh' | 'fish') => printedBy(() => new RootCommand().setup('alipay-mcp', PROGRAM, shell))

/** Of the words typed so far, the last one unfinished: a line for each that fits, with what it is behind a tab. */
export async function complete(words: readonly string[], language: Language): Promise<number> {
  // The table of hosts is large, and only here needed.
  const isOfHost = words.some((word) => /^(un)?install$/.test(word))
  const hosts = isOfHost ? (await import('../hosts/hosts.ts')).HOST_NAMES : []
  const printed = printedBy(() => rootCommand(words, language, hosts).parse([...words]))
  await put(takesFile(words.at(-2) ?? '') ? printed.replace(NO_FILES, ':0') : printed)
  return 0
}

// The library never lets the shell complete the names of files.
const NO_FILES = /^:4$/m

function takesFile(flag: string): boolean {
  const name = flag.replace(/^--/, '')
  return flag.startsWith('--') && FLAGS[name]?.type === 'string' && !WORDS[name]
}

/** The library prints; the program's own output is not the console's. */
function printedBy(print: () => void): string {
  const lines: string[] = []
  const { log } = console
  console.log = (line: string) => lines.push(line)
  try {
    print()
  } finally {
    console.log = log
  }
  return `${lines.join('\n')}\n`
}

function rootCommand(typed: readonly string[], language: Language, hosts: readonly string[] = []): RootCommand {
  const root = new RootCommand()
  for (const name of COMMANDS) {
    const command = root.command(name, COMMAND_HELP[name].summary[language])
    for (const [flag, about] of flagsOf(name, language)) {
      const words = WORDS[flag]
      if (FLAGS[flag]?.type === 'boolean') command.option(flag, about)
      else command.option(flag, about, (add) => offer(words ?? [], add))
    }
    const operands = OPERAND_WORDS[name]
    if (operands) command.argument('word', (add) => offer(operands(typed, hosts), add), true)
  }
  return root
}

function offer(words: readonly string[], add: Complete): void {
  for (const word of words) add(word, '')
}

const OPERAND_WORDS: Partial<
  Record<Command, (typed: readonly string[], hosts: readonly string[]) => readonly string[]>
> = {
  install: (_, hosts) => hosts,
  uninstall: (_, hosts) => hosts,
  help: () => [...COMMANDS, 'settings'],
  config: (typed) => (typed.slice(0, -1).includes('get') ? NAMES : ['list', 'path', 'get']),
  completion: () => SHELLS,
  call: (typed) => fieldsOf(typed.find((word) => ALL_TOOLS.includes(word))) ?? ALL_TOOLS,
}

const ALL_TOOLS = [...new Set(Object.values(TOOL_NAMES).flatMap((ofRole) => Object.values(ofRole).flat()))]

/** Of the merchant's tool where both roles have one. */
function fieldsOf(name: string | undefined): readonly string[] | undefined {
  const offer = [...OFFERS.merchant, ...OFFERS.items, ...OFFERS.buyer].find((one) => one.name === name)
  return offer && Object.keys(Object(offer.input.properties)).map((key) => `${key}=`)
}

/** Its own first, then those of all commands, then the settings. */
function flagsOf(command: Command, language: Language): readonly (readonly [flag: string, about: string])[] {
  const own = COMMAND_HELP[command].flags.map(([flag, about]) => [nameOf(flag), about[language]] as const)
  const common = Object.entries(FLAGS).flatMap(([name, { of }]) => (of || isSetting(name) ? [] : [[name, ''] as const]))
  const settings = SETTING_FLAGS.map(([flag, name]) => [flag, firstSentence(aboutVariable(name))] as const)
  return [...own, ...common, ...settings]
}

const nameOf = (flag: string) => flag.replace(/^--([\w-]+).*/, '$1')
const isSetting = (name: string) => SETTING_FLAGS.some(([flag]) => flag === name)
const firstSentence = (text: string) => text.split(/(?<=[a-z)])[.:] /, 1).join('')
