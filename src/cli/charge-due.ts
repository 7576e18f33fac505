// alipay-mcp charge-due: charges every period that is due, once, through all guards; for cron, and for two of them at once.
import { beijingTime } from '../clock.ts'
import { OutcomeUnknownError, RefusedError } from '../errors.ts'
import { inLanguages } from '../language.ts'
import { toYuan } from '../money.ts'
import type { ShopCall } from '../shop/buyer.ts'
import { type ChargedOne, chargeAll } from '../subscriptions/charge-all.ts'
import type { CommandLine } from './command-line.ts'
import { withGateway, withLedger } from './ledger-command.ts'
import { print, put } from './terminal.ts'
import { callOf, describeError } from './terminal-call.ts'

const TEXT = inLanguages({
  nothing: { en: 'Nothing is due.', zh: '没有到期的扣款。' },
  charged: {
    en: (number: string, yuan: string, day: string) => `${number}: charged ${yuan} yuan for ${day}.`,
    zh: (number: string, yuan: string, day: string) => `${number}：已扣款 ${yuan} 元（${day}）。`,
  },
  earlier: {
    en: (number: string, day: string) => `${number}: ${day} was charged before.`,
    zh: (number: string, day: string) => `${number}：${day} 此前已扣款。`,
  },
  not: {
    en: (number: string | undefined, why: string) => (number === undefined ? why : `${number}: ${why}`),
    zh: (number: string | undefined, why: string) => (number === undefined ? why : `${number}：${why}`),
  },
  sums: {
    en: (charged: number, not: number, unknown: number, at: string) =>
      `${charged} charged, ${not} not, ${unknown} unknown; ${at} Beijing time.`,
    zh: (charged: number, not: number, unknown: number, at: string) =>
      `已扣款 ${charged} 笔，未扣 ${not} 笔，结果未知 ${unknown} 笔；北京时间 ${at}。`,
  },
})

/** 0: all that was due is charged; 1: something was refused, is unknown, or needs a person. */
export function chargeDue(line: CommandLine): Promise<number> {
  return withLedger(line, (command) =>
    withGateway(command, async (services) => {
      const call: ShopCall = { ...callOf(command, services), shop: services.shop, role: 'merchant' }
      const made = await chargeAll(call, (one) => (line.json ? Promise.resolve() : print(sentence(one, line))))
      return report(made, line, call.clock.now())
    }),
  )
}

async function report(made: readonly ChargedOne[], line: CommandLine, now: number): Promise<number> {
  const count = (outcome: ChargedOne['outcome']) => made.filter((one) => one.outcome === outcome).length
  const [charged, not_charged, unknown] = [count('charged'), count('not_charged'), count('unknown')]
  const results = made.map((one) => entry(one, line))
  if (line.json) await put(`${JSON.stringify({ charged, not_charged, unknown, results })}\n`)
  else if (made.length === 0) await print(TEXT(line.language).nothing)
  else await print(TEXT(line.language).sums(charged, not_charged, unknown, beijingTime(now).slice(0, 16)))
  return not_charged + unknown > 0 ? 1 : 0
}

function entry(one: ChargedOne, line: CommandLine) {
  const { external_agreement_no, outcome } = one
  if ('error' in one) return { external_agreement_no, outcome, why: whyNot(one.error, line) }
  return { external_agreement_no, outcome, out_trade_no: one.charge.out_trade_no }
}

function sentence(one: ChargedOne, line: CommandLine): string {
  const say = TEXT(line.language)
  if ('error' in one) return say.not(one.external_agreement_no, whyNot(one.error, line))
  const { external_agreement_no: number } = one
  const { amount_fen, planned_day } = one.charge
  if (one.outcome === 'charged') return say.charged(number, toYuan(amount_fen), planned_day)
  return say.earlier(number, planned_day)
}

function whyNot(error: Error, line: CommandLine): string {
  if (!(error instanceof RefusedError || error instanceof OutcomeUnknownError)) return describeError(error, line)
  const { message_zh, next_step } = error.text
  if (line.language === 'zh' && message_zh) return message_zh
  return [describeError(error, line), next_step].filter(Boolean).join(' ')
}
