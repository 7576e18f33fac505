// alipay-mcp config: which settings hold, where each comes from, and where the settings file is; nothing secret.
import { existsSync } from 'node:fs'
import { faultLines } from '../doctor/finding.ts'
import { inLanguages, type Language } from '../language.ts'
import { type ConfigResult, configOf } from '../settings/config.ts'
import { quotePath } from '../settings/named-file.ts'
import { settingsFilePath } from '../settings/settings-file.ts'
import { NAMES } from '../settings/variables.ts'
import { unbroken } from '../text.ts'
import { TOOL_NAMES } from '../tools/offers.ts'
import type { CommandLine } from './command-line.ts'
import { guess } from './flag-parser.ts'
import { shownSettings } from './shown-setting.ts'
import { paintFor, print, put } from './terminal.ts'
import { UsageError } from './usage-text.ts'

const ACTIONS = ['list', 'path', 'get'] as const

const TEXT = inLanguages({
  none: {
    en: 'Nothing is set: everything runs on the built-in emulator, and no real money moves.',
    zh: '没有任何配置：全部在内置模拟器上运行，不涉及真实资金。',
  },
  hidden: { en: '(set, not shown)', zh: '（已设置，不显示）' },
  file: {
    en: (path: string, isThere: boolean) => `Settings file: ${path}${isThere ? '' : ' (not there)'}`,
    zh: (path: string, isThere: boolean) => `配置文件：${path}${isThere ? '' : '（不存在）'}`,
  },
  environment: {
    en: (name: string) => `Environment: ${name}${name === 'production' ? ', real money' : ', no real money'}`,
    zh: (name: string) => `环境：${name}${name === 'production' ? '，真实资金' : '，不涉及真实资金'}`,
  },
  action: {
    en: (word: string | undefined, near: string | undefined) =>
      `config takes list, path or get NAME${word === undefined ? '' : `, not ${word}`}.${near ? ` Did you mean ${near}?` : ''}`,
    zh: (word: string | undefined, near: string | undefined) =>
      `config 后面写 list、path 或 get 名称${word === undefined ? '' : `，不是 ${word}`}。${near ? `是不是 ${near}？` : ''}`,
  },
  noSetting: {
    en: (near: string | undefined, all: string) =>
      `There is no setting of that name.${near ? ` Did you mean ${near}?` : ''}\nAll of them:\n  ${all}`,
    zh: (near: string | undefined, all: string) =>
      `没有这个配置项。${near ? `是不是 ${near}？` : ''}\n全部配置项：\n  ${all}`,
  },
  notSet: { en: (name: string) => `${name} is not set.`, zh: (name: string) => `没有设置 ${name}。` },
  secret: {
    en: (name: string, from: string) => `${name} is set (${from}), and is or holds a secret: it is not shown.`,
    zh: (name: string, from: string) => `${name} 已设置（${from}），属于或含有机密，不显示。`,
  },
})

/** 1: the settings are wrong, or what was asked for is not set. */
export async function config(line: CommandLine): Promise<number> {
  const say = TEXT(line.language)
  const [word = 'list', name] = line.operands
  const action = ACTIONS.find((one) => one === word)
  if (!action || (action === 'get') !== (name !== undefined))
    throw new UsageError(
      action ? say.action(undefined, undefined) : say.action(JSON.stringify(word), guess(word, ACTIONS)),
    )
  if (action === 'list') return list(line)
  if (action === 'get') return get(line, name ?? '')
  await put(`${settingsFilePath()}\n`)
  return 0
}

async function list(line: CommandLine): Promise<number> {
  const { language, json } = line
  const say = TEXT(language)
  const values = shownSettings(line.variables)
  const sourceOf = (name: string) => line.origins.get(name)?.text ?? ''
  const read = configOf(line, TOOL_NAMES)
  const problems = problemsOf(read)
  const path = settingsFilePath()
  const environment = 'config' in read ? read.config.environment : undefined
  if (json) {
    const settings = values.map(({ name, visible }) => ({
      ...{ name, source: sourceOf(name) },
      ...(visible === undefined ? { secret: true } : { value: visible }),
    }))
    await put(`${JSON.stringify({ environment, settings_file: path, settings, problems })}\n`)
    return problems.length > 0 ? 1 : 0
  }
  const paint = paintFor(line)
  await print(say.file(quotePath(path), existsSync(path)))
  if (environment) await print(say.environment(environment))
  if (values.length === 0 && problems.length === 0) await print(say.none)
  for (const { name, visible } of values)
    await print(`\n${paint.bold(name)} = ${visible ?? say.hidden}\n  ${paint.dim(sourceOf(name))}`)
  if (problems.length === 0) return 0
  await print(`\n${problemsText(read, language)}`)
  return 1
}

const problemsOf = (read: ConfigResult) => ('problems' in read ? read.problems : [])

const WRONG = inLanguages({
  refusing: {
    en: 'With these settings the server starts, and refuses every call until this is corrected:',
    zh: '服务器能启动，但改正以下问题之前会拒绝所有调用：',
  },
  notStarting: {
    en: 'With these settings the server does not start until this is corrected:',
    zh: '改正以下问题之前，服务器无法启动：',
  },
})

/** Where nobody can tell whether a buyer is in the chat, nothing starts. */
export function problemsText(read: ConfigResult, language: Language): string {
  const say = WRONG(language)
  const isRefusing = 'config' in read || read.role !== undefined
  return `${isRefusing ? say.refusing : say.notStarting}\n${faultLines(problemsOf(read), language)}`
}

/** Also by its flag or its key of a JSON file. */
function nameMeant(written: string): string {
  const name = written.replace(/^--/, '').replaceAll('-', '_').toUpperCase()
  return name.startsWith('ALIPAY_') ? name : `ALIPAY_${name}`
}

const nearestSetting = (name: string) =>
  guess(
    name,
    NAMES.map((one) => one.toLowerCase()),
  )?.toUpperCase()

/** The bare value, for scripts. */
async function get(line: CommandLine, written: string): Promise<number> {
  const say = TEXT(line.language)
  const name = nameMeant(written)
  if (!NAMES.includes(name)) {
    throw new UsageError(say.noSetting(nearestSetting(name), unbroken(`${line.program} help settings`)))
  }
  const found = shownSettings(line.variables).find((one) => one.name === name)
  if (found?.isWhole) {
    await put(`${found.visible}\n`)
    return 0
  }
  // A file that cannot be read may set it.
  const notSet = line.problems.length > 0 ? problemsText(configOf(line, TOOL_NAMES), line.language) : say.notSet(name)
  process.stderr.write(`${found ? say.secret(name, line.origins.get(name)?.text ?? '') : notSet}\n`)
  return 1
}
