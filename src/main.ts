// The alipay-mcp program: from the command line to a command. The only user of argv, the environment and exit.
import { fileURLToPath } from 'node:url'
import { type Command, type CommandLine, readCommandLine, UsageError } from './cli/command-line.ts'
import { keepCompiledCode } from './cli/compile-cache.ts'
import { languageOf } from './language.ts'
import { fromAnywhere, keepCall, programName } from './pasteable-call.ts'
import { settingsFilePath } from './settings/settings-file.ts'
import { VERSION } from './version.ts'

// Standard output belongs to the protocol: whatever a library prints goes elsewhere.
for (const method of ['log', 'info', 'debug', 'dir', 'table'] as const) console[method] = console.error
/** Commands of which nothing but their output is wanted. */
const ONLY_TELL: ReadonlySet<Command> = new Set(['help', 'config', 'hosts', 'completion', 'ledger', 'demo'])
let mayBeCutOff = true
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    // The reader of a pipe has seen enough, as in `ledger | head`: what may change something goes on all the same.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') {
      if (mayBeCutOff) process.exit(0)
      return
    }
    process.stderr.write(`[alipay-mcp] Unexpected: ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  })
}

keepCompiledCode()

async function run(): Promise<number> {
  const [, script = MAIN, ...args] = process.argv
  // What a shell asks for while somebody types: any words, perhaps unfinished.
  if (args[0] === 'complete' && args[1] === '--')
    return (await import('./cli/completion.ts')).complete(args.slice(2), languageOf(process.env))
  const called = programName(script, process.cwd())
  const commandLine = readCommandLine(args, process.env, settingsFilePath(), called, await readImport(args))
  mayBeCutOff = ONLY_TELL.has(commandLine.command)
  keepCall(commandLine.command === 'serve' ? fromAnywhere(script, commandLine) : commandLine)
  return commandLine.version ? print(`${VERSION}\n`) : RUN[commandLine.command](commandLine)
}

async function readImport(args: readonly string[]) {
  const isWanted = args.some((arg) => arg.startsWith('--import'))
  return isWanted ? (await import('./settings/imported-file.ts')).readImportedFile : undefined
}

const MAIN = fileURLToPath(import.meta.url)
/** Loaded when it is run: a server must not wait for the code of the others. Each gives the exit code. */
const RUN: Readonly<Record<Command, (line: CommandLine) => Promise<number>>> = {
  serve: async (line) => (await import('./cli/serve.ts')).serve(line),
  init: async (line) => (await import('./cli/init.ts')).init(line, started()),
  listen: async (line) => (await import('./cli/listen.ts')).listen(line, MAIN),
  demo: async (line) => (await import('./cli/demo.ts')).demo(MAIN, line),
  doctor: async (line) => (await import('./cli/doctor.ts')).doctor(line),
  install: async (line) => (await import('./cli/install.ts')).install(line, started()),
  uninstall: async (line) => (await import('./cli/uninstall.ts')).uninstall(line),
  hosts: async (line) => (await import('./cli/hosts.ts')).hosts(line, started()),
  config: async (line) => (await import('./cli/config.ts')).config(line),
  call: async (line) => (await import('./cli/call.ts')).call(line, MAIN, process.env),
  completion: async (line) => (await import('./cli/completion.ts')).completion(line, MAIN),
  emulator: async (line) => (await import('./cli/emulator.ts')).emulator(line),
  ledger: async (line) => (await import('./cli/ledger.ts')).ledger(line),
  approvals: async (line) => (await import('./cli/approvals.ts')).approvals(line),
  close: async (line) => (await import('./cli/close.ts')).close(line),
  freeze: async (line) => (await import('./cli/freeze.ts')).freeze(line),
  unfreeze: async (line) => (await import('./cli/freeze.ts')).unfreeze(line),
  resolve: async (line) => (await import('./cli/resolve.ts')).resolve(line),
  'charge-due': async (line) => (await import('./cli/charge-due.ts')).chargeDue(line),
  delivered: async (line) => (await import('./cli/delivered.ts')).delivered(line),
  forget: async (line) => (await import('./cli/forget.ts')).forget(line),
  help: async (line) => (await import('./cli/help.ts')).help(line),
}

/** For what a host is given to start this program by. */
const started = () => ({ script: process.argv[1] ?? MAIN, path: process.env.PATH ?? '', env: process.env })

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

run().then(
  (code) => process.exit(code),
  async (error: unknown) => {
    if (error instanceof UsageError) {
      const { wrapped } = await import('./cli/terminal.ts')
      process.stderr.write(`${wrapped(error.message)}\n`)
      process.exit(2)
    }
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    process.exit(1)
  },
)
