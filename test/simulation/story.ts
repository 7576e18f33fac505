// What happened in a run, line by line, for a person who looks for the mistake.
import { beijingTime } from '../../src/clock.ts'
import type { Fields } from './alipay.ts'
import type { Sent } from './network.ts'
import type { Ended, Records } from './records.ts'

interface Line {
  moment: number
  at: number
  text: string
}

export function storyOf({ calls, sent, freezes, yeses, pages, shop }: Records): string {
  const lines: Line[] = [
    ...calls.flatMap(linesOf),
    ...sent.map((one) => ({ moment: one.moment, at: one.at, text: `  ${wordsOf(one)}` })),
    ...freezes.map(({ from, at, until }) => ({
      moment: from,
      at,
      text: `frozen until ${until ?? 'the end'}`,
    })),
    ...yeses.map(({ at, moment, out_trade_no, fen }) => ({
      moment,
      at,
      text: `yes to ${fen} fen of ${out_trade_no}`,
    })),
    ...pages.visits.map(({ began, at, out_trade_no, step, status, shown = [] }) => ({
      moment: began,
      at,
      text: `  page of ${out_trade_no ?? 'nothing'}, ${step ?? 'itself'}: ${status ?? 'no answer'} ${shown.join()}`,
    })),
    ...(shop?.hookCalls ?? []).map(({ moment, at, body, mood, life }) => ({
      moment,
      at,
      text: `  ${life.name}: hook ${mood} ${body}`,
    })),
  ]
  lines.sort((a, b) => a.moment - b.moment)
  return lines.map(({ at, text }) => `${beijingTime(at).slice(5)}.${at % 1000} ${text}`).join('\n')
}

function linesOf(call: Ended): Line[] {
  const { tool, args, life, how, answer, began, ended, startedAt, endedAt, buyer } = call
  const asked = `${buyer === undefined ? '' : `${buyer}: `}${tool} ${JSON.stringify(args)} of ${life.name}`
  const told = [how, answer.moved, String(answer.message ?? '').slice(0, 150)].filter(Boolean).join(' ')
  const answered = { moment: ended, at: endedAt, text: `${asked} -> ${told}` }
  return [{ moment: began, at: startedAt, text: asked }, ...(ended > 0 ? [answered] : [])]
}

function wordsOf({ life, method, biz, trouble, answer }: Sent): string {
  const { product_code, query_options, subject, time_expire, ...shown }: Fields = biz
  const came = trouble ?? (answer === undefined ? 'not answered' : 'answered')
  const told = answer?.slice(0, 330).replace(/"(msg|sign|buyer_\w+|send_back_fee)":"[^"]*",?/g, '') ?? ''
  return `${life.name}: ${method.slice(7)} ${JSON.stringify(shown)} ${came} ${told}`
}
