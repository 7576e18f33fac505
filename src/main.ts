// The alipay-mcp program: from the command line to a command. The only user of argv, the environment and exit.
import { fileURLToPath } from 'node:url'
import { type CommandLine, readCommandLine, UsageError } from './cli/command-line.ts'
import { keepCompiledCode } from './cli/compile-cache.ts'
import { settingsFilePath } from './settings/settings-file.ts'
import { VERSION } from './version.ts'

// Standard output belongs to the protocol: whatever a library prints goes elsewhere.
for (const method of ['log', 'info', 'debug', 'dir', 'table'] as const) console[method] = console.error
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    // The reader of a pipe has seen enough, as in `demo | head`.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') process.exit(0)
    process.stderr.write(`[alipay-mcp] Unexpected: ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  })
}

keepCompiledCode()

async function run(): Promise<number> {
  const commandLine = readCommandLine(process.argv.slice(2), process.env, settingsFilePath())
  if (commandLine.version) {
    process.stdout.write(`${VERSION}\n`)
    return 0
  }
  return runCommand(commandLine)
}

async function runCommand(commandLine: CommandLine): Promise<number> {
  switch (commandLine.command) {
    case 'serve':
      return (await import('./cli/serve.ts')).serve(commandLine)
    case 'demo':
      return (await import('./cli/demo.ts')).demo(fileURLToPath(import.meta.url), { open: commandLine.open })
    case 'doctor':
      return (await import('./cli/doctor.ts')).doctor(commandLine)
    case 'emulator':
      return (await import('./cli/emulator.ts')).emulator(commandLine)
    case 'ledger':
      return (await import('./cli/ledger.ts')).ledger(commandLine)
    case 'approvals':
      return (await import('./cli/approvals.ts')).approvals(commandLine)
    case 'freeze':
      return (await import('./cli/freeze.ts')).freeze(commandLine)
    case 'unfreeze':
      return (await import('./cli/freeze.ts')).unfreeze(commandLine)
    case 'settle':
      return (await import('./cli/settle.ts')).settle(commandLine)
    case 'forget':
      return (await import('./cli/forget.ts')).forget(commandLine)
    case 'help':
      process.stdout.write((await import('./cli/help.ts')).helpText())
      return 0
  }
}

run().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const usage = error instanceof UsageError
    const text =
      error instanceof Error ? ((usage ? error.message : error.stack) ?? error.message) : String(error)
    process.stderr.write(`${text}\n`)
    process.exit(usage ? 2 : 1)
  },
)
