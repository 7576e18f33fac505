// Holds what was said of charges and of ends to Alipay's books: charged is charged, moved now is now, ended is ended.
import { isInForce } from '../../src/emulator/agreements/agreement.ts'
import type { Alipay, Fields } from './alipay.ts'
import { type Ended, type Findings, must, type Records } from './records.ts'
import { chargingCalls, PAY } from './subscription-records.ts'

const TOLD = 'a charge is told as it is'

export function* judgeChargeCall(call: Ended, alipay: Alipay, records: Records): Findings {
  const { tool, how, answer } = call
  if (tool === 'charge_subscription' && how === 'done') yield* judgeCharged(call, answer, alipay, records)
  if (tool === 'charge_due' && how === 'done') {
    for (const result of resultsOf(call)) {
      const moved = MOVED[String(result.outcome)]
      if (moved !== undefined) yield* judgeCharged(call, { ...result, moved }, alipay, records)
    }
  }
  if (tool === 'cancel_subscription' || tool === 'query_subscription') yield* judgeStanding(call, alipay)
}

const MOVED: Readonly<Record<string, string>> = { charged: 'now', charged_before: 'earlier' }

const resultsOf = ({ answer: { results } }: Ended): readonly Fields[] => (Array.isArray(results) ? results : [])

/** The numbers that a call said it has charged now. */
const chargedNow = (call: Ended): readonly unknown[] => [
  ...(call.answer.moved === 'now' ? [call.answer.out_trade_no] : []),
  ...resultsOf(call).flatMap(({ outcome, out_trade_no }) => (outcome === 'charged' ? [out_trade_no] : [])),
]

function* judgeCharged(call: Ended, { moved, out_trade_no }: Fields, alipay: Alipay, records: Records): Findings {
  const paid_at = alipay.trade(String(out_trade_no))?.paid_at
  const why = () => `moved ${moved} of ${out_trade_no}, which was paid ${paid_at}; the call began ${call.startedAt}`
  yield must(paid_at !== undefined, TOLD, why)
  yield must(moved !== 'now' || (paid_at ?? 0) >= call.startedAt, TOLD, why)
  const said = chargingCalls(records).filter((other) => chargedNow(other).includes(out_trade_no))
  yield must(said.length <= 1, 'a charge is told as moved now once', why)
}

/** Once more at the end: what Alipay refused was not carried out later, and what ended was told with what was on its way. */
export function* judgeAfterwards(records: Records, alipay: Alipay): Findings {
  for (const call of records.calls) {
    const { tool, how, answer, args, endedAt } = call
    if (tool === 'charge_subscription' && how === 'refused' && answer.out_trade_no !== undefined) {
      const paid_at = alipay.trade(String(answer.out_trade_no))?.paid_at
      // What never left is made again under the same number.
      const sent = records.sent.filter(({ method, biz }) => method === PAY && biz.out_trade_no === answer.out_trade_no)
      const leftLater = sent.every(({ moment }) => moment > call.ended)
      yield must(
        paid_at === undefined || leftLater,
        'what is told as not charged is not',
        () => `${answer.message}: paid ${paid_at}`,
      )
    }
    if (tool !== 'cancel_subscription' || how !== 'done') continue
    const agreement = alipay.agreements().find((one) => one.terms.external_agreement_no === args.external_agreement_no)
    const later = agreement?.trades.filter(({ paid_at = 0 }) => paid_at > endedAt) ?? []
    const numbers = later.map(({ out_trade_no }) => out_trade_no)
    const isTold = numbers.every((number) => number === answer.on_the_way)
    const why = () => `${answer.message} on the way: ${answer.on_the_way}; paid after it: ${numbers.join()}`
    yield must(isTold, 'a charge on its way is told to whoever ends it', why)
  }
}

function* judgeStanding({ tool, how, answer, args }: Ended, alipay: Alipay): Findings {
  if (how !== 'done' || /^As last known/.test(String(answer.message))) return
  const agreement = alipay.agreements().find((one) => one.terms.external_agreement_no === args.external_agreement_no)
  const { state, message } = answer
  const why = () => `${tool}: ${state} (${message}); unsigned ${JSON.stringify(agreement?.unsigned)}`
  const inForce = agreement !== undefined && isInForce(agreement, alipay.platform.clock.now())
  if (state === 'ended') yield must(!inForce, 'what is told as ended is ended', why)
  if (state === 'live') yield must(agreement !== undefined, 'what is told as live was signed', why)
}
