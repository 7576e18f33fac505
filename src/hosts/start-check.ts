// Starts what an entry names, as a host that was started from a desktop does, and lists its tools.
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { VERSION } from '../version.ts'
import { pathOfHosts, type Start } from './start.ts'

export type StartCheck =
  /** `isConfigured`: whether its settings are such that it does not refuse every call. */
  | { starts: true; version: string | undefined; tools: number; isConfigured: boolean }
  /** `missing`: its program is not found. `ended`: it ended before it answered. `slow`: no answer in time. */
  | { starts: false; why: 'missing' | 'ended' | 'slow' }

/** As `serve` writes it, of this version and of those before. */
const NOT_CONFIGURED = 'Not configured; every call will say so.'

// The first time npx has to fetch the package.
const WITHIN_MS = 20_000

/**
 * @param path of this process, which Windows gives to all programs of its user
 * @param within for a test
 */
export async function checkStart(start: Start, path: string, within = WITHIN_MS): Promise<StartCheck> {
  const transport = new StdioClientTransport({
    command: start.command,
    args: [...start.args],
    // Beside it a host gives what the library does: the home folder, the user's name and the like.
    env: { PATH: pathOfHosts({ platform: process.platform, path }), ...start.env },
    cwd: process.platform === 'win32' ? 'C:\\' : '/',
    stderr: 'pipe',
  })
  // It is told before the first answer. What else is written there may quote settings, and goes nowhere.
  let isConfigured = true
  transport.stderr?.on('data', (chunk) => {
    if (String(chunk).includes(NOT_CONFIGURED)) isConfigured = false
  })
  const client = new Client({ name: 'alipay-mcp-hosts', version: VERSION })
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), within)
  try {
    const options = { signal: late.signal, timeout: within }
    await client.connect(transport, options)
    const { tools } = await client.listTools(undefined, options)
    return { starts: true, version: client.getServerVersion()?.version, tools: tools.length, isConfigured }
  } catch (error) {
    if (late.signal.aborted || isTimeout(error)) return { starts: false, why: 'slow' }
    return { starts: false, why: isMissing(error) ? 'missing' : 'ended' }
  } finally {
    clearTimeout(timer)
    await client.close()
  }
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '')
const isMissing = (error: unknown) => ['ENOENT', 'EACCES', 'ENOTDIR'].includes(codeOf(error))
const isTimeout = (error: unknown) => codeOf(error) === 'REQUEST_TIMEOUT'
