// A refusal of Alipay as a finding: its own words, cut to what may be shown, and what to click about it.
import type { Refusal } from '../gateway/gateway.ts'
import { adviceFor } from '../gateway/refusals/refusals.ts'
import type { Both } from '../language.ts'
import type { Ready } from './context.ts'
import { type Item, translated } from './finding.ts'

const LONGEST = 300

/** @param operation what was refused */
export function describeRefusal(operation: Both, refusal: Refusal, ready: Ready): Item {
  if (refusal.not_sent !== undefined) {
    const why = translated(refusal.not_sent)
    return {
      found: { en: `${operation.en} could not be sent: ${why.en}.`, zh: `${operation.zh}没有发出：${why.zh}。` },
      fix: AGAIN,
    }
  }
  const { cause, remedy } = adviceFor(refusal.sub_code, refusal.code)
  const quoted = quoteRefusal(refusal, ready)
  const signed = refusal.verified ? { en: '', zh: '' } : { en: ' (unsigned)', zh: '（未签名）' }
  return {
    found: {
      en: `Alipay refused ${operation.en}${signed.en}: ${quoted}. ${cause.en}`,
      zh: `支付宝拒绝了${operation.zh}${signed.zh}：${quoted}。${cause.zh}`,
    },
    fix: forThePerson(remedy),
  }
}

/** The advice as whoever reads it here should have it: they are the operator. */
export function forThePerson({ en, zh }: Both): Both {
  return { en: en.replace(/^Operator: /, ''), zh: zh.replace(/^(运营者|管理员)：/, '') }
}

export const AGAIN: Both = {
  en: 'run doctor again; if it stays so, check network and proxy.',
  zh: '再运行一次 doctor；仍然如此时检查网络和代理。',
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
