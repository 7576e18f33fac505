// The script of the demo: what a shop's assistant would do with typical sentences of buyers, in English and Chinese.
import { demoWords } from './demo-words.js'

const NOTE = /^<shop-note>/
const NUMBER = /\b\d{17}\w{1,47}\b/
const SUBSCRIPTION = /\b\d{14}[0-9a-f]{18}\b/
const CLAIM_CODE = /\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b|\b[0-9A-Z]{16}\b/i

/** The first pattern that the sentence fits decides; each gets what was said and known. */
const INTENTS = [
  [/claim|取回码/i, claim],
  [
    /unsubscribe|\b(cancel|end|stop)\b.*(subscri|letter)|取消.*(订阅|茶信)|退订/i,
    (said) => ofSubscription(said, 'cancel_subscription'),
  ],
  [/\bsigned\b|my subscription|签了|已签|签约了|我的订阅/i, (said) => ofSubscription(said, 'query_subscription')],
  [/subscri|letter|订阅|茶信/i, () => call('create_subscription', { plan: 'letter' })],
  [/refund|money back|give .*back|退款|退钱|退/i, refund],
  [/cancel|don't want|取消|不要了|不买/i, cancel],
  [/again|show .*(code|text)|再发|再看|看不到/i, (said) => ofOrder(said, 'deliver_order')],
  [/\bpaid\b|付了|付款了|已付|到账|支付了/i, (said) => ofOrder(said, 'query_payment')],
  [/\btip\b|打赏|喝杯茶|请.*喝茶/i, tip],
  [/poem|诗/i, () => buy('poem')],
  [/ticket|tasting|入场|品茶/i, ({ sentence }) => buy('ticket', countIn(sentence))],
  [/guide|brew|冲泡|泡茶/i, () => buy('guide')],
  [/what|have|sell|list|price|有什么|商品|卖|价|菜单/i, () => call('list_items', {})],
]

export function demoScript(messages) {
  const sentences = messages.filter(({ role }) => role === 'user').map(textOf)
  const words = demoWords(sentences.findLast((text) => !NOTE.test(text)) ?? '')
  const last = messages.at(-1)
  if (last.role === 'tool') return afterTool(messages, last, words)
  const sentence = textOf(last)
  const said = { sentence, words, orders: ordersIn(messages), subscriptions: subscriptionsIn(messages) }
  if (NOTE.test(sentence)) return afterNote(said)
  const [, intent = () => ({ text: words.help })] = INTENTS.find(([pattern]) => pattern.test(sentence)) ?? []
  return intent(said)
}

/** The shop tells what became of an order: what is to be delivered is delivered, for the rest there are thanks. */
function afterNote({ sentence, words }) {
  const [, how] = /^<shop-note>Subscription \w+: (\w+)/.exec(sentence) ?? []
  if (how !== undefined) return { text: how === 'Live' ? words.subscribed : words.undone }
  const [, out_trade_no] = /^<shop-note>Order (\w+):/.exec(sentence) ?? []
  return /deliver_order/.test(sentence) ? call('deliver_order', { out_trade_no }) : { text: words.thanks }
}

function afterTool(messages, last, words) {
  const name = toolOf(messages, last.tool_call_id)
  const result = textOf(last)
  const field = (key) => new RegExp(`^${key}: (.+)$`, 'm').exec(result)?.[1]
  const [first] = result.split('\n')
  const says = words.isChinese ? (field('message_zh') ?? first) : first
  if (field('error') !== undefined) return { text: says }
  if (name === 'list_items') return { text: words.list(linesIn(result, 'item'), linesIn(result, 'plan')) }
  if (name === 'create_payment') return { text: words.ordered(field('total_amount')) }
  const isOffered = name === 'create_subscription' && field('state') === 'offered'
  if (isOffered) return { text: words.offered(field('price'), field('period'), field('period_zh')) }
  const isDue = field('paid') === 'true' && /deliver_order before/.test(field('next_step') ?? '')
  if (name === 'query_payment' && isDue) return call('deliver_order', { out_trade_no: field('out_trade_no') })
  if (name !== 'deliver_order') return { text: says }
  if (field('codes') !== undefined || field('delivered_text') !== undefined) return { text: words.inTheBox }
  return { text: field('first_time') === 'true' ? words.poem : says }
}

const call = (name, args) => ({ tool_calls: [{ name, arguments: args }] })
const buy = (item, quantity = 1) => call('create_payment', { item, quantity })

function tip({ sentence }) {
  const [amount = '5.00'] = /\d+(?:\.\d{1,2})?/.exec(sentence) ?? []
  return call('create_payment', { item: 'tip', total_amount: amount })
}

function refund(said) {
  const [, reason] = /[，,]\s*(.+?)[.。]?$/.exec(said.sentence) ?? []
  return ofOrder(said, 'request_refund', { reason })
}

function claim({ sentence, words }) {
  const [out_trade_no] = NUMBER.exec(sentence) ?? []
  const [claim_code] = CLAIM_CODE.exec(sentence.replace(NUMBER, '')) ?? []
  return claim_code === undefined ? { text: words.whichCode } : call('query_payment', { out_trade_no, claim_code })
}

/** The order that the sentence names, or the last one of this chat. */
function ofOrder({ sentence, words, orders }, tool, more = {}) {
  const [out_trade_no = orders.at(-1)] = NUMBER.exec(sentence) ?? []
  return out_trade_no === undefined ? { text: words.noOrder } : call(tool, { out_trade_no, ...more })
}

/** A subscription only where there is no order: of both, a sentence names the subscription. */
function cancel(said) {
  const { orders, subscriptions } = said
  const isAlone = orders.length === 0 && subscriptions.length > 0
  return isAlone ? ofSubscription(said, 'cancel_subscription') : ofOrder(said, 'close_payment')
}

function ofSubscription({ sentence, words, subscriptions }, tool) {
  const [external_agreement_no = subscriptions.at(-1)] = SUBSCRIPTION.exec(sentence) ?? []
  return external_agreement_no === undefined ? { text: words.noSubscription } : call(tool, { external_agreement_no })
}

const COUNTS = { 两: 2, 二: 2, 俩: 2, 三: 3, two: 2, three: 3 }

function countIn(sentence) {
  const [found] = /\d{1,4}|[两二俩三]|\btwo\b|\bthree\b/i.exec(sentence) ?? ['1']
  return COUNTS[found.toLowerCase()] ?? Number(found)
}

/** The shop lists them in the instructions. */
const ordersIn = (messages) => numbersIn(messages, /^- (\d{17}\w*): /gm)
const subscriptionsIn = (messages) => numbersIn(messages, /^- subscription (\w+): /gm)

function numbersIn(messages, line) {
  const instructions = messages.find(({ role }) => role === 'system')
  return [...textOf(instructions).matchAll(line)].map(([, number]) => number)
}

/** @param what of an item or of a plan */
function linesIn(result, what) {
  const lines = result.match(new RegExp(`^\\d+\\. ${what}: .+$`, 'gm')) ?? []
  return lines.map((line) => {
    const field = (name) => new RegExp(`\\| ${name}: (?:"((?:[^"\\\\]|\\\\.)*)"|([^|]+?))(?: \\||$)`).exec(line)
    const wordOf = (name) => (field(name) ?? []).slice(1).find((value) => value !== undefined)
    const [subject = '', price, period, period_zh] = ['subject', 'price', 'period', 'period_zh'].map(wordOf)
    return { subject, price, period, period_zh }
  })
}

function toolOf(messages, id) {
  const calls = messages.flatMap(({ tool_calls = [] }) => tool_calls)
  return calls.find((one) => one.id === id).function.name
}

function textOf({ content } = {}) {
  if (typeof content === 'string') return content
  return (content ?? []).map(({ text = '' }) => text).join('')
}
