// alipay-mcp help: commands, flags and variables, one line each.
import { aboutVariable, flagOf, NAMES } from '../variables.ts'
import { VERSION } from '../version.ts'

export function helpText(): string {
  const variables = NAMES.map((name) => {
    const flag = flagOf(name)
    return `  ${name}${flag === undefined ? '' : `  or --${flag}`}\n      ${aboutVariable(name)}`
  })
  return `alipay-mcp ${VERSION}: an MCP server that takes Alipay (支付宝) payments.

Usage: alipay-mcp [command] [flags]
  serve      the MCP server on stdio (default; a host such as Claude Desktop starts it)
  demo       takes a payment through its whole life on the built-in emulator
  emulator   runs the emulator of Alipay's gateway alone  [--port N] [--json] [--sandbox-rules]
  help       this text

Flags win over the environment, the environment over the file given with --env-file FILE.
Without credentials everything runs on the built-in emulator, and no real money moves.

${variables.join('\n')}
`
}
