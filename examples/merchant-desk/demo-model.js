// The script of the demo: what a model would do with a merchant's typical sentences, in English and Chinese.

const HELP = {
  en: 'I am a script and know: "collect 9.90 for tea", "has it been paid?", "refund 3.00, one cup is broken", "takings of today", "close the order". A number of an order may stand in each sentence.',
  zh: '我是脚本，只懂这几句：“收款 9.90 元，茶叶”“付了吗？”“退款 3.00 元，杯子碎了”“今天的流水”“关闭订单”。每句话里都可以写订单号。',
}
const NO_ORDER = { en: 'Which order? Write its number.', zh: '哪一笔订单？请写上订单号。' }
const SUBJECT = { en: 'Order', zh: '订单' }

/** The first pattern that the sentence fits decides. */
const INTENTS = [
  [/refund|give .*back|退款|退/i, refund],
  [/close|cancel|关闭|取消/i, (said) => ofOrder(said, 'close_payment')],
  [/takings|today|list|流水|今天|营业额|账单/i, () => call('list_payments', { since: 'today' })],
  [/wait|等/i, (said) => ofOrder(said, 'wait_for_payment', { seconds: 30 })],
  [/\bpaid\b|付了|付款了|到账|付没付/i, (said) => ofOrder(said, 'query_payment')],
  [/collect|charge|take|收/i, collect],
]

export function demoScript(messages) {
  const sentence = textOf(messages.findLast(({ role }) => role === 'user'))
  const language = /\p{Script=Han}/u.test(sentence) ? 'zh' : 'en'
  const last = messages.at(-1)
  if (last.role === 'tool') return { text: report(textOf(last), language) }
  const said = { sentence, language, ...numbersIn(sentence), known: lastOrder(messages) }
  const [, intent = () => ({ text: HELP[language] })] = INTENTS.find(([pattern]) => pattern.test(sentence)) ?? []
  return intent(said)
}

function collect({ sentence, language, amount }) {
  if (amount === undefined) return { text: HELP[language] }
  const [, subject = SUBJECT[language]] = /(?:\bfor\s+|[，,]\s*)(?!\d)(.+?)[.。]?$/i.exec(sentence) ?? []
  return call('create_payment', { subject, total_amount: amount })
}

function refund(said) {
  const [, refund_reason] = /[，,]\s*(.+?)[.。]?$/.exec(said.sentence) ?? []
  return ofOrder(said, 'refund_payment', { refund_amount: said.amount, refund_reason })
}

/** The order that the sentence names, or the one that the conversation was about. */
function ofOrder({ language, order, known }, tool, more = {}) {
  const out_trade_no = order ?? known
  return out_trade_no === undefined ? { text: NO_ORDER[language] } : call(tool, { out_trade_no, ...more })
}

const call = (name, args) => ({ tool_calls: [{ name, arguments: args }] })

function numbersIn(sentence) {
  const [order] = /\b(?=\w*\d)\w{12,64}\b/.exec(sentence) ?? []
  const rest = order === undefined ? sentence : sentence.replace(order, '')
  const [amount] = /\d+(?:\.\d{1,2})?/.exec(rest) ?? []
  return { order, amount }
}

function lastOrder(messages) {
  const results = messages.filter(({ role }) => role === 'tool').map(textOf)
  const numbers = results.flatMap((text) => /^out_trade_no: (\w+)$/m.exec(text)?.[1] ?? [])
  return numbers.at(-1)
}

/** What the tool says, in one language, and the link. */
function report(result, language) {
  const field = (name) => new RegExp(`^${name}: (.+)$`, 'm').exec(result)?.[1]
  const [first = ''] = result.replace(/^MCP tool .* returned an error: /, '').split('\n')
  const sentence = (language === 'zh' && field('message_zh')) || first
  return [sentence, field('pay_url')].filter(Boolean).join('\n')
}

function textOf({ content } = {}) {
  if (typeof content === 'string') return content
  return (content ?? []).map(({ text = '' }) => text).join('')
}
