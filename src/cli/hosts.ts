// alipay-mcp hosts: which hosts are here, which have this server and in which version, and whether it starts there.
import { FILE_HOSTS, type FileHost, foundHosts, PASTED_HOSTS } from '../hosts/hosts.ts'
import { installedIn } from '../hosts/install.ts'
import { type Started, versionAt } from '../hosts/program.ts'
import { HostFileError } from '../hosts/refusals.ts'
import { isOurs, type Start, startIn, versionOf } from '../hosts/start.ts'
import { checkStart, type StartCheck } from '../hosts/start-check.ts'
import { inLanguages, type Language } from '../language.ts'
import { pasteable } from '../pasteable-call.ts'
import { VERSION } from '../version.ts'
import type { CommandLine } from './command-line.ts'
import { formatTable } from './table.ts'
import { paintFor, print, printCall, put, terminalColumns } from './terminal.ts'

const TEXT = inLanguages({
  host: { en: 'host', zh: '宿主程序' },
  name: { en: 'name', zh: '名称' },
  server: { en: 'alipay-mcp', zh: 'alipay-mcp' },
  starts: { en: 'starts', zh: '能否启动' },
  no: { en: 'no', zh: '没有' },
  other: { en: 'another program', zh: '别的程序' },
  unreadable: { en: 'unreadable', zh: '读不了' },
  yes: {
    en: (tools: number) => `yes, ${tools} tools`,
    zh: (tools: number) => `可以，${tools} 个工具`,
  },
  unconfigured: { en: 'yes, but not configured', zh: '可以，但配置有误' },
  missing: { en: 'no: its program is not found', zh: '不能：找不到程序' },
  ended: { en: 'no: it ends at once', zh: '不能：一启动就退出' },
  slow: { en: 'no: no answer within 20 s', zh: '不能：20 秒内没有响应' },
  unknown: { en: 'version unknown', zh: '版本未知' },
  none: { en: 'No host that is known here was found.', zh: '没有找到已知的宿主程序。' },
  elsewhere: {
    en: (names: string) => `\nNot found here: ${names}.`,
    zh: (names: string) => `\n本机没有找到：${names}。`,
  },
  pasted: {
    en: (names: string) => `In their own windows: ${names}.`,
    zh: (names: string) => `在各自界面里添加：${names}。`,
  },
  add: { en: 'To add it to a host:', zh: '添加到宿主程序：' },
  doctor: { en: 'To see what is wrong with the settings:', zh: '查看配置有什么问题：' },
  again: { en: 'Where it does not start, or is older, install it again:', zh: '不能启动或版本较旧时，请重新安装：' },
})

interface Row {
  host: FileHost
  /** Of our entry, or of one with our name. */
  start: Start | undefined
  isOurs: boolean
  version: string | undefined
  check: StartCheck | undefined
  problem: HostFileError | undefined
}

/** 1: where it is, it does not start or is not configured, or a file cannot be read. */
export async function hosts(line: CommandLine, { path }: Started): Promise<number> {
  const here = await foundHosts()
  const rows = await withChecks(here.map(rowOf), path)
  const isWrong = rows.some(({ check, problem }) => problem !== undefined || (check && !isWell(check)))
  if (line.json) {
    await put(`${JSON.stringify({ version: VERSION, hosts: rows.map((row) => fields(row, line.language)) })}\n`)
    return isWrong ? 1 : 0
  }
  const say = TEXT(line.language)
  if (rows.length === 0) await print(say.none)
  else await put(`${tableText(rows, line)}\n`)
  for (const { problem } of rows) if (problem) await print(`\n${problem.in(line.language)}`)
  const others = FILE_HOSTS.filter((host) => !here.includes(host)).map(({ name }) => name)
  await print(say.elsewhere(others.join(', ')))
  await print(say.pasted(PASTED_HOSTS.map(({ name }) => name).join(', ')))
  const unconfigured = rows.flatMap(({ start, check }) =>
    start && check?.starts && !check.isConfigured ? [start] : [],
  )
  const looks = unconfigured.map((start) =>
    pasteable({ program: line.program, settingArgs: settingWords(start) }, 'doctor'),
  )
  if (looks.length > 0) await print(say.doctor)
  for (const look of new Set(looks)) await printCall(look)
  const again = rows.some(({ check, version }) => check && (!check.starts || version !== VERSION))
  await print(again ? say.again : say.add)
  await printCall(`${line.program} install ${again ? 'HOST' : (rows.find(({ start }) => !start)?.host.name ?? 'HOST')}`)
  return isWrong ? 1 : 0
}

function rowOf(host: FileHost): Row {
  const nothing = { host, start: undefined, isOurs: false, version: undefined, check: undefined, problem: undefined }
  try {
    const start = startIn(installedIn(host))
    if (!start) return nothing
    return { ...nothing, start, isOurs: isOurs(start, versionAt), version: versionOf(start, versionAt) }
  } catch (error) {
    return { ...nothing, problem: HostFileError.of(error, host.file) }
  }
}

/** What is the same in several hosts is started once; nothing of another program is started. */
async function withChecks(rows: readonly Row[], path: string): Promise<readonly Row[]> {
  const checks = new Map<string, Promise<StartCheck>>()
  const checked = (start: Start) => {
    const key = JSON.stringify(start)
    const check = checks.get(key) ?? checkStart(start, path)
    checks.set(key, check)
    return check
  }
  return Promise.all(
    rows.map(async (row) => {
      if (!row.isOurs || !row.start) return row
      const check = await checked(row.start)
      return { ...row, check, version: (check.starts ? check.version : undefined) ?? row.version }
    }),
  )
}

function fields({ host, start, isOurs: ours, version, check, problem }: Row, language: Language) {
  return {
    name: host.name,
    title: host.title,
    file: host.file,
    installed: ours,
    ...(start && !ours && { other_program: true }),
    ...(ours && { version, starts: check?.starts === true }),
    ...(check?.starts === true && { tools: check.tools, configured: check.isConfigured }),
    ...(check?.starts === false && { why: check.why }),
    ...(problem && { problem: problem.in(language) }),
  }
}

/** Behind the program that is started: its flags, if it has any. */
const settingWords = ({ args }: Start) =>
  args.filter((_, at) => args.slice(0, at + 1).some((word) => word.startsWith('--')))

const isWell = (check: StartCheck) => check.starts && check.isConfigured

function startText(check: StartCheck, language: Language): string {
  const say = TEXT(language)
  if (!check.starts) return say[check.why]
  return check.isConfigured ? say.yes(check.tools) : say.unconfigured
}

function tableText(rows: readonly Row[], line: CommandLine): string {
  const say = TEXT(line.language)
  const paint = paintFor(line)
  const failures = [say.unconfigured, say.missing, say.ended, say.slow]
  const columns = [
    { key: 'host', title: say.host, kind: 'text' },
    { key: 'name', title: say.name, kind: 'state' },
    { key: 'server', title: say.server, kind: 'state' },
    {
      key: 'starts',
      title: say.starts,
      kind: 'state',
      paint: (cut: string, whole: string) => (failures.includes(whole) ? paint.red(cut) : paint.green(cut)),
    },
  ] as const
  const cells = rows.map(({ host, start, isOurs: ours, version, check, problem }) => ({
    host: host.title,
    name: host.name,
    server: problem ? say.unreadable : ours ? (version ?? say.unknown) : start ? say.other : say.no,
    starts: check ? startText(check, line.language) : '',
  }))
  return formatTable(columns, cells, { columns: terminalColumns(), paint }).text
}
