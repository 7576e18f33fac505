// A refusal of Alipay as a finding: its own words, cut to what may be shown, and what to click about it.
import type { Refusal } from '../gateway/gateway.ts'
import { adviceFor } from '../gateway/refusals/refusals.ts'
import type { Ready } from './context.ts'
import type { Item } from './finding.ts'

const LONGEST = 300

/** @param operation what was refused: `the query`, `the code` */
export function describeRefusal(operation: string, refusal: Refusal, ready: Ready): Item {
  if (refusal.not_sent !== undefined) {
    return { found: `${operation} could not be sent: ${refusal.not_sent}.`, ...AGAIN }
  }
  const { cause, remedy } = adviceFor(refusal.sub_code, refusal.code)
  const signed = refusal.verified ? '' : ' (unsigned)'
  return {
    found: `Alipay refused ${operation}${signed}: ${quoteRefusal(refusal, ready)}. ${cause.en} ${cause.zh}`,
    fix: remedy.en,
    fix_zh: remedy.zh,
  }
}

export const AGAIN = {
  fix: 'run doctor again; if it stays so, check network and proxy.',
  fix_zh: '再运行一次 doctor；仍然如此时检查网络和代理。',
}

function quoteRefusal({ code, sub_code, sub_msg, trace_id }: Refusal, ready: Ready): string {
  // A wrong signature is answered with the whole string that was signed, which helps nobody here.
  const said = sub_msg && redactText(sub_msg.replace(/[，,][^，,]*(验签字符串|解决方案)[\s\S]*$/, ''), ready)
  const trace = trace_id === undefined ? '' : `(trace id ${redactText(trace_id, ready)})`
  return [code, sub_code && redactText(sub_code, ready), said && JSON.stringify(said), trace].filter(Boolean).join(' ')
}

/** Short, and without the one secret that a gateway gets to see and could send back. */
export function redactText(words: string, { config }: Ready): string {
  const token = config.app_auth_token?.reveal()
  const text = token === undefined ? words : words.replaceAll(token, '[hidden]')
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text
}
