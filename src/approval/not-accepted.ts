// Each way in which a person's yes did not come, in words of its own, in both languages.

import { refusal } from '../guard/not-sent.ts'
import { ANOTHER_AMOUNT } from '../guard/refusals.ts'

export const ASK_AGAIN =
  'If the refund is still wanted, make the same call again: the merchant is then asked again. Keep refund_reason as it was.'
const LET_BE = `Do not repeat the call unless the merchant asks for the refund again.${ANOTHER_AMOUNT}`
// A client may declare forms, show none, and answer by itself. Nobody can tell that from a person's answer.
const UNSEEN = 'if nobody saw a form, set ALIPAY_REFUND_APPROVAL=operator'
const OTHERWISE =
  ' Ask the user whether a form was shown. Only if none was: repeating does not help, so tell the operator to set ALIPAY_REFUND_APPROVAL=operator and' +
  ' to restart the server; the merchant is then asked outside the chat.'

export const ASK_AGAIN_ZH = '退款没有发送，本次没有动钱。仍要退款，请再发起同样的请求，会重新询问商家。'
const NOT_SENT_ZH = '退款没有发送，本次没有动钱。'
const OTHERWISE_ZH =
  '如果没有人看到过表单，请管理员设 ALIPAY_REFUND_APPROVAL=operator 并重启服务器，改在对话之外询问商家。'

const WORDS = {
  unasked: [
    'an answer came to a question that this server never asked',
    ASK_AGAIN,
    `收到的答复不是对本服务器询问的答复。${ASK_AGAIN_ZH}`,
  ],
  foreign: [
    'the answer belongs to no question of this server: it was changed, or the server restarted',
    ASK_AGAIN,
    `收到的答复对不上本服务器的询问：它被改动过，或服务器重启过。${ASK_AGAIN_ZH}`,
  ],
  late: [
    'the answer came more than five minutes after the question',
    ASK_AGAIN,
    `询问之后超过五分钟才收到答复，已失效。${ASK_AGAIN_ZH}`,
  ],
  used: [
    'this answer was used before, and one answer counts once',
    ASK_AGAIN,
    `这个答复已用过一次，不能再用。${ASK_AGAIN_ZH}`,
  ],
  missing: [
    `the question came back without an answer; ${UNSEEN}`,
    ASK_AGAIN + OTHERWISE,
    `询问没有得到答复。${ASK_AGAIN_ZH}${OTHERWISE_ZH}`,
  ],
  unclear: [
    `the form came back without a clear yes; ${UNSEEN}`,
    ASK_AGAIN + OTHERWISE,
    `表单里没有明确的同意。${ASK_AGAIN_ZH}${OTHERWISE_ZH}`,
  ],
  no: ['the merchant said no', LET_BE, `商家没有同意这笔退款。${NOT_SENT_ZH}`],
  declined: [
    `the form was answered no; ${UNSEEN}`,
    LET_BE + OTHERWISE,
    `表单的答复是拒绝。${NOT_SENT_ZH}${OTHERWISE_ZH}`,
  ],
  cancel: [
    `the client closed the question without an answer; ${UNSEEN}`,
    LET_BE + OTHERWISE,
    `表单被关闭，没有答复。${NOT_SENT_ZH}${OTHERWISE_ZH}`,
  ],
  silence: [
    `nobody answered the question within five minutes; ${UNSEEN}`,
    ASK_AGAIN + OTHERWISE,
    `五分钟内没有人答复询问。${ASK_AGAIN_ZH}${OTHERWISE_ZH}`,
  ],
  unshown: [
    `the client could not show the question, or did not answer it as a form is answered; ${UNSEEN}`,
    ASK_AGAIN + OTHERWISE,
    `宿主程序没能显示询问的表单，或没有按表单答复。${ASK_AGAIN_ZH}${OTHERWISE_ZH}`,
  ],
  cancelled: [
    'the host cancelled the call before there was a yes',
    ASK_AGAIN,
    `商家同意之前，宿主程序取消了调用。${ASK_AGAIN_ZH}`,
  ],
  stopping: ['the server is about to end', ASK_AGAIN, `服务器正在退出。${ASK_AGAIN_ZH}`],
} as const
export type NotAccepted = keyof typeof WORDS

/** Each way not to say yes, in its own words. */
export function notAccepted(tool: string, why: NotAccepted): Error {
  const [not_sent, next_step, message_zh] = WORDS[why]
  const isNo = why === 'no' || why === 'declined' || why === 'cancel'
  return refusal(tool, not_sent, next_step).with({
    message_zh,
    ...(isNo ? { kind: 'declined' } : { retry: 'after_change' }),
  })
}
