// The merchant's desk: a chat at the terminal in which an assistant takes Alipay payments and the merchant approves refunds.
import { createDesk } from './agent.js'
import { isBuilt, startAlipay } from './alipay-server.js'
import { ApprovalForm } from './approval-form.js'
import { isScripted, openModel } from './model.js'
import { Terminal } from './terminal.js'
import { wordsFor } from './words.js'

const { env } = process
const args = process.argv.slice(2)
const words = wordsFor(env)
const fault = faultOfStart()
if (fault === undefined) await open()
else {
  console.error(fault)
  process.exitCode = 2
}

function faultOfStart() {
  if (!isBuilt()) return words.notBuilt
  if (isScripted(env)) return args.length > 0 ? words.noSettings : undefined
  return env.OPENAI_MODEL ? undefined : words.noModelName
}

/** What the server may see: never the key of the model, and no settings of yours where a script gives the answers. */
function serverStart() {
  const withheld = isScripted(env) ? /^(OPENAI|ALIPAY)_/ : /^OPENAI_/
  const passed = Object.entries(env).filter(([name]) => !withheld.test(name))
  return { args: isScripted(env) ? ['--no-settings-file'] : args, env: Object.fromEntries(passed) }
}

async function open() {
  const terminal = new Terminal(process.stdin, process.stdout)
  terminal.say(isScripted(env) ? words.scripted : words.model(env.OPENAI_MODEL))
  const form = new ApprovalForm(terminal, words)
  const model = await openModel(env)
  try {
    const server = await startAlipay({ ...serverStart(), form, onLog: (line) => terminal.say(line) })
    const desk = createDesk({ model: model.chat, ...server, onCall: (name) => terminal.say(words.calls(name)) })
    terminal.say(`${words.start}\n`)
    await chat(terminal, form, desk).finally(server.close)
  } catch (error) {
    terminal.say(words.noServer(error.message))
    process.exitCode = 1
  } finally {
    terminal.close()
    await model.close()
  }
}

async function chat(terminal, form, desk) {
  while (!terminal.stopped.aborted) {
    const sentence = (await terminal.line(words.you))?.trim()
    if (sentence === undefined || ['exit', 'quit', '退出'].includes(sentence)) return
    if (sentence === '') continue
    form.newSentence()
    try {
      for await (const piece of desk.answer(sentence, terminal.stopped)) terminal.write(piece)
    } catch (error) {
      if (!terminal.stopped.aborted) terminal.say(words.failed(error.message))
    }
    terminal.say('')
  }
}
