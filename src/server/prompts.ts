// The prompts that a merchant can choose in a host, in Chinese or English; each only where the tools that it names are offered.
import type { McpServer } from '@modelcontextprotocol/server'
import * as z from 'zod'
import type { Both, Language } from '../language.ts'

interface Prompt {
  name: string
  title: string
  description: string
  /** Offered tools that its text names. */
  tools: readonly string[]
  args: Readonly<Record<string, Both>>
  text: Readonly<Record<Language, (given: Given) => string>>
}

/** What somebody typed; data, quoted as such. */
type Given = Readonly<Record<string, string | undefined>>

const named = (given: Given, name: string, otherwise: string) =>
  given[name] === undefined ? otherwise : JSON.stringify(given[name])

const PROMPTS: readonly Prompt[] = [
  {
    name: 'collect_payment',
    title: 'Collect a payment 收一笔款',
    description:
      'Makes an order, shows the buyer its link, and waits until it is paid. 创建订单、给买家链接、等到付款。',
    tools: ['create_payment', 'wait_for_payment'],
    args: {
      total_amount: { en: 'Amount in yuan, such as 9.90', zh: '金额（元），例如 9.90' },
      subject: { en: 'What is sold', zh: '商品名称' },
    },
    text: {
      en: (given) =>
        `Take an Alipay payment: amount ${named(given, 'total_amount', 'as I tell you (ask me)')}, item ` +
        `${named(given, 'subject', 'as I tell you (ask me)')}. Make one order, show me its link unchanged, and in the next turn ` +
        'wait for the payment. Say "paid" only once the result says so; else say until when it can be paid.',
      zh: (given) =>
        `请用支付宝收一笔款：金额 ${named(given, 'total_amount', '请先问我')}，商品 ${named(given, 'subject', '请先问我')}。` +
        '只创建一笔订单，把链接原样给我，下一轮再等待付款。结果说已付款才算付款；否则告诉我在什么时间之前仍可付款。',
    },
  },
  {
    name: 'handle_refund_request',
    title: 'Handle a refund request 处理退款请求',
    description:
      'Looks at an order and its refunds, asks the merchant, and refunds once. 先查订单和已退金额，问商家，再退一次。',
    tools: ['query_payment', 'query_refund', 'refund_payment'],
    args: {
      out_trade_no: { en: 'Order number, if known', zh: '订单号（如果知道）' },
      refund_amount: { en: 'Amount in yuan; all of it if left out', zh: '退款金额（元）；不填则全额' },
      reason: { en: 'Why the buyer wants it', zh: '买家的理由' },
    },
    text: {
      en: (given) =>
        `A buyer asks for a refund of order ${named(given, 'out_trade_no', '(find it with me)')}: amount ` +
        `${named(given, 'refund_amount', 'all that is left')}, reason ${named(given, 'reason', 'not given')}. First look at the ` +
        'order and at what was refunded already, and tell me both. Refund only after I have said yes here, once; if the outcome ' +
        'is unknown, find out before anything else. Then say that it was accepted, not that it has arrived.',
      zh: (given) =>
        `买家要求退款：订单 ${named(given, 'out_trade_no', '（请和我一起找）')}，金额 ${named(given, 'refund_amount', '剩余的全部')}，` +
        `理由 ${named(given, 'reason', '未说明')}。请先查询订单和此前的退款并告诉我；我在这里同意之后才退，只退一次；结果未知时先查清楚。` +
        '退款成功后说“已受理”，不要说“已到账”。',
    },
  },
  {
    name: 'todays_takings',
    title: "Today's takings 今日收款",
    description: 'What was taken and given back today, after asking Alipay. 今天收了多少、退了多少（先向支付宝核实）。',
    tools: ['list_payments'],
    args: {},
    text: {
      en: () =>
        'How much did we take today, and how much did we give back? List today with list_payments (since today), page by page. ' +
        'Say how many orders are paid, the sums, what still waits, and what could not be checked; add nothing up yourself.',
      zh: () =>
        '今天收了多少，退了多少？请用 list_payments 列出今天的订单（since 今天），逐页看完。说明几笔已付款、合计金额、还有哪些待付款、' +
        '哪些没能核实；不要自己加总。',
    },
  },
  {
    name: 'unfinished_business',
    title: 'Unfinished business 未完事项',
    description: 'What is in doubt, waits for a yes, or waits for payment. 结果未知、等待确认和待付款的事项。',
    tools: ['list_payments', 'query_refund', 'query_payment'],
    args: {},
    text: {
      en: () =>
        'What is unfinished? List the orders in state unknown first, then those that wait for payment. For each one in doubt find ' +
        'out what happened (query_refund or query_payment), and change nothing. Then tell me, the most urgent first, what I have ' +
        'to decide.',
      zh: () =>
        '还有什么没做完？先列出状态 unknown 的订单，再列出待付款的订单。结果未知的，逐个查清楚（query_refund 或 query_payment），' +
        '不要做任何改变。最后按紧急程度告诉我需要我决定什么。',
    },
  },
  {
    name: 'who_is_to_be_announced',
    title: 'Who is to be announced 待通知的续费',
    description: 'Renewals that have to be announced now, and those that were missed. 现在应当通知的续费，以及错过的。',
    tools: ['list_subscriptions', 'announce_renewal'],
    args: {},
    text: {
      en: () =>
        'Which renewals have to be announced now? List subscriptions in state to_announce, and tell me how many there are and for ' +
        'which days. After I have said yes, call announce_renewal for each, one time, and tell me which were not taken. Then list ' +
        'those in state missed: I decide about each of them.',
      zh: () =>
        '现在有哪些续费应当通知用户？先列出状态 to_announce 的订阅，告诉我有几个、分别是哪一天。我同意后，逐个调用一次 ' +
        'announce_renewal，并告诉我哪些没有成功。再列出状态 missed 的订阅，由我逐个决定。',
    },
  },
  {
    name: 'who_is_due',
    title: 'Who is due 到期的扣款',
    description: 'Charges that are due, failed or in doubt. 到期、失败和结果未知的扣款。',
    tools: ['list_subscriptions', 'query_subscription', 'charge_subscription'],
    args: {},
    text: {
      en: () =>
        'Which subscriptions are due? List those in state due, then failed, then in_doubt, with what each costs. Charge only after I ' +
        'have said yes, each one time; where the outcome is unknown find out with query_payment, and charge nothing again. At the ' +
        'end tell me what was charged, what was refused, and what I have to decide.',
      zh: () =>
        '哪些订阅到期应当扣款？先列出状态 due 的，再列出 failed 和 in_doubt 的，写明各自金额。我同意后才扣款，每个只扣一次；' +
        '结果未知的用 query_payment 查清，不要再次扣款。最后告诉我扣了哪些、哪些被拒绝、哪些要我决定。',
    },
  },
]

const LANGUAGE: Both = { en: 'en or zh', zh: 'en 或 zh' }
const both = ({ en, zh }: Both) => `${en} ${zh}`

/** @param offered the tools */
export function registerPrompts(server: McpServer, offered: readonly string[]): void {
  for (const { name, title, description, tools, args, text } of PROMPTS) {
    if (!tools.every((tool) => offered.includes(tool))) continue
    const fields = Object.entries(args).map(
      ([key, about]) => [key, z.string().describe(both(about)).optional()] as const,
    )
    const language = z.enum(['en', 'zh']).describe(both(LANGUAGE)).optional()
    const argsSchema = z.object({ ...Object.fromEntries(fields), language })
    server.registerPrompt(name, { title, description, argsSchema }, ({ language = 'en', ...given }) => ({
      messages: [{ role: 'user', content: { type: 'text', text: text[language](given) } }],
    }))
  }
}
