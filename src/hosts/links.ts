// Links and one-liners by which a host takes a server without a file being edited. Pure text.
import { quoted } from '../pasteable-call.ts'
import type { Start } from './start.ts'
import { type Entry, SERVER } from './text-format.ts'

/** As most hosts describe a server. */
export const plainEntry = ({ command, args, env }: Start): Entry => ({
  command,
  args,
  ...(Object.keys(env).length > 0 && { env }),
})

/** What a host's window takes where servers are pasted. */
export const pastedText = (start: Start) => JSON.stringify({ mcpServers: { [SERVER]: plainEntry(start) } }, null, 2)

const base64 = (content: unknown) => encodeURIComponent(Buffer.from(JSON.stringify(content)).toString('base64'))
const inJson = (content: unknown) => encodeURIComponent(JSON.stringify(content))

/** By the host's name: the link that its program takes. */
export const LINKS: Readonly<Record<string, (start: Start) => string>> = {
  cursor: (start) =>
    `cursor://anysphere.cursor-deeplink/mcp/install?name=${SERVER}&config=${base64(plainEntry(start))}`,
  vscode: (start) => `vscode:mcp/install?${inJson({ name: SERVER, ...plainEntry(start) })}`,
  'lm-studio': (start) => `lmstudio://add_mcp?name=${SERVER}&config=${base64(plainEntry(start))}`,
  'cherry-studio': (start) =>
    `cherrystudio://mcp/install?servers=${base64({ mcpServers: { [SERVER]: plainEntry(start) } })}`,
  trae: (start) => `trae://trae.ai-ide/mcp-import?type=stdio&name=${SERVER}&config=${base64(plainEntry(start))}`,
  'trae-cn': (start) =>
    `trae-cn://trae.ai-ide/mcp-import?type=stdio&name=${SERVER}&config=${base64(plainEntry(start))}`,
}

/** The same as pages that send a browser on to the program, for places where only https can be a link. */
export const WEB_LINKS: Readonly<Record<string, (start: Start) => string>> = {
  cursor: (start) => `https://cursor.com/en/install-mcp?name=${SERVER}&config=${base64(plainEntry(start))}`,
  vscode: (start) =>
    `https://insiders.vscode.dev/redirect/mcp/install?name=${SERVER}&config=${inJson(plainEntry(start))}`,
  'lm-studio': (start) => `https://lmstudio.ai/install-mcp?name=${SERVER}&config=${base64(plainEntry(start))}`,
}

/** By the host's name: the command of its own that adds a server. */
export const COMMANDS_OF_HOSTS: Readonly<Record<string, (start: Start) => string>> = {
  'claude-code': (start) => addCall('claude mcp add -s user', '-e', start),
  codex: (start) => addCall('codex mcp add', '--env', start),
}

function addCall(add: string, flag: string, { command, args, env }: Start): string {
  const variables = Object.entries(env).map(([name, value]) => `${flag} ${quoted(`${name}=${value}`)} `)
  return `${add} ${SERVER} ${variables.join('')}-- ${[command, ...args].map(quoted).join(' ')}`
}
