// alipay-mcp help: all commands on one screen; each command with its flags and examples; the settings in groups.
import { type Both, inLanguages, type Language } from '../language.ts'
import { aboutVariable, flagOf } from '../settings/variables.ts'
import { unbroken } from '../text.ts'
import { VERSION } from '../version.ts'
import type { CommandLine, HelpTopic } from './command-line.ts'
import { COMMANDS, type Command } from './flags.ts'
import { COMMAND_HELP } from './help/command-help.ts'
import { SETTING_GROUPS, SETTINGS_IN_CHINESE } from './help/settings-help.ts'
import { put, terminalColumns, wrapped } from './terminal.ts'

const TEXT = inLanguages({
  title: {
    en: `alipay-mcp ${VERSION}: an MCP server that takes Alipay payments for a merchant`,
    zh: `alipay-mcp ${VERSION}：为商家收取支付宝付款的 MCP 服务器`,
  },
  usage: { en: 'Usage: ', zh: '用法：' },
  command: { en: 'COMMAND', zh: '命令' },
  flagsToCome: { en: 'FLAGS', zh: '参数' },
  run: { en: 'Run', zh: '运行' },
  operate: { en: 'Of the ledger, with the settings of the server', zh: '账本（使用与服务器相同的配置）' },
  flags: { en: 'Flags:', zh: '参数：' },
  everywhere: { en: 'With every command:', zh: '所有命令通用：' },
  examples: { en: 'Examples:', zh: '示例：' },
  exits: { en: 'Exit codes:', zh: '退出码：' },
  more: { en: 'More:', zh: '更多：' },
  noCredentials: {
    en: 'Without credentials everything runs on the built-in emulator, and no real money moves.',
    zh: '没有配置密钥时，全部在内置模拟器上运行，不涉及真实资金。',
  },
  settings: { en: 'Settings, the higher place first:', zh: '配置来源，靠前的优先：' },
  places: {
    en: `  1. flags, such as --app-id (keys and tokens have none: every user of a computer can read command lines)
  2. the environment, such as ALIPAY_APP_ID
  3. --dotenv FILE (also --env-file): lines NAME=value
  4. --config FILE: a flat JSON object such as { "app_id": "..." }
  5. settings.json in the user's config folder; --no-settings-file leaves it out`,
    zh: `  1. 命令行参数，例如 --app-id（密钥和令牌没有对应参数：命令行对本机所有用户可见）
  2. 环境变量，例如 ALIPAY_APP_ID
  3. --dotenv 文件（也可写 --env-file）：每行 名称=值
  4. --config 文件：单层 JSON 对象，例如 { "app_id": "..." }
  5. 用户配置文件夹里的 settings.json；--no-settings-file 不读取它`,
  },
  official: {
    en: "The official server's variables (AP_APP_ID, AP_APP_KEY, ...) mean the same here, but real money must be spelt out: AP_CURRENT_ENV=prod or ALIPAY_ENV=production.",
    zh: '官方服务器的变量（AP_APP_ID、AP_APP_KEY 等）在这里含义相同，但真实资金必须写明：AP_CURRENT_ENV=prod 或 ALIPAY_ENV=production。',
  },
  or: { en: (flag: string) => `, or ${flag}`, zh: (flag: string) => `，或 ${flag}` },
})

const EVERYWHERE: readonly (readonly [flag: string, about: Both])[] = [
  [
    '--lang en|zh',
    {
      en: 'the language; otherwise LC_ALL, LC_MESSAGES or LANG decides',
      zh: '语言；不填则由 LC_ALL、LC_MESSAGES 或 LANG 决定',
    },
  ],
  ['--dotenv FILE', { en: 'settings as lines NAME=value', zh: '配置文件，每行 名称=值' }],
  ['--config FILE', { en: 'settings as JSON', zh: 'JSON 配置文件' }],
  [
    '--no-settings-file',
    { en: "leaves out settings.json of the user's config folder", zh: '不读取用户配置文件夹里的 settings.json' },
  ],
  ['-h, --help', { en: 'help about the command', zh: '命令的帮助' }],
  ['-V, --version', { en: 'the version', zh: '版本' }],
]

export async function help({ topic, language, program }: CommandLine): Promise<number> {
  await put(helpText(topic, language, program, terminalColumns()))
  return 0
}

/** @param columns those of a terminal; a pipe gets what fits a usual one */
export function helpText(topic?: HelpTopic, language: Language = 'en', program = 'alipay-mcp', columns = 80): string {
  const say = TEXT(language)
  if (topic === undefined || topic === 'help') return `${wrapped(overview(language, program, columns), columns)}\n`
  if (topic !== 'settings') return `${wrapped(ofCommand(topic, language, program, columns), columns)}\n`
  const groups = SETTING_GROUPS.map(({ title, names }) => {
    const lines = names.map((name) => {
      const flag = flagOf(name)
      const about = language === 'zh' ? SETTINGS_IN_CHINESE[name] : aboutVariable(name)
      return `  ${name}${flag === undefined ? '' : say.or(`--${flag}`)}\n      ${about}`
    })
    return `${title[language]}\n${lines.join('\n')}`
  })
  const head = `${say.settings}\n${say.places}\n\n${say.official}\n${say.noCredentials}`
  return `${wrapped([head, ...groups].join('\n\n'), columns)}\n`
}

const OF_LEDGER: readonly Command[] = [
  'ledger',
  'approvals',
  'close',
  'freeze',
  'unfreeze',
  'resolve',
  'charge-due',
  'delivered',
  'forget',
]

function overview(language: Language, program: string, columns: number): string {
  const say = TEXT(language)
  const list = (commands: readonly Command[]) =>
    pairs(
      commands.map((command) => [command, COMMAND_HELP[command].summary[language]]),
      columns,
    )
  return [
    say.title,
    `${say.usage}${program} [${say.command}] [${say.flagsToCome}]`,
    `${say.run}\n${list(COMMANDS.filter((command) => !OF_LEDGER.includes(command)))}`,
    `${say.operate}\n${list(OF_LEDGER)}`,
    everywhere(language, columns),
    `${say.more}\n  ${program} help ${say.command}\n  ${program} help settings`,
    say.noCredentials,
  ].join('\n\n')
}

/** An example is what stands behind the program's name, or the whole line with {} for that name. */
const callIn = (example: string, program: string) =>
  example.includes('{}') ? example.replace('{}', program) : `${program} ${example}`

function ofCommand(command: Command, language: Language, program: string, columns: number): string {
  const say = TEXT(language)
  const { summary, usage, about, flags, examples, exits } = COMMAND_HELP[command]
  const calls = examples.map((example) => (typeof example === 'string' ? example : example[language]))
  const own = flags.map(([flag, text]) => [flag, text[language]] as const)
  const blocks = [
    `${say.usage}${[program, command, usage.replaceAll(/\[[^\]]*\]/g, unbroken)].filter(Boolean).join(' ')}`,
    `${command}: ${summary[language]}${about ? `\n${about[language]}` : ''}`,
    own.length > 0 && `${say.flags}\n${pairs(own, columns)}`,
    everywhere(language, columns),
    `${say.examples}\n${calls.map((call) => `  ${unbroken(callIn(call, program))}`).join('\n')}`,
    `${say.exits}\n${pairs(
      exits.map(([code, when]) => [String(code), when[language]]),
      columns,
    )}`,
  ]
  return blocks.filter(Boolean).join('\n\n')
}

function everywhere(language: Language, columns: number): string {
  const lines = EVERYWHERE.map(([flag, about]) => [flag, about[language]] as const)
  return `${TEXT(language).everywhere}\n${pairs(lines, columns)}`
}

const WIDEST_NAME = 22

/** Names on the left, and what they are in one column beside them. */
function pairs(lines: readonly (readonly [name: string, about: string])[], columns: number): string {
  const width = Math.min(WIDEST_NAME, Math.max(...lines.map(([name]) => name.length)))
  const indent = ' '.repeat(width + 4)
  const line = ([name, about]: readonly [string, string]) => {
    const text = wrapped(indent + about, columns).slice(indent.length)
    return name.length > width ? `  ${name}\n${indent}${text}` : `  ${name.padEnd(width)}  ${text}`
  }
  return lines.map(line).join('\n')
}
