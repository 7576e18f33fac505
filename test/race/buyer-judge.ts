// What buyers were told by the servers, and whether it can all be true: a code for one order, an order for one buyer.
import type { Fields } from '../e2e/hosts.ts'

/** One call and its answer. */
export interface Answered {
  buyer: string
  tool: string
  args: Fields
  answer: Fields
}

export interface Handed {
  /** By its order. */
  codes: ReadonlyMap<string, string>
  /** By its order, who made it or brought its claim code last. */
  buyers: ReadonlyMap<string, string>
  /** What cannot be. */
  violations: readonly string[]
}

const MOST_TOLD = 20

/** @param sold the codes in the shop's file */
export function judgeAnswers(answers: readonly Answered[], sold: readonly string[]): Handed {
  const codes = new Map<string, string>()
  const buyers = new Map<string, string>()
  const orders = new Map<string, string>()
  const firsts = new Set<string>()
  const violations: string[] = []
  for (const { buyer, tool, args, answer } of answers) {
    if (answer.isError === true) continue
    const order = String(answer.out_trade_no)
    const isClaim = args.claim_code !== undefined
    if (tool === 'create_payment' || isClaim) {
      const other = isClaim ? undefined : buyers.get(order)
      if (other !== undefined && other !== buyer) violations.push(`${order} of ${other} was ${buyer}'s, too`)
      buyers.set(order, buyer)
    }
    if (tool === 'list_items') continue
    if (buyers.get(order) !== buyer) violations.push(`${tool} told ${buyer} of ${order}, of ${buyers.get(order)}`)
    if (tool !== 'deliver_order' || answer.codes === undefined) continue
    const code = codesIn(answer)
    const [before = code, elsewhere = order] = [codes.get(order), orders.get(code)]
    if (!sold.includes(code)) violations.push(`${order} got ${code}, which is no code of the file`)
    if (before !== code) violations.push(`${order} got ${before}, then ${code}`)
    if (elsewhere !== order) violations.push(`${code} went to ${elsewhere}, then to ${order}`)
    if (answer.first_time === true && firsts.has(order)) violations.push(`${order} was delivered first twice`)
    if (answer.first_time === true) firsts.add(order)
    codes.set(order, code)
    orders.set(code, order)
  }
  return { codes, buyers, violations: violations.slice(0, MOST_TOLD) }
}

/** More than one is no code of the file. */
function codesIn({ codes }: Fields): string {
  return Array.from<Fields>(Object(codes))
    .map(({ redeem_code }) => String(redeem_code))
    .join(' and ')
}
