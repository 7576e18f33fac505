// Each kind of error in words: what happened, what is certain about the money, whether the call may be repeated, what comes next.
import {
  ConfigError,
  ERROR_KINDS,
  type ErrorKind,
  InputError,
  LedgerError,
  NoAnswerError,
  OutcomeUnknownError,
  RefusedError,
  type Retry,
} from '../errors.ts'
import type { Refusal } from '../gateway/gateway.ts'
import { SECOND_TRY } from '../guard/not-sent.ts'
import type { ToolResult } from '../tool-result.ts'

/** An error of no known kind is our fault: it shows an id, its stack goes to `report`. */
export async function errorFields(error: unknown, report: (id: string, error: unknown) => void): Promise<ToolResult> {
  if (error instanceof InputError) return inputFields(error)
  if (error instanceof ConfigError) {
    const message = `Not configured. The operator must set: ${error.message.replaceAll('\n', ' | ')}`
    // The Chinese of all settings is not loaded before something is wrong.
    const { faultLines } = await import('../doctor/finding.ts')
    const lines = faultLines(error.problems, 'zh').split('\n')
    const message_zh = `${ZH.not_configured}${lines.map((line) => line.trim()).join('')}`
    return fields('not_configured', message, { message_zh, money: NOTHING_SENT, next_step: TELL_THEN_RESTART })
  }
  if (error instanceof LedgerError) {
    const message = `The ledger (账本) cannot be used: ${error.problem} The operator must act: ${error.fix}`
    return fields('ledger_unavailable', message, { money: NOTHING_SENT, next_step: TELL_THEN_REPEAT })
  }
  if (error instanceof RefusedError) return refused(error)
  if (error instanceof NoAnswerError) {
    const { operation, why, facts, text } = error
    const { money = CHANGED_NOTHING, next_step = once(operation), moved = 'no', message_zh } = text
    return fields('no_answer', `No usable answer from Alipay: ${why}.`, {
      moved,
      message_zh,
      ...facts,
      money,
      next_step,
    })
  }
  if (error instanceof OutcomeUnknownError) {
    const { why, text } = error
    const { facts, ...rest } = text
    return fields('unknown', `Outcome unknown: ${why}.`, { ...facts, moved: 'unknown', ...rest })
  }
  const id = Math.random().toString(36).slice(2, 8)
  report(id, error)
  const message = `Internal error (id ${id}). The details are in the server's stderr log.`
  return fields('internal', message, { moved: 'unknown', money: MAY_BE_SENT, next_step: QUERY_FIRST })
}

const inputFields = ({ message, message_zh }: InputError) =>
  fields('invalid_input', message, { message_zh, money: MOVED_NOTHING })

const MOVED_NOTHING = 'This call moved nothing.'
const CHANGED_NOTHING = 'This call changed nothing.'
const NOTHING_SENT = 'Nothing was sent and nothing moved.'
const TELL_THEN_RESTART = 'Tell the operator; restart the server after the change.'
const TELL_THEN_REPEAT = 'Tell the operator; once the ledger can be used again, the same call may be repeated.'
const MAY_BE_SENT = 'Whether anything was sent is not known.'
const QUERY_FIRST = 'Call query_payment, for a refund query_refund, before anything is repeated. Tell the operator.'
const once = (operation: string) =>
  `If this was already the second try, tell the user what is known so far and stop. Else call ${operation} again, one time.`

function fields(error: ErrorKind, message: string, text: Omit<ToolResult, 'message'> & { retry?: Retry }): ToolResult {
  const { message_zh = ZH[error], ...rest } = text
  return { message, error, retry: ERROR_KINDS[error], moved: 'no', message_zh, ...rest }
}

/** Where nothing closer is said of what happened. */
const ZH: Readonly<Record<ErrorKind, string>> = {
  invalid_input: '请求有误，没有执行，本次没有动钱。',
  not_configured: '服务器尚未配置好，本次没有动钱。请管理员修改配置，并重启服务器。',
  declined: '没有得到同意，本次没有动钱。',
  waiting_for_approval: '等待确认，还没有发送。',
  over_limit: '超出限额，本次没有动钱。',
  frozen: '管理员已冻结全部收款和退款，本次没有动钱。',
  not_sent: '请求没有发出，支付宝没有收到，本次没有动钱。请再试一次；仍然如此，请管理员检查网络和 ALIPAY_GATEWAY。',
  no_answer: '没有得到支付宝的有效响应，目前无法确定；本次调用没有改动任何东西。',
  refused_by_alipay: '支付宝拒绝了这次请求。',
  unknown: '结果未知，请先查询。',
  ledger_unavailable: '账本不可用，本次没有动钱。请告诉管理员；账本恢复后可以再发起同样的请求。',
  internal: '服务器内部错误，是否已发送未知。请先查询订单或退款，并告诉管理员。',
}

/** With the code of the network, by which the documentation tells one cause from another. */
function notSentInChinese(kind: ErrorKind, why: string): string {
  const [code] = /(?<=\()[A-Z_]+(?=\)$)/.exec(why) ?? []
  return code === undefined ? ZH[kind] : ZH[kind].replace('没有发出', `没有发出（${code}）`)
}

async function refused(error: RefusedError): Promise<ToolResult> {
  const { refusal, text, kind } = error
  const { money, next_step, facts, retry = ERROR_KINDS[kind], message_zh } = text
  if (refusal.not_sent !== undefined) {
    const message = `${PREFIX[kind] ?? ''}${refusal.not_sent}.`
    const step = next_step ?? (kind === 'not_sent' ? CHECK_NETWORK : undefined)
    return fields(kind, message[0]?.toUpperCase() + message.slice(1), {
      retry,
      message_zh: message_zh ?? notSentInChinese(kind, refusal.not_sent),
      ...facts,
      money,
      next_step: step,
    })
  }
  // The tables of all refusals are a tenth of the program: not before the first refusal.
  const { adviceFor } = await import('../gateway/refusals/refusals.ts')
  const { cause, remedy, safe_to_repeat, who } = adviceFor(refusal.sub_code, refusal.code)
  return fields(kind, `Alipay refused: ${refusalText(refusal)}`, {
    retry: text.retry ?? REPEAT[safe_to_repeat],
    message_zh: message_zh ?? `${cause.zh}${remedy.zh}`,
    code: refusal.code,
    sub_code: refusal.sub_code,
    sub_msg: refusal.sub_msg,
    trace_id: refusal.trace_id,
    verified: refusal.verified ? undefined : false,
    cause: cause.en,
    remedy: remedy.en,
    who_can_act: who,
    ...facts,
    money,
    next_step,
  })
}

const PREFIX: Partial<Record<ErrorKind, string>> = {
  declined: 'Declined: ',
  waiting_for_approval: 'Waiting for approval: ',
  over_limit: 'Over the limit: ',
  frozen: 'Frozen: ',
  not_sent: 'Not sent: ',
  not_configured: 'Not configured: ',
}

const CHECK_NETWORK = `${SECOND_TRY} Else make the same call again, one time. If it stays so, the operator checks the network and ALIPAY_GATEWAY.`

const REPEAT = { yes: 'yes_once', only_identical: 'yes_once', after_fix: 'after_change', no: 'no' } as const

function refusalText({ code, sub_code, msg, sub_msg, verified }: Refusal): string {
  const words = [code, sub_code, sub_msg ?? msg].filter(Boolean).join(' ')
  return verified ? words : `${words} (not signed by Alipay)`
}
