// alipay-mcp emulator: the emulator of Alipay's gateway alone, for any SDK in any language.
import { type Emulator, startEmulator } from '../emulator/emulator.ts'
import { type CommandLine, UsageError } from './command-line.ts'

/** Prints how to reach it, then runs until SIGTERM or SIGINT. */
export async function emulator({ variables, json, sandboxRules }: CommandLine): Promise<number> {
  const port = Number(variables.ALIPAY_EMULATOR_PORT ?? 0)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError('--port takes a whole number from 0 to 65535.')
  }
  const running = await startEmulator({ port, sandboxRules }).catch((error) => {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  })
  process.stdout.write(json ? jsonLine(running) : envLines(running))
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  await running.close()
  return 0
}

function jsonLine({ gateway, app_id, private_key, alipay_public_key, control_url }: Emulator): string {
  return `${JSON.stringify({ gateway, app_id, private_key, alipay_public_key, control_url })}\n`
}

/** Fit for --env-file. */
function envLines({ gateway, app_id, private_key, alipay_public_key, control_url }: Emulator): string {
  return [
    "# Local emulator of Alipay's gateway 支付宝网关本地模拟器: no real money. New keys at each start.",
    `# Control: curl -s ${control_url}`,
    'ALIPAY_ENV=local',
    `ALIPAY_GATEWAY=${gateway}`,
    `ALIPAY_APP_ID=${app_id}`,
    `ALIPAY_PRIVATE_KEY=${private_key}`,
    `ALIPAY_PUBLIC_KEY=${alipay_public_key}`,
    '',
  ].join('\n')
}
