// What no answer to a buyer may hold: facts of other buyers, facts of the merchant, and words of others that read like ours.
import { fenOf, type History, isEntitled, itemAt, type Ordered, type Said, wholeOf, yuanOf } from './history.ts'

type Orders = ReadonlyMap<string, Ordered>

interface Fact {
  what: string
  text: string
}

export function judgeFacts(history: History, orders: Orders): readonly string[] {
  return [
    ...history.said.flatMap((said) => foreignIn(history, orders, said)),
    ...history.said.flatMap((said) => unquotedIn(history, said)),
    ...differingMisses(history, orders),
    ...history.said.flatMap(({ buyer, refused, tool }) =>
      refused || buyer?.trim() ? [] : [`${tool} answered nobody`],
    ),
  ]
}

/** Short names and texts stand in other words, too. */
const LEAST = 4

function foreignIn(history: History, orders: Orders, said: Said): readonly string[] {
  const { buyer, tool, ended } = said
  const text = wholeOf(said)
  const own = ownWords(history, said)
  const foreign = [...orders.values()].filter((order) => !isEntitled(history, order, buyer, ended))
  const facts = [
    ...foreign.flatMap((order) => factsOf(history, order)),
    ...others(history, buyer),
    ...merchants(history),
    ...sums(history, orders, said),
  ]
  const found = facts.filter((fact) => fact.text.length >= LEAST && holds(text, fact.text) && !holds(own, fact.text))
  return found.map(({ what, text: fact }) => `${tool} told ${buyer} ${what}: ${fact}`)
}

/** An amount is not another one's end. */
function holds(text: string, fact: string): boolean {
  if (!/^[\d.]+$/.test(fact)) return text.includes(fact)
  return new RegExp(`(?<![\\d.])${fact.replaceAll('.', '\\.')}(?!\\d|\\.\\d)`).test(text)
}

/** What he has said himself by then tells him nothing. */
function ownWords({ said }: History, { buyer, began }: Said): string {
  const calls = said.filter((one) => one.buyer === buyer && one.began.step <= began.step)
  return calls.map(({ args }) => `${JSON.stringify(args)} ${Object.values(args).join(' ')}`).join(' ')
}

function factsOf(history: History, order: Ordered): readonly Fact[] {
  const { out_trade_no, made_by, item, total_fen } = order
  const { pay_url } = made_by.fields
  const claim = history.claim_codes.get(out_trade_no)
  const reasons = history.said.filter(({ args }) => args.out_trade_no === out_trade_no).map(({ args }) => args.reason)
  const isOwnAmount = item.tip && !holds(listed(history), yuanOf(total_fen))
  return [
    { what: 'the number of another', text: out_trade_no },
    { what: 'the page of another', text: String(pay_url ?? '').split('/p/')[1] ?? '' },
    { what: 'the claim code of another', text: claim ?? '' },
    { what: 'the amount of another', text: isOwnAmount ? yuanOf(total_fen) : '' },
    ...reasons.map((reason) => ({ what: 'the reason of another', text: typeof reason === 'string' ? reason : '' })),
  ]
}

/** All that any list of items said: an amount in it is no secret. */
const listed = ({ deeds }: History) =>
  deeds.map((deed) => (deed.what === 'items' ? JSON.stringify(deed.items) : '')).join()

function others({ said }: History, buyer: string | undefined): readonly Fact[] {
  const names = new Set(said.map((one) => one.buyer ?? ''))
  const isOther = (name: string) => name !== buyer && name.trim().length >= LEAST && !holds(buyer ?? '', name)
  return [...names].filter(isOther).map((text) => ({ what: 'who else buys here', text }))
}

function merchants({ secrets, trades }: History): readonly Fact[] {
  return [
    ...Object.entries(secrets).map(([what, text]) => ({ what, text })),
    ...trades.map(({ trade_no }) => ({ what: 'the number of Alipay', text: trade_no })),
  ]
}

/** What all of it came to after each payment, where nothing that he may know is as much. */
function sums(history: History, orders: Orders, said: Said): readonly Fact[] {
  const paid = history.deeds.filter((deed) => deed.what === 'paid')
  let fen = 0
  const after = paid.map((deed) => {
    fen += orders.get(deed.what === 'paid' ? deed.out_trade_no : '')?.total_fen ?? 0
    return fen
  })
  const known = [...orders.values()].map(({ total_fen }) => total_fen)
  const isPrice = (sum: number) => {
    const item = itemAt(history, said.args.item, said.ended)
    const isMultiple = item?.price !== undefined && sum % fenOf(item.price) === 0
    return isMultiple || holds(listed(history), yuanOf(sum))
  }
  const unusual = after.filter((sum) => !known.includes(sum) && !isPrice(sum))
  return unusual.map((sum) => ({ what: 'the sum of all payments', text: yuanOf(sum) }))
}

const QUOTED = /"(?:[^"\\]|\\.)*"/g
const LINE = /^([a-z_]+|\d+)[:.] /

/** Each line is ours, and words of others stand in quotes in it; no sign ends a line, or turns its direction. */
function unquotedIn({ markers }: History, { tool, fields, text, buyer }: Said): readonly string[] {
  if (tool === 'page') return []
  const [message = '', ...lines] = text.split('\n')
  const wrong = (what: string) => `${tool} gave ${buyer} ${what}`
  const bare = [message, ...lines].map((line) => line.replaceAll(QUOTED, '""'))
  const loose = bare.filter((line) => markers.some((marker) => line.includes(marker)))
  const strange = lines.filter((line) => !LINE.test(line))
  const words = [fields.message, fields.message_zh, fields.next_step].map((word) => String(word ?? ''))
  return [
    ...loose.map((line) => wrong(`the words of others as its own: ${line}`)),
    ...strange.map((line) => wrong(`a line of nobody's: ${line}`)),
    ...(isPlain(text.replaceAll('\n', ' ')) ? [] : [wrong('a sign that is not seen')]),
    ...words.flatMap((word) => (isPlain(word) ? [] : [wrong(`a sign that is not seen, in ${word}`)])),
  ]
}

/** Fit for a log: no control character, no end of a line, nothing that turns the direction of writing. */
export const isPlain = (line: string) => !/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(line)

const BY_NUMBER = ['wait_for_payment', 'query_payment', 'request_refund', 'deliver_order', 'close_payment']
const MISSABLE = ['out_trade_no', 'seconds', 'reason']

/** Of orders that are not his a buyer hears the same, whether there is one or not. */
function differingMisses(history: History, orders: Orders): readonly string[] {
  return BY_NUMBER.flatMap((tool) => {
    const misses = history.said.filter((said) => said.tool === tool && isMiss(history, orders, said))
    const answers = new Set(misses.map(({ text }) => text.replace(/\nenvironment_note: .*/, '')))
    const given = misses
      .filter(({ refused }) => !refused)
      .map(({ buyer }) => `${tool} answered ${buyer}, whose it is not`)
    const isOne = answers.size <= 1
    return [
      ...given,
      ...(isOne ? [] : [`${tool} tells orders that there are from those that are not: ${[...answers].join(' / ')}`]),
    ]
  })
}

function isMiss(history: History, orders: Orders, { args, buyer, began, ended }: Said): boolean {
  const { out_trade_no } = args
  const isWhole = Object.keys(args).every((key) => MISSABLE.includes(key))
  if (!isWhole || typeof out_trade_no !== 'string' || !/^\w{1,64}$/.test(out_trade_no) || !buyer?.trim()) return false
  if (/^(null|undefined|nan|None)$/.test(out_trade_no)) return false
  const order = orders.get(out_trade_no)
  // Not while somebody brings its claim code.
  return order === undefined || !(isEntitled(history, order, buyer, began) || isEntitled(history, order, buyer, ended))
}
