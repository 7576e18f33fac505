// alipay-mcp help: commands, flags and variables, one line each.
import { aboutVariable, flagOf, NAMES } from '../settings/variables.ts'
import { VERSION } from '../version.ts'

export function helpText(): string {
  const variables = NAMES.map((name) => {
    const flag = flagOf(name)
    return `  ${name}${flag === undefined ? '' : `  or --${flag}`}\n      ${aboutVariable(name)}`
  })
  return `alipay-mcp ${VERSION}: an MCP server that takes Alipay (支付宝) payments.

Usage: alipay-mcp [command] [flags]
  serve      the MCP server on stdio (default; a host such as Claude Desktop starts it)
  demo       takes a payment through its whole life on the built-in emulator  [--open: you pay]
  doctor     checks settings, keys, network, clock and products, and says what to mend first  [--probe] [--json]
  emulator   runs the emulator of Alipay's gateway alone  [--port N] [--json] [--sandbox-rules]
             --keys DIR keeps ids, keys and certificates from start to start; --certificates: certificate mode
             --app-public-key FILE: your own 应用公钥 (PEM, base64 or certificate) instead of a new pair
  help       this text

Of the ledger 账本, with the same flags, files and environment as the server:
  ledger     orders, refunds, decisions, and sums per Beijing day  [--since 2026-11-01] [--order N] [--json | --csv]
             (--csv opens in Excel: a tab behind each order number keeps it a text; other programs must trim it)
  approvals  at a terminal: the refunds that wait for the merchant's yes; yes is the amount, typed
  freeze     stops all links, codes and refunds of every server with this ledger, at once  [--why TEXT]
  unfreeze   at a terminal: ends that
  resolve    asks Alipay how unfinished steps ended; --resend, at a terminal, may send a refund again
  forget     erases the free text and names of one order; numbers, amounts and times stay  --order N
Exit codes: 0 done, 1 refused or failed, 2 not understood or no terminal.

Settings, the higher place first: flags; the environment; --dotenv FILE (NAME=value lines; also --env-file FILE, at
which Node.js itself looks, too); --config FILE.json
(a flat object such as { "app_id": "..." }); settings.json in the user's config folder (--no-settings-file leaves it out).
The official server's variables (AP_APP_ID, AP_APP_KEY, ...) mean the same here, but real money must be
spelt out: AP_CURRENT_ENV=prod or ALIPAY_ENV=production.
Without credentials everything runs on the built-in emulator, and no real money moves.

${variables.join('\n')}
`
}
