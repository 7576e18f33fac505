// Errors in a chat with a buyer: clear words for the buyer, and the precise ones to the operator, on standard error.
import {
  ConfigError,
  ERROR_KINDS,
  type ErrorKind,
  InputError,
  LedgerError,
  NoAnswerError,
  OutcomeUnknownError,
  RefusedError,
} from '../errors.ts'
import { oneLine } from '../text.ts'
import type { ToolResult } from '../tool-result.ts'
import { errorFields } from './error-results.ts'

/** @param tell the operator what the buyer does not read: limits and sums, settings, Alipay's codes */
export async function buyerErrorFields(
  error: unknown,
  report: (id: string, error: unknown) => void,
  tell: (line: string) => void,
): Promise<ToolResult> {
  const whole = await errorFields(error, report)
  const isForBuyer = error instanceof InputError || (error instanceof RefusedError && error.text.forBuyer === true)
  if (isForBuyer) return whole
  tell(`In a chat with a buyer: ${oneLine(whole.message)}`)
  const kind = kindOf(error)
  const [message, message_zh, next_step] = WORDS[kind]
  const moved =
    error instanceof OutcomeUnknownError && error.text.moved !== 'no'
      ? 'unknown'
      : kind === 'internal'
        ? 'unknown'
        : 'no'
  return { message, message_zh, error: kind, retry: ERROR_KINDS[kind], moved, next_step }
}

/** As the buyer sees it: whatever is wrong with the shop is one kind. */
function kindOf(error: unknown): BuyerErrorKind {
  if (error instanceof ConfigError || error instanceof LedgerError) return 'not_configured'
  if (error instanceof NoAnswerError) return 'no_answer'
  if (error instanceof OutcomeUnknownError) return 'unknown'
  if (!(error instanceof RefusedError)) return 'internal'
  const { kind } = error
  return kind === 'frozen' || kind === 'over_limit' || kind === 'not_sent' || kind === 'declined'
    ? kind
    : 'not_configured'
}

type BuyerErrorKind = Extract<
  ErrorKind,
  'not_configured' | 'no_answer' | 'unknown' | 'frozen' | 'over_limit' | 'not_sent' | 'declined' | 'internal'
>

const ONCE =
  'Call it again in a minute, one time. If it stays so, tell the user that the payment service does not answer, and stop.'
const LATER = 'Tell the user to come back later, or to ask the shop.'
const STOP = 'Tell the user to ask the shop, and stop.'

const WORDS: Readonly<Record<BuyerErrorKind, readonly [en: string, zh: string, next_step: string]>> = {
  not_configured: ['The shop cannot do that just now. Nothing moved.', '商家暂时无法处理，本次没有动钱。', STOP],
  no_answer: ['The payment service did not answer. Nothing changed.', '支付服务没有响应，没有改动任何东西。', ONCE],
  not_sent: [
    'The payment service could not be reached. Nothing changed.',
    '支付服务连接不上，没有改动任何东西。',
    ONCE,
  ],
  unknown: [
    'It is not known yet how this ended.',
    '结果目前还不确定。',
    'Do not repeat it. Call query_payment for the order in a minute, and tell the user what it says.',
  ],
  frozen: ['The shop has stopped taking orders for now. Nothing moved.', '商家已暂停，本次没有动钱。', STOP],
  over_limit: ['The shop takes no more of that just now. Nothing moved.', '商家暂时不能再接单，本次没有动钱。', LATER],
  declined: ['The shop did not allow that. Nothing moved.', '商家没有同意，本次没有动钱。', STOP],
  internal: [
    'Something went wrong at the shop; whether anything was sent is not known.',
    '商家的系统出错，是否已发送未知。',
    'Call query_payment for the order before anything is repeated. Tell the user to ask the shop.',
  ],
}
