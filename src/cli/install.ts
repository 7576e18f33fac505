// alipay-mcp install: puts this server into a host, as a change that is looked at first; or prints what a person pastes.
import { type FileHost, HOST_NAMES, hostNamed, isFileHost, type PastedHost } from '../hosts/hosts.ts'
import { type Change, type Installing, pastedInto, planInstall } from '../hosts/install.ts'
import { COMMANDS_OF_HOSTS, LINKS, pastedText } from '../hosts/links.ts'
import { type Started, startHere, versionAt } from '../hosts/program.ts'
import { HostFileError } from '../hosts/refusals.ts'
import type { Start } from '../hosts/start.ts'
import { inLanguages, type Language } from '../language.ts'
import { pasteable } from '../pasteable-call.ts'
import { configOf } from '../settings/config.ts'
import { oneLine, unbroken } from '../text.ts'
import { TOOL_NAMES } from '../tools/offers.ts'
import type { CommandLine } from './command-line.ts'
import { problemsText } from './config.ts'
import { guess, shownWord } from './flag-parser.ts'
import { secretFlags } from './shown-setting.ts'
import { answerTo, paintFor, print, printCall, put } from './terminal.ts'
import { UsageError } from './usage-text.ts'

const TEXT = inLanguages({
  needsHost: {
    en: (command: string, all: string) => `${command} takes the name of a host, one of:\n  ${all}`,
    zh: (command: string, all: string) => `${command} 需要宿主程序的名称：\n  ${all}`,
  },
  noHost: {
    en: (name: string | undefined) => `There is no host ${name ?? 'like that'}.`,
    zh: (name: string | undefined) => (name === undefined ? '没有这个宿主程序。' : `没有 ${name} 这个宿主程序。`),
  },
  guess: { en: (name: string) => ` Did you mean ${name}?`, zh: (name: string) => `是不是 ${name}？` },
  all: { en: (all: string) => `\nAll of them:\n  ${all}`, zh: (all: string) => `\n全部：\n  ${all}` },
  noProject: {
    en: (title: string) => `${title} has no file of its own in a project; leave --project out.`,
    zh: (title: string) => `${title} 没有项目级的配置文件；请去掉 --project。`,
  },
  where: {
    en: (title: string, file: string, line: number) => `${title}: ${file}, line ${line}`,
    zh: (title: string, file: string, line: number) => `${title}：${file} 第 ${line} 行`,
  },
  already: {
    en: (title: string, file: string) => `${title} already has it, in ${file}. Nothing to do.`,
    zh: (title: string, file: string) => `${title} 里已经有了（${file}），不用再做。`,
  },
  off: {
    en: (title: string) => `It is switched off there: ${title} does not start it. Switch it on in ${title}.`,
    zh: (title: string) => `它在那里是停用状态，${title} 不会启动它。请在 ${title} 里启用。`,
  },
  other: {
    en: 'An entry named alipay is there already, and it starts another program. It would give way to this one; the backup keeps it.',
    zh: '那里已经有一个名为 alipay 的条目，启动的是别的程序。它会被这一个替换，备份里保留原样。',
  },
  otherStays: {
    en: (call: string) =>
      `Nothing was written: only a yes at a terminal replaces the entry of another program. Run this at a terminal, or remove that entry first:\n  ${call}`,
    zh: (call: string) =>
      `没有写入：只有在终端里确认，才会替换别的程序的条目。请在终端里运行，或先删除那个条目：\n  ${call}`,
  },
  nothing: { en: 'Nothing was written.', zh: '没有写入。' },
  refused: {
    en: (call: string) => `Nothing was written: nobody is at a terminal to say yes. To write it:\n  ${call}`,
    zh: (call: string) => `没有写入：这里不是终端，无人确认。要写入请运行：\n  ${call}`,
  },
  ask: { en: 'Write this? [y/N]', zh: '写入吗？[y/N]' },
  written: {
    en: (title: string) => `Written. Restart ${title}, or reload its servers.`,
    zh: (title: string) => `已写入。请重启 ${title}，或在其中重新加载服务器。`,
  },
  backup: { en: (file: string) => `As it was before: ${file}`, zh: (file: string) => `修改前的文件：${file}` },
  check: { en: 'Whether it starts there:', zh: '查看能否启动：' },
  secret: {
    en: (flags: string, call: string) =>
      `Nothing was written: a key, a password or a token must not stand in a host's file, and ${flags} has one. Leave a user name and a password out of the address. What has a key or a token belongs into the settings file; then run this without it:\n  ${call}`,
    zh: (flags: string, call: string) =>
      `没有写入：${flags} 里有密钥、密码或令牌，不能写进宿主程序的文件。地址里的用户名和密码请去掉；含密钥或令牌的请保存到配置文件，再去掉它运行本命令：\n  ${call}`,
  },
  notHere: {
    en: (title: string) => `${title} was not found on this computer; its file is made for when it comes.`,
    zh: (title: string) => `本机没有找到 ${title}；会先建好它的配置文件。`,
  },
  onlyHere: {
    en: (names: string, title: string) =>
      `${title} does not get the environment of this shell, so it will not have ${names}. To keep that in the settings file:`,
    zh: (names: string, title: string) => `${title} 拿不到这个终端的环境变量，因此没有 ${names}。请保存到配置文件：`,
  },
  paste: {
    en: (title: string, where: string) => `${title}: paste this at ${where}`,
    zh: (title: string, where: string) => `${title}：在 ${where} 粘贴`,
  },
  pasteInto: {
    en: (title: string, file: string) => `${title}: this belongs into ${file}`,
    zh: (title: string, file: string) => `${title}：写入 ${file}`,
  },
  command: { en: 'Or run:', zh: '或运行：' },
  link: { en: 'Or open this link on the computer that has it:', zh: '或在装有它的电脑上打开链接：' },
  byHand: {
    en: (title: string) => `Nothing was written: ${title} keeps its servers where only its own window changes them.`,
    zh: (title: string) => `没有写入：${title} 的服务器只能在它自己的界面里修改。`,
  },
})

/** 1: nothing was written. */
export async function install(line: CommandLine, started: Started): Promise<number> {
  const host = hostMeant('install', line)
  requireNoSecret(line)
  const start = startHere(started, line.settingArgs)
  if (!line.print && isFileHost(host)) return (await installInto(host, start, line)) ? 0 : 1
  await printPasted(host, start, line)
  if (line.print) return 0
  await print(`\n${TEXT(line.language).byHand(host.title)}`)
  return 1
}

/** @throws UsageError */
function requireNoSecret(line: CommandLine): void {
  const flags = secretFlags(line)
  if (flags.length === 0) return
  const call = `${line.program} init ${flags.map((flag) => `${flag} ...`).join(' ')}`
  throw new UsageError(TEXT(line.language).secret(flags.join(', '), unbroken(call)))
}

/** @throws UsageError */
export function hostMeant(command: 'install' | 'uninstall', { operands, language }: CommandLine) {
  const say = TEXT(language)
  const [name] = operands
  const all = HOST_NAMES.join(', ')
  if (name === undefined) throw new UsageError(say.needsHost(command, all))
  const host = hostNamed(name.toLowerCase())
  if (host) return host
  const near = guess(name, HOST_NAMES)
  throw new UsageError(say.noHost(shownWord(name)) + (near === undefined ? say.all(all) : say.guess(near)))
}

/** @throws UsageError */
export function installingFor(host: FileHost, { project, language }: CommandLine): Installing {
  if (!project) return { versionAt }
  if (!host.projectFile) throw new UsageError(TEXT(language).noProject(host.title))
  return { versionAt, project: process.cwd() }
}

/** Shows the change, asks, writes it. @returns whether the server is in the host */
export async function installInto(host: FileHost, start: Start, line: CommandLine): Promise<boolean> {
  const say = TEXT(line.language)
  const change = await planned(line.language, () => planInstall(host, start, installingFor(host, line)))
  if (!change) return false
  if (change.kind === 'none') {
    await print(say.already(host.title, change.file))
    if (change.isOff) await print(say.off(host.title))
    return true
  }
  await printChange(change, line)
  if (!line.project && !(await host.isHere())) await print(say.notHere(host.title))
  if (change.kind === 'other') await print(say.other)
  await printProblems(line)
  if (change.kind === 'other' && (line.yes || !isAtTerminal())) {
    await print(say.otherStays(unbroken(callOf(['install', host.name], line))))
    return false
  }
  if (!(await isWanted(say.ask, ['install', host.name], line))) return false
  const done = await planned(line.language, () => written(change))
  if (!done) return false
  await print(say.written(host.title))
  if (change.isOff) await print(say.off(host.title))
  if (done.backup !== undefined) await print(say.backup(done.backup))
  await printOnlyHere(host, line)
  // The files of projects are not looked at by hosts.
  if (line.project) return true
  await print(say.check)
  await printCall(pasteable({ program: line.program, settingArgs: [] }, 'hosts'))
  return true
}

export const written = ({ write }: Change) => ({ backup: write() })

/** Undefined, once it is said why, where a file does not allow it. */
export async function planned<T>(language: Language, work: () => T): Promise<T | undefined> {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof HostFileError)) throw error
    await print(`${error.in(language)}\n${TEXT(language).nothing}`)
    return undefined
  }
}

export async function printChange({ host, file, line: at, lines }: Change, line: CommandLine): Promise<void> {
  const paint = paintFor(line)
  await print(TEXT(line.language).where(host.title, file, at))
  for (const { sign, text } of lines) {
    // A tab is the file's own.
    const signed = `${sign} ${text.split('\t').map(oneLine).join('\t')}`
    await put(`  ${sign === '+' ? paint.green(signed) : paint.red(signed)}\n`)
  }
}

const isAtTerminal = () => process.stdin.isTTY && process.stdout.isTTY
const callOf = (words: readonly string[], line: CommandLine) =>
  pasteable(line, ...words, ...(line.project ? ['--project'] : []))

/** @throws UsageError where nobody can be asked, and --yes is not given */
export async function isWanted(question: string, words: readonly string[], line: CommandLine): Promise<boolean> {
  if (line.yes) return true
  const say = TEXT(line.language)
  if (!isAtTerminal()) throw new UsageError(say.refused(unbroken(callOf([...words, '--yes'], line))))
  const answer = await answerTo(question)
  if (/^(y|yes|是)$/i.test(answer ?? '')) return true
  await print(say.nothing)
  return false
}

/** A host has an environment of its own. */
const isOfShell = (name: string, { origins }: CommandLine) =>
  name.startsWith('ALIPAY_') && origins.get(name)?.text.startsWith('the environment') === true

/** Of the settings that the host will read, or the entry carries on. */
async function printProblems(line: CommandLine): Promise<void> {
  const variables = Object.fromEntries(Object.entries(line.variables).filter(([name]) => !isOfShell(name, line)))
  const read = configOf({ ...line, variables }, TOOL_NAMES)
  if ('problems' in read) await print(problemsText(read, line.language))
}

async function printOnlyHere({ title }: FileHost, line: CommandLine): Promise<void> {
  const names = [...line.origins.keys()].filter((name) => isOfShell(name, line))
  if (names.length === 0) return
  await print(TEXT(line.language).onlyHere(names.join(', '), title))
  await printCall(pasteable(line, 'init'))
}

async function printPasted(host: FileHost | PastedHost, start: Start, line: CommandLine): Promise<void> {
  const say = TEXT(line.language)
  if (isFileHost(host)) {
    const { file, text } = pastedInto(host, start, installingFor(host, line).project)
    await print(say.pasteInto(host.title, file))
    await put(text)
  } else {
    await print(say.paste(host.title, host.where[line.language]))
    await put(`${pastedText(start)}\n`)
  }
  const [call, link] = [COMMANDS_OF_HOSTS[host.name], LINKS[host.name]]
  if (call) {
    await print(`\n${say.command}`)
    await printCall(call(start))
  }
  if (link) {
    await print(`\n${say.link}`)
    await printCall(link(start))
  }
}
