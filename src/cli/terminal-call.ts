// A call of the domain code by a person at a terminal, who is asked there; and what became of it, in words for them.
import { beijingTime } from '../clock.ts'
import { inChinese } from '../doctor/chinese/in-chinese.ts'
import { InputError, LedgerError, NoAnswerError, OutcomeUnknownError, RefusedError } from '../errors.ts'
import { adviceFor } from '../gateway/refusals/refusals.ts'
import type { Approver, Call } from '../guard/call.ts'
import { inLanguages, type Language } from '../language.ts'
import { standingAnswer } from '../ledger/approval-digest.ts'
import type { Approval, ApprovalRequest, Intent, Ledger } from '../ledger/ledger.ts'
import { toYuan } from '../money.ts'
import { pasteable } from '../pasteable-call.ts'
import type { SharedServices } from '../server/shared-services.ts'
import { unbroken } from '../text.ts'
import type { CommandLine } from './command-line.ts'
import { type LedgerCommand, terminalActor } from './ledger-command.ts'
import { resendQuestionIn } from './question-lines.ts'
import { grouped } from './table.ts'
import { answerWithAmount, print } from './terminal.ts'

const TEXT = inLanguages({
  skipped: {
    en: 'Skipped: nothing was sent, and nothing was decided.',
    zh: '已跳过：没有发送，也没有作出决定。',
  },
  unclear: {
    en: 'Not understood, so skipped: nothing was sent, and nothing was decided.',
    zh: '没有看懂，已跳过：没有发送，也没有作出决定。',
  },
  no: {
    en: (until: string) => `No: nothing was sent. The no holds until ${until} Beijing time.`,
    zh: (until: string) => `已拒绝：没有发送。有效至北京时间 ${until}。`,
  },
  yesHolds: {
    en: (until: string) =>
      `Not sent. The no was not taken: a yes to exactly this was given before, and can be used until ${until} Beijing time.`,
    zh: (until: string) => `没有发送。拒绝未生效：此前已同意过完全相同的退款，在北京时间 ${until} 之前仍可使用。`,
  },
  late: {
    en: 'Not sent: the answer came too late, or somebody else has answered.',
    zh: '没有发送：答复太晚，或已由他人答复。',
  },
  denied: {
    en: (yuan: string, order: string, where: string, at: string, until: string) =>
      `Not asked, not sent: the refund of ${yuan} yuan of order ${order}. Somebody said no to a refund of this amount of this order${where}, on ${at}; it can be asked about again from ${until} on (Beijing time).`,
    zh: (yuan: string, order: string, where: string, at: string, until: string) =>
      `没有询问，也没有发送：订单 ${order} 的退款 ${yuan} 元。北京时间 ${at} 已有人${where}拒绝过这个订单同样金额的退款，${until} 起才能再次询问。`,
  },
  where: {
    en: (by: Approval['decided_by']) =>
      ({ page: ' on the page in the browser', terminal: ' at a terminal', chat: ' in the chat', '': '' })[by ?? ''],
    zh: (by: Approval['decided_by']) =>
      ({ page: '在浏览器页面上', terminal: '在终端里', chat: '在对话里', '': '' })[by ?? ''],
  },
  refused: {
    en: (why: string, code: string) => `Not done: ${why}${code && ` (${code})`}`,
    zh: (why: string, code: string) => `未完成：${why}${code && `（${code}）`}`,
  },
  noAnswer: {
    en: (why: string) => `Not done: Alipay did not answer: ${why}.`,
    zh: (why: string) => `未完成：支付宝没有响应：${why}。`,
  },
  unknown: {
    en: (why: string, call: string) => `UNKNOWN: ${why}. It may have taken effect. To find out:\n  ${call}`,
    zh: (why: string, call: string) => `结果未知：${why}。操作可能已生效。查询结果：\n  ${call}`,
  },
})

/** With the ledger of this command, and the person at this terminal. */
export function callOf({ ledger, line }: LedgerCommand, { rules, gateway, clock }: SharedServices): Call {
  const actor = () => terminalActor(clock)
  return {
    rules,
    gateway,
    clock,
    actor,
    ledger: async () => ledger,
    approver: atTerminal(ledger, actor, line.language, (question) =>
      resendQuestionIn(line.language, question, undefined),
    ),
  }
}

/** The call that sends a refund again, which was tried before. */
export function resendingCall(call: Call, ledger: Ledger, { host }: Intent, language: Language): Call {
  return asksAt(call, ledger, language, (question) => resendQuestionIn(language, question, host))
}

/** The same call, whose person reads the question in other words. */
export function asksAt(call: Call, ledger: Ledger, language: Language, worded: (question: string) => string): Call {
  return { ...call, approver: atTerminal(ledger, call.actor, language, worded) }
}

/** Said yes to by typing the amount; the yes is bound to its approval digest like any other. Skipping writes nothing. */
function atTerminal(
  ledger: Ledger,
  actor: Call['actor'],
  language: Language,
  worded: (question: string) => string,
): Approver {
  const say = TEXT(language)
  return {
    inChat: true,
    restartOnAnswer: (operation) => operation(),
    async yes(request) {
      const { approvalDigest } = request
      const earlier = await decidedEarlier(ledger, request, actor().at)
      if (earlier?.state === 'denied') throw new AnsweredError(deniedText(earlier, language))
      await print(`\n${worded(request.question)}`)
      const answer = await answerWithAmount(toYuan(request.amount_fen), language)
      if (answer === 'unclear') throw new AnsweredError(say.unclear)
      if (answer === 'skipped' || answer === 'left') throw new AnsweredError(say.skipped)
      const { id, expires_at } = await ledger.requestApproval(request, actor())
      const taken = await ledger.decide(id, answer === 'yes', 'terminal', actor())
      const until = beijingTime(expires_at)
      if (answer === 'no' && taken) throw new AnsweredError(say.no(until), true)
      if (!taken && (await ledger.approval(id))?.state !== 'approved') throw new AnsweredError(say.late)
      if (answer === 'no') throw new AnsweredError(say.yesHolds(until))
      return { how: 'operator', approvalDigest, id }
    },
  }
}

/** The person did not say yes; the message is theirs to read. */
class AnsweredError extends Error {
  constructor(
    message: string,
    readonly isNo = false,
  ) {
    super(message)
  }
}

/** Whether the person said no, and it was taken. */
export const isNo = (error: unknown) => error instanceof AnsweredError && error.isNo

/** No question is shown that a no has answered already. */
function deniedText(
  { amount_fen, out_trade_no, decided_by, decided_at, asked_at, expires_at }: Approval,
  language: Language,
) {
  const say = TEXT(language)
  const [at, until] = [beijingTime(decided_at ?? asked_at), beijingTime(expires_at)]
  return `\n${say.denied(grouped(toYuan(amount_fen)), out_trade_no, say.where(decided_by), at, until)}`
}

/** What a person has said to this, and still holds. */
async function decidedEarlier(ledger: Ledger, request: ApprovalRequest, at: number): Promise<Approval | undefined> {
  const { out_trade_no, approvalDigest } = request
  return standingAnswer(await ledger.approvals({ out_trade_no }), approvalDigest, at)
}

/** Why an operation was not done, or may have been. @throws what nobody at a terminal can do anything about */
export function describeError(error: unknown, line: CommandLine): string {
  const { language } = line
  const say = TEXT(language)
  const inLanguage = (en: string) => (language === 'zh' ? inChinese(en) : en)
  if (error instanceof AnsweredError) return error.message
  if (error instanceof OutcomeUnknownError)
    return say.unknown(inLanguage(error.why), unbroken(pasteable(line, 'resolve')))
  if (error instanceof NoAnswerError) return say.noAnswer(inLanguage(error.why))
  if (error instanceof InputError) return language === 'zh' ? error.message_zh : error.message
  if (error instanceof LedgerError) return inLanguage(error.message)
  if (!(error instanceof RefusedError)) throw error
  const { not_sent, sub_code, code, sub_msg } = error.refusal
  // A problem of the ledger ends with a full stop of its own.
  if (not_sent !== undefined)
    return say.refused(`${inLanguage(not_sent).replace(/[.。]$/, '')}${language === 'zh' ? '。' : '.'}`, '')
  const why = adviceFor(sub_code, code).cause[language]
  return say.refused(why, [sub_code ?? code, sub_msg].filter(Boolean).join(' '))
}
