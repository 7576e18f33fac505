// Starts the built server as a host does and speaks to it as an MCP client.
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { VERSION } from '../../version.ts'

export interface CallAnswer {
  fields: Readonly<Record<string, unknown>>
}

export interface Host {
  call(tool: string, args: Record<string, unknown>): Promise<CallAnswer>
  /** The address of its emulator, once it has told it. */
  emulator: Promise<string>
  close(): Promise<void>
}

/**
 * @param mainFile the built main.js; of this process's environment it gets only PATH, HOME and the like
 * @param decide what the person at the host chooses when the server asks
 */
export async function startServer(mainFile: string, decide: (question: string) => string): Promise<Host> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    // The settings file in the user's config folder may name his real shop.
    args: [mainFile, 'serve', '--no-settings-file'],
    stderr: 'pipe',
  })
  let said = ''
  const emulator = new Promise<string>((resolve) => {
    transport.stderr?.on('data', (text) => {
      said += text
      const [, address] = /\(control: (http:\S+?)\)/.exec(said) ?? []
      if (address !== undefined) resolve(address)
    })
  })
  const client = new Client({ name: 'alipay-mcp-demo', version: VERSION }, { capabilities: { elicitation: {} } })
  client.setRequestHandler('elicitation/create', ({ params }) => ({
    action: 'accept',
    content: { decision: decide(params.message) },
  }))
  await client.connect(transport)
  return {
    async call(tool, args) {
      const { structuredContent } = await client.callTool({ name: tool, arguments: args })
      return { fields: { ...Object(structuredContent) } }
    },
    emulator,
    close: () => client.close(),
  }
}
