// Compares the clock of this computer with the gateway's: links and codes expire by Alipay's.
import type { Check, Ready } from './context.ts'
import { ok, skipped, warning } from './finding.ts'

const FAR_MS = 120_000

export const CLOCK_CHECK: Check<Ready> = {
  title: 'Clock 时钟',
  async run({ hello }) {
    const answer = await hello()
    // The header is cut to whole seconds.
    const gateway = Date.parse((answer.kind === 'answered' && answer.date) || '') + 500
    if (Number.isNaN(gateway)) return skipped({ found: 'the gateway did not say what time it is.' })
    const ahead = Date.now() - gateway
    const side = ahead < 0 ? 'behind' : 'ahead of'
    const found = `This computer is ${inWords(Math.abs(ahead))} ${side} the gateway.`
    if (Math.abs(ahead) <= FAR_MS) return ok(found)
    return warning({
      found,
      fix: "set the clock of this computer by the network (NTP); until then this server goes by Alipay's.",
      fix_zh: '打开系统的网络校时（NTP）；在此之前本服务按支付宝的时钟计算过期时间。',
    })
  },
}

function inWords(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds <= 2) return 'less than 3 seconds'
  if (seconds < 120) return `${seconds} seconds`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} minutes`
  return `${Math.round(minutes / 60)} hours (${minutes} minutes)`
}
