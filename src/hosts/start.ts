// How a host starts this server: in the form in which install was run, pinned, and such that it runs with the host's PATH.
import { posix, win32 } from 'node:path'
import { isObject } from './text-format.ts'

export interface Start {
  command: string
  args: readonly string[]
  /** PATH and folders where the program needs them, and nothing else: settings and keys never come here. */
  env: Readonly<Record<string, string>>
}

/** This program and the computer that it runs on. */
export interface Program {
  platform: NodeJS.Platform
  /** Node, without links. */
  node: string
  /** As Node was given it: main.js, or the link to it that npm made. */
  script: string
  /** main.js itself, without links. */
  main: string
  version: string
  /** The version of libsql that npx was told to bring along, which a Node.js without SQLite needs. */
  libsql?: string | undefined
  path: string
  /** Variables that name the folders of settings and ledger, where they are not where they usually are. */
  folders: Readonly<Record<string, string>>
  /** Of a path, without links; undefined where nothing is there. */
  realPath: (path: string) => string | undefined
}

/** @param settingArgs the flags of this call that say whose settings are meant, files by their whole path */
export function startOf(program: Program, settingArgs: readonly string[]): Start {
  const node = lastingNode(program)
  const { folders } = program
  if (!/[\\/]_npx[\\/]/.test(program.script)) {
    return { command: node, args: [program.main, ...settingArgs], env: folders }
  }
  const pinned = `alipay-mcp@${program.version}`
  const packages = program.libsql ? ['-p', pinned, '-p', `libsql@${program.libsql}`, 'alipay-mcp'] : [pinned]
  const args = ['-y', ...packages, ...settingArgs]
  const isWindows = program.platform === 'win32'
  if (isNodeOfHosts(program)) {
    return isWindows
      ? { command: 'cmd', args: ['/c', 'npx', ...args], env: folders }
      : { command: 'npx', args, env: folders }
  }
  const { join, dirname, delimiter } = isWindows ? win32 : posix
  const folder = dirname(node)
  // What npx starts looks for node by itself.
  const env = { ...folders, PATH: [folder, pathOfHosts(program)].join(delimiter) }
  const npx = join(folder, 'node_modules', 'npm', 'bin', 'npx-cli.js')
  return isWindows ? { command: node, args: [npx, ...args], env } : { command: join(folder, 'npx'), args, env }
}

const SYSTEM_PATHS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: '/usr/bin:/bin:/usr/sbin:/sbin',
  win32: 'C:\\Windows\\System32;C:\\Windows;C:\\Windows\\System32\\Wbem',
}

/** What a program that was started from a desktop finds commands by. Windows gives each the PATH of its user. */
export function pathOfHosts({ platform, path }: Pick<Program, 'platform' | 'path'>): string {
  if (platform === 'win32' && !isOfOneShell(path)) return path
  return SYSTEM_PATHS[platform] ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
}

/** fnm makes a folder for each shell, and removes it. */
const isOfOneShell = (path: string) => /fnm_multishells/i.test(path)

/** Whether the `node` that a host finds is this one, so that the `npx` beside it is, too. */
function isNodeOfHosts(program: Program): boolean {
  const { join, delimiter } = program.platform === 'win32' ? win32 : posix
  const name = program.platform === 'win32' ? 'node.exe' : 'node'
  const folders = pathOfHosts(program).split(delimiter).filter(Boolean)
  const first = folders.map((folder) => program.realPath(join(folder, name))).find((found) => found !== undefined)
  const same = (path: string) => (program.platform === 'win32' ? path.toLowerCase() : path)
  return first !== undefined && same(first) === same(program.node)
}

/** Homebrew keeps each version in a folder of its own, which the next one replaces; its link stays. */
function lastingNode({ node, realPath }: Program): string {
  const link = node.replace(/\/Cellar\/([^/]+)\/[^/]+\/bin\/node$/, '/opt/$1/bin/node')
  return link !== node && realPath(link) === node ? link : node
}

/** What an entry starts, in whichever words its host has for that; undefined for what starts nothing. */
export function startIn(entry: unknown): Start | undefined {
  if (!isObject(entry)) return undefined
  const { command, cmd, args, env, envs, environment } = entry
  const [first, ...others] = [command ?? cmd, args].flatMap((part) => (Array.isArray(part) ? part : part ? [part] : []))
  if (typeof first !== 'string') return undefined
  const variables = [env, envs, environment].find(isObject) ?? {}
  return {
    command: first,
    args: others.map(String),
    env: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)])),
  }
}

const NPX_NAME = /^alipay-mcp(?:@([\w.+-]+))?$/
const PROGRAM_FILE = /(^|[\\/])alipay-mcp(\.cmd|\.exe|\.ps1)?$|[\\/]alipay-mcp[\\/]dist[\\/]main\.js$/

/** The version of this program to which a main.js belongs; undefined where it is another program's, or not there. */
export type VersionAt = (main: string) => string | undefined

/** Of a path on any platform, without what Windows puts behind it. */
const programName = (path: string) =>
  path
    .replace(/^.*[\\/]/, '')
    .replace(/\.(cmd|exe|ps1|bat)$/i, '')
    .toLowerCase()
const isNode = (path: string) => /^(node|nodejs|bun)$/.test(programName(path))
const isFlag = (word: string) => word.startsWith('-')
const isAssignment = (word: string) => /^[A-Za-z_]\w*=/.test(word)

/** The words from the program on that does the work: behind cmd, env, and Node.js where that runs npx. */
function workWords(words: readonly string[]): readonly string[] {
  const [command = '', ...args] = words
  const name = programName(command)
  if (name === 'cmd' && /^\/c$/i.test(args[0] ?? '')) return workWords(args.slice(1))
  if (name === 'env' && args.length > 0)
    return workWords(isAssignment(args[0] ?? '') ? [command, ...args.slice(1)] : args)
  const script = args.findIndex((word) => !isFlag(word))
  const isNpx = isNode(command) && programName(args[script] ?? '') === 'npx-cli.js'
  return isNpx ? ['npx', ...args.slice(script + 1)] : words
}

/** What fetches a package and runs it, with the word that tells it so. */
const RUNNERS: Readonly<Record<string, RegExp | undefined>> = {
  npx: undefined,
  bunx: undefined,
  npm: /^(exec|x)$/,
  pnpm: /^dlx$/,
}
const PACKAGE_FLAG = /^(?:-p|--package)(?:=(.*))?$/
const FLAG_WITH_VALUE = /^(-p|--package|--registry|--prefix|--cache|--userconfig|-C|--dir)$/

/** What npx and the like are told to run, and before it the packages that they are told to bring along. */
function fetched(start: Start): { packages: readonly string[]; runs: string } | undefined {
  const [command = '', ...args] = workWords([start.command, ...start.args])
  const name = programName(command)
  if (!Object.hasOwn(RUNNERS, name)) return undefined
  const isValue = (at: number) => FLAG_WITH_VALUE.test(args[at - 1] ?? '')
  const words = args.flatMap((word, at) => (isFlag(word) || isValue(at) ? [] : [at]))
  const subcommand = RUNNERS[name]
  if (subcommand && !subcommand.test(args[words[0] ?? -1] ?? '')) return undefined
  const runs = words[subcommand ? 1 : 0]
  if (runs === undefined) return undefined
  const packages = args.slice(0, runs).flatMap((word, at) => {
    const [flag, value] = PACKAGE_FLAG.exec(word) ?? []
    return flag === undefined ? [] : [value ?? args[at + 1] ?? '']
  })
  return { packages, runs: args[runs] ?? '' }
}

/** The files that may be the program: what is started, or the script that Node is given. */
function programFiles(start: Start): readonly string[] {
  const [command = '', ...args] = workWords([start.command, ...start.args])
  const script = isNode(command) ? args.find((word) => !isFlag(word)) : undefined
  return script === undefined ? [command] : [command, script]
}

export function isOurs(start: Start, versionAt: VersionAt): boolean {
  const isProgram = (file: string) => PROGRAM_FILE.test(file) || versionAt(file) !== undefined
  return NPX_NAME.test(fetched(start)?.runs ?? '') || programFiles(start).some(isProgram)
}

/** The version that an entry is pinned to, or that lies at its path. */
export function versionOf(start: Start, versionAt: VersionAt): string | undefined {
  const { packages = [], runs = '' } = fetched(start) ?? {}
  const pinned = [...packages, runs].map((word) => NPX_NAME.exec(word)?.[1])
  return [...pinned, ...programFiles(start).map(versionAt)].find((version) => version !== undefined)
}
