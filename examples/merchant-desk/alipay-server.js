// Starts the built server over stdio, gives its tools to LangChain, and its questions to the person.
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { loadMcpTools } from '@langchain/mcp-adapters'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
/** Longer than the five minutes that the server waits for a person's answer. */
const CALL_MS = 360_000

export const isBuilt = () => existsSync(MAIN)

/** A client of our own: the one that the adapters would make shows no forms. */
export async function startAlipay({ args, env, form, onLog }) {
  const capabilities = { elicitation: { form: {} } }
  const client = new Client({ name: 'merchant-desk', version: '1.0.0' }, { capabilities })
  client.setRequestHandler(ElicitRequestSchema, ({ params }, { signal }) => form.answer(params, signal))
  const server = { command: process.execPath, args: [MAIN, 'serve', ...args], env, stderr: 'pipe' }
  const transport = new StdioClientTransport(server)
  createInterface({ input: transport.stderr }).on('line', onLog)
  await client.connect(transport)
  return {
    instructions: client.getInstructions() ?? '',
    tools: await loadMcpTools('alipay', client, { defaultToolTimeout: CALL_MS, afterToolCall: onlyText }),
    close: () => client.close(),
  }
}

/** The text of a result is complete; without this the model would read the same again as JSON, and pictures. */
function onlyText({ result: [content] }) {
  if (typeof content === 'string') return { result: content }
  return { result: content.map(({ text = '' }) => text).join('') }
}
