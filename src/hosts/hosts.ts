// The hosts that install knows: their files, the shape of an entry in each, and which are on this computer.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { agents } from 'add-mcp'
import type { Both } from '../language.ts'
import type { Place } from './plan.ts'
import type { Start } from './start.ts'
import { type Entry, isObject, plain, SERVER, valueAt } from './text-format.ts'

/** A host whose file is edited. */
export interface FileHost {
  name: string
  title: string
  /** Of its user. */
  file: string
  /** Inside a project; undefined where the host has none. */
  projectFile: ((folder: string) => string) | undefined
  format: Place['format']
  /** @param data what its file holds */
  keyIn: (data: unknown) => readonly string[]
  entryOf: (start: Start, place: { key: readonly string[]; isProject: boolean }) => Entry
  isHere: () => Promise<boolean>
}

/** A host in whose window a person pastes, or opens a link. */
export interface PastedHost {
  name: string
  title: string
  where: Both
}

type Agent = (typeof agents)[keyof typeof agents]

/** The table of add-mcp, which is kept up with the hosts: their paths, keys, formats and words. */
export const FILE_HOSTS: readonly FileHost[] = Object.values(agents).map(fileHost)

function fileHost(agent: Agent): FileHost {
  const { name, displayName, format, localConfigPath, resolveConfigPath } = agent
  const resolved = (local: boolean, cwd: string) => resolveConfigPath?.(agent, { local, cwd })
  return {
    name,
    title: displayName,
    file: resolved(false, '/') ?? agent.configPath,
    projectFile:
      localConfigPath === undefined ? undefined : (folder) => resolved(true, folder) ?? join(folder, localConfigPath),
    format,
    keyIn: (data) => (name === 'opencode' && hasNativeMap(data) ? ['mcp', 'servers'] : agent.configKey.split('.')),
    entryOf: ({ command, args, env }, { key, isProject }) => {
      const config = { command, args: [...args], ...(Object.keys(env).length > 0 && { env: { ...env } }) }
      const entry = plain(agent.transformConfig(SERVER, config, { local: isProject, configKey: key.join('.') }))
      return Object.fromEntries(Object.entries(isObject(entry) ? entry : {}).filter(([, value]) => value !== undefined))
    },
    isHere: async () => existsSync(agent.configPath) || (await isInstalled(agent)),
  }
}

/** add-mcp takes the folder of all configurations for that of Copilot CLI, where a variable names it. */
const isInstalled = (agent: Agent) =>
  agent.name === 'github-copilot-cli' ? existsSync(join(homedir(), '.copilot')) : agent.detectGlobalInstall()

/** OpenCode's newer layout, unless `servers` is itself the name of a server. */
function hasNativeMap(data: unknown): boolean {
  const servers = valueAt(data, ['mcp', 'servers'])
  return isObject(servers) && !['type', 'url', 'command'].some((name) => Object.hasOwn(servers, name))
}

export const PASTED_HOSTS: readonly PastedHost[] = [
  {
    name: 'cherry-studio',
    title: 'Cherry Studio',
    where: {
      en: 'Settings > MCP Servers > Add > Import from JSON',
      zh: '设置 > MCP 服务器 > 添加 > 从 JSON 导入',
    },
  },
  {
    name: 'lm-studio',
    title: 'LM Studio',
    where: { en: 'Program > Install > Edit mcp.json', zh: 'Program > Install > Edit mcp.json' },
  },
  {
    name: 'trae',
    title: 'Trae',
    where: { en: 'Settings > MCP > Add > Add Manually', zh: '设置 > MCP > 添加 > 手动添加' },
  },
  {
    name: 'trae-cn',
    title: 'Trae CN',
    where: { en: 'Settings > MCP > Add > Add Manually', zh: '设置 > MCP > 添加 > 手动添加' },
  },
  {
    name: 'qoder',
    title: 'Qoder',
    where: { en: 'Qoder Settings > MCP > My Servers > Add', zh: 'Qoder 设置 > MCP > 我的服务 > 添加' },
  },
  {
    name: 'lingma',
    title: '通义灵码',
    where: {
      en: 'the account menu > Personal settings > MCP > Add > Configuration file',
      zh: '个人设置 > MCP 服务 > 添加 > 通过配置文件添加',
    },
  },
]

export const HOST_NAMES: readonly string[] = [...FILE_HOSTS, ...PASTED_HOSTS].map(({ name }) => name)

export const hostNamed = (name: string): FileHost | PastedHost | undefined =>
  FILE_HOSTS.find((host) => host.name === name) ?? PASTED_HOSTS.find((host) => host.name === name)

export const isFileHost = (host: FileHost | PastedHost): host is FileHost => 'file' in host

/** Those on this computer whose files can be edited. */
export async function foundHosts(): Promise<readonly FileHost[]> {
  const here = await Promise.all(FILE_HOSTS.map((host) => host.isHere()))
  return FILE_HOSTS.filter((_, at) => here[at])
}
