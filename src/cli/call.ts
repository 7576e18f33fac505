// alipay-mcp call: a tool from the terminal, through the server that a host would start, with its questions asked here.
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { NO, YES } from '../approval/chat.ts'
import { amountIn } from '../approval/question.ts'
import { inLanguages, type Language } from '../language.ts'
import type { Variables } from '../settings/sources.ts'
import { VERSION } from '../version.ts'
import { type CallableTool, readCallWords } from './call/call-words.ts'
import type { CommandLine } from './command-line.ts'
import { questionIn } from './question-lines.ts'
import { answerWithAmount, print, put, wrapped } from './terminal.ts'

const TEXT = inLanguages({
  tools: {
    en: (program: string) => `Tools that this server offers; ${program} call TOOL key=value ...`,
    zh: (program: string) => `服务器提供的工具；用法：${program} call 工具 key=value ...`,
  },
  local: {
    en: (emulator: string) =>
      `The emulator of this call ends with it, and its orders too. To go on with an order, run "${emulator} > emulator.env" in another terminal, and each call with --dotenv emulator.env --data-dir "$PWD/ledger".`,
    zh: (emulator: string) =>
      `内置模拟器随这次调用一起结束，订单也不保留。要继续处理订单，请在另一个终端运行 ${emulator} > emulator.env，每次调用都加上 --dotenv emulator.env --data-dir "$PWD/ledger"。`,
  },
})

// A person may be asked, who gets five minutes; the longest tool takes less than one.
const WITHIN_MS = 420_000

/** 0: done; 1: the tool answered with an error. @param env what the server gets of it: all */
export async function call(line: CommandLine, mainFile: string, env: Variables): Promise<number> {
  const client = clientFor(line)
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [mainFile, 'serve', ...line.settingArgs],
    env: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    stderr: 'inherit',
  })
  try {
    await client.connect(transport)
    const { tools } = await client.listTools()
    return line.operands.length === 0 ? await listed(tools, line) : await called(client, tools, line)
  } finally {
    await client.close()
  }
}

/** Where nobody can be asked it says so: the server then goes its other ways. */
function clientFor({ language }: CommandLine): Client {
  const isAsked = process.stdin.isTTY && process.stdout.isTTY
  const about = { name: 'alipay-mcp-call', version: VERSION }
  const client = new Client(about, { capabilities: isAsked ? { elicitation: {} } : {} })
  if (isAsked) client.setRequestHandler('elicitation/create', ({ params }) => decision(params.message, language))
  return client
}

async function listed(tools: readonly (CallableTool & { title?: string | undefined })[], line: CommandLine) {
  if (line.json) {
    await put(`${JSON.stringify(tools)}\n`)
    return 0
  }
  await print(TEXT(line.language).tools(line.program))
  for (const { name, title, inputSchema } of tools) {
    await print(`\n${name}: ${title ?? ''}\n  ${Object.keys(inputSchema.properties ?? {}).join(', ')}`)
  }
  return 0
}

async function called(client: Client, tools: readonly CallableTool[], line: CommandLine): Promise<number> {
  const { name, args } = readCallWords(line.operands, tools, line.language)
  const result = await client.callTool({ name, arguments: args }, { timeout: WITHIN_MS })
  const { content, structuredContent, isError } = result
  if (line.json) await put(`${JSON.stringify(structuredContent)}\n`)
  else for (const part of content) if (part.type === 'text') await print(inOne(part.text, line.language))
  const isOwnEmulator = Object(structuredContent).environment === 'local' && !line.variables.ALIPAY_GATEWAY
  if (isOwnEmulator) process.stderr.write(`${wrapped(TEXT(line.language).local(`${line.program} emulator`))}\n`)
  return isError === true ? 1 : 0
}

/** The message in one language; the lines of facts stay as a model reads them. */
function inOne(text: string, language: Language): string {
  const [message = '', ...lines] = text.split('\n')
  const zh = lines.find((one) => one.startsWith(IN_CHINESE))?.slice(IN_CHINESE.length)
  const facts = lines.filter((one) => !one.startsWith(IN_CHINESE))
  return [language === 'zh' ? (zh ?? message) : message, ...facts].join('\n')
}

const IN_CHINESE = 'message_zh: '

/** Typing the amount is the yes: whoever does that has read it. */
async function decision(question: string, language: Language) {
  await print(`\n${questionIn(language, question)}`)
  const amount = amountIn(question)
  const answer = amount === undefined ? 'unclear' : await answerWithAmount(amount, language)
  if (answer === 'yes' || answer === 'no')
    return { action: 'accept' as const, content: { decision: answer === 'yes' ? YES : NO } }
  return { action: 'cancel' as const }
}
