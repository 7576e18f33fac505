// What the fields of results mean, in both languages, and which tool gives which; test/docs holds it to real results.
import type { Both } from './language.ts'

/** May be in every result, so no tool lists it. */
const IN_RESULTS = ['message', 'message_zh', 'next_step', 'environment', 'environment_note', 'ledger']
/** Only in errors. */
const IN_ERRORS = [
  ...['error', 'retry', 'money', 'code', 'sub_msg', 'trace_id', 'verified', 'cause', 'remedy', 'who_can_act'],
  ...['variable', 'asked', 'limit', 'used', 'last_known'],
]
export const IN_ALL: readonly string[] = [...IN_RESULTS, ...IN_ERRORS]

const OF_ORDER = ['out_trade_no', 'trade_no', 'subject', 'total_amount']
const OF_STATUS = [
  ...OF_ORDER,
  ...['paid', 'refunded', 'refunded_total', 'left', 'trade_status', 'send_pay_date', 'buyer_logon_id', 'sub_code'],
  ...['payable_until', 'expires', 'alarm', 'close_requested', 'replaces', 'replaced_by', 'paid_twice', 'paid_instead'],
  'in_doubt',
]

const OF_BUYERS_ORDER = [
  ...[
    'out_trade_no',
    'item',
    'quantity',
    'subject',
    'total_amount',
    'trade_status',
    'send_pay_date',
    'paid',
    'refunded',
  ],
  ...[
    'refunded_total',
    'delivered',
    'delivered_at',
    'refund_request',
    'refund_policy',
    'refund_policy_zh',
    'pay_url',
    'expires',
    'state',
  ],
]

/** The same of the tools of a shop; `item` and the rest of a list come after the list. */
export const RESULTS_FOR_BUYERS: Readonly<Record<string, readonly string[]>> = {
  list_items: [
    ...[
      'items',
      'item',
      'subject',
      'description',
      'price',
      'tip',
      'suggested',
      'max_quantity',
      'left',
      'until',
      'delivered',
    ],
    ...['refunds', 'refunds_zh'],
  ],
  create_payment: [
    ...[
      'out_trade_no',
      'item',
      'quantity',
      'subject',
      'total_amount',
      'pay_url',
      'time_expire',
      'expires',
      'refund_policy',
    ],
  ],
  wait_for_payment: OF_BUYERS_ORDER,
  query_payment: OF_BUYERS_ORDER,
  request_refund: [
    'out_trade_no',
    'subject',
    'refund_amount',
    'refund_request',
    'moved',
    'gmt_refund_pay',
    'refunded_total',
  ],
  deliver_order: ['out_trade_no', 'item', 'quantity', 'first_time', 'delivered_at', 'delivered_text', 'codes'],
  close_payment: ['out_trade_no', 'item', 'subject', 'total_amount', 'closed', 'paid', 'payable_until'],
  sell_item: [
    ...[
      'out_trade_no',
      'item',
      'quantity',
      'subject',
      'total_amount',
      'pay_url',
      'time_expire',
      'expires',
      'refund_policy',
    ],
    'no_short_link',
  ],
}

/** By tool; a field that has nothing to say is left out of a result. What items of lists hold comes after the list. */
export const RESULTS: Readonly<Record<string, readonly string[]>> = {
  create_payment: [
    ...['out_trade_no', 'subject', 'body', 'total_amount', 'channel', 'pay_url', 'qr_content', 'qr_file'],
    ...[
      'time_expire',
      'expires',
      'replaces',
      'old_payable_until',
      'no_short_link',
      'similar_orders',
      'other_similar_orders',
    ],
  ],
  wait_for_payment: OF_STATUS,
  query_payment: [...OF_STATUS, 'pay_url', 'qr_content', 'qr_file', 'no_short_link'],
  refund_payment: [
    ...OF_ORDER,
    ...['out_request_no', 'refund_amount', 'moved', 'refunded_total', 'gmt_refund_pay', 'alarm', 'in_doubt'],
  ],
  query_refund: [
    ...[...OF_ORDER, 'trade_status', 'out_request_no', 'refund_amount', 'moved', 'refund_status', 'gmt_refund_pay'],
    ...[
      'refund_reason',
      'refunds',
      'refunded_total',
      'left',
      'whole_order',
      'alarm',
      'state',
      'when',
      'answer',
      'in_doubt',
    ],
  ],
  close_payment: ['closed', ...OF_STATUS],
  list_payments: [
    ...[
      'orders',
      'count',
      'paid_count',
      'paid_amount',
      'refunded_total',
      'net_amount',
      'now',
      'alarm_amount',
      'alarm_refunded',
      'next',
      'changed',
    ],
    ...[
      'not_checked',
      'damaged',
      ...OF_ORDER,
      'state',
      'paid_at',
      'created_at',
      'first_seen',
      'checked',
      'last_change_seen',
      'channel',
    ],
    ...[
      'payable_until',
      'time_is_over',
      'close_requested',
      'replaces',
      'replaced_by',
      'paid_twice_with',
      'paid_instead',
      'alarm',
    ],
    'in_doubt',
  ],
}

/** A text that ends with a colon is completed by what the tool's own schema says of the field. */
export const RESULT_FIELDS: Readonly<Record<string, Both>> = {
  message: { en: 'What happened, in one or two sentences.', zh: '一两句英文，说明发生了什么。' },
  message_zh: {
    en: 'The same as one Chinese sentence, ready to pass on. Every result and error has it; what only the English sentences add stands in `message`.',
    zh: '同样的内容，一句可以直接转述的中文。每个结果和错误都有；更细的说明在英文的 `message` 里。',
  },
  next_step: { en: 'What to do next.', zh: '接下来该做什么。' },
  environment: {
    en: '`local`, `sandbox`, `production` or `not_configured`.',
    zh: '`local`、`sandbox`、`production` 或 `not_configured`。',
  },
  environment_note: { en: 'Whether real money moves.', zh: '是否动用真实资金。' },
  out_trade_no: { en: "The merchant's number of the order.", zh: '商家的订单号。' },
  trade_no: { en: "Alipay's number of the trade.", zh: '支付宝交易号。' },
  subject: { en: 'What the buyer reads.', zh: '买家看到的标题。' },
  body: { en: 'More about the order.', zh: '订单的补充描述。' },
  total_amount: { en: 'What the order costs, in yuan.', zh: '订单金额，元。' },
  channel: { en: '`page`, `mobile` or `qr`.', zh: '`page`、`mobile` 或 `qr`。' },
  pay_url: { en: 'The link on which the buyer pays. Pass it on unchanged.', zh: '供买家付款的链接，须原样转交。' },
  qr_content: { en: 'The text of the code to scan; not a link to open.', zh: '二维码的文本，不是可以点开的链接。' },
  qr_file: { en: 'PNG of the code, on the computer of the server.', zh: '二维码的 PNG 文件，在服务器所在的电脑上。' },
  time_expire: {
    en: 'Of a new order, until when it can be paid, Beijing time: `2026-11-29 11:17:00`.',
    zh: '新订单的付款截止时间，北京时间：`2026-11-29 11:17:00`。',
  },
  payable_until: {
    en: 'Until when the order can still be paid: a time in Beijing, `2026-11-29 11:17:00 Beijing time`, or words where the time is not known or past.',
    zh: '到什么时候为止还能付款：北京时间 `2026-11-29 11:17:00 Beijing time`；时间不详或已过去时，是一句英文说明。',
  },
  expires: {
    en: 'A sentence for people: `29 minutes left, until ...`. Programs use `payable_until`, of a new order `time_expire`.',
    zh: '给人看的一句话：`29 minutes left, until ...`。程序请用 `payable_until`，新订单用 `time_expire`。',
  },
  replaces: { en: 'The order in whose place this order was made.', zh: '被这笔订单取代的订单。' },
  replaced_by: { en: 'The order that was made in its place.', zh: '取代它的订单。' },
  old_payable_until: {
    en: 'The replaced order could not be closed: until when it can be paid.',
    zh: '被取代的订单没有关掉：到什么时候为止还能付款。',
  },
  no_short_link: {
    en: 'Why there is no link of a page, where ALIPAY_PUBLIC_URL wants one.',
    zh: '配置了 ALIPAY_PUBLIC_URL、却没有付款页链接的原因。',
  },
  similar_orders: {
    en: 'Open orders of the same subject and amount, made by this process in the last 10 minutes.',
    zh: '本进程最近 10 分钟内创建的、标题和金额相同的待付款订单。',
  },
  other_similar_orders: { en: 'How many more there are.', zh: '此外还有几笔。' },
  paid: {
    en: 'true only if the buyer has paid this amount and the money was not given back in full.',
    zh: '只有买家付了这个金额、并且没有全额退回时才为 true。',
  },
  refunded: {
    en: 'Whether money was given back, as far as this ledger knows:',
    zh: '就这个账本所知，是否退过款：',
  },
  trade_status: {
    en: "Alipay's state of the trade: `WAIT_BUYER_PAY`, `TRADE_SUCCESS`, `TRADE_FINISHED` or `TRADE_CLOSED`.",
    zh: '支付宝的交易状态：`WAIT_BUYER_PAY`、`TRADE_SUCCESS`、`TRADE_FINISHED` 或 `TRADE_CLOSED`。',
  },
  send_pay_date: { en: 'When the buyer paid, Beijing time.', zh: '买家付款的时间，北京时间。' },
  buyer_logon_id: { en: "The buyer's account, as Alipay masks it.", zh: '支付宝打码后的买家账号。' },
  sub_code: { en: "Alipay's code, such as `ACQ.TRADE_NOT_EXIST`.", zh: '支付宝的错误码，例如 `ACQ.TRADE_NOT_EXIST`。' },
  alarm: {
    en: 'Alipay has another amount for this order than was asked: both amounts. The order does not count as paid.',
    zh: '支付宝那边的金额与下单金额不符：两个金额都写明。这笔订单不算已付款。',
  },
  close_requested: {
    en: 'Somebody asked to close the order, which still can be paid.',
    zh: '已有人要求关闭这笔订单，但它还能付款。',
  },
  paid_twice: {
    en: 'An order that this order replaced was paid, too.',
    zh: '被这笔订单取代的订单也付了款。',
  },
  paid_instead: {
    en: 'The buyer paid the replaced order instead of this order.',
    zh: '买家付的是被取代的订单，而不是这一笔。',
  },
  in_doubt: { en: 'A step of this order whose outcome is unknown.', zh: '这笔订单里结果未知的步骤。' },
  closed: { en: 'true if the order can never be paid.', zh: '为 true 时，这笔订单再也付不了款。' },
  out_request_no: {
    en: 'The number of the refund. Give only such a number as a result offers.',
    zh: '退款请求号。只能填结果里给出的。',
  },
  refund_amount: { en: 'The amount of this refund, in yuan.', zh: '这笔退款的金额，元。' },
  refunded_total: {
    en: "What was refunded of the order in total: Alipay's running sum, or as far as this ledger knows.",
    zh: '这笔订单累计退了多少：支付宝给出的累计金额，或就这个账本所知。',
  },
  moved: {
    en: 'Whether the refund moved money, and when:',
    zh: '退款有没有动钱、什么时候动的：',
  },
  gmt_refund_pay: { en: 'When Alipay made the refund, Beijing time.', zh: '支付宝执行退款的时间，北京时间。' },
  refund_reason: { en: 'The reason, which the buyer sees on the bill.', zh: '退款原因，买家会在账单里看到。' },
  refund_status: {
    en: '`REFUND_SUCCESS` if Alipay confirms the refund; `waiting_for_approval`, `approved` or `declined` by a person; `not_executed` or `refused` for certain; `none_known` here and at Alipay; else `unknown`.',
    zh: '支付宝确认已退款时为 `REFUND_SUCCESS`；人工确认中、已同意、未同意分别为 `waiting_for_approval`、`approved`、`declined`；确定没有退为 `not_executed` 或 `refused`；这里和支付宝都查不到为 `none_known`；其余为 `unknown`。',
  },
  refunds: { en: 'The refunds of the order that are known here.', zh: '这里所知的、这笔订单的退款。' },
  left: {
    en: 'What may be left to refund; in an error about a limit, what is left of the limit.',
    zh: '可能还剩多少可退；超出限额的错误里，是限额还剩多少。',
  },
  ledger: {
    en: 'The ledger could not be read or written; what follows from that.',
    zh: '账本读写失败，以及由此带来的影响。',
  },
  orders: { en: 'The orders of this page.', zh: '本页的订单。' },
  state: {
    en: 'How the listed order or refund stands. Of an order: the values that `list_payments` takes. Of a refund: `done`, `refused`, `not_executed`, `unknown` or `in_flight`.',
    zh: '列表中订单或退款的状态。订单：`list_payments` 接受的那些值。退款：`done`、`refused`、`not_executed`、`unknown` 或 `in_flight`。',
  },
  created_at: { en: 'When the order was made, Beijing time.', zh: '订单创建的时间，北京时间。' },
  paid_at: { en: 'When the buyer paid, Beijing time.', zh: '买家付款的时间，北京时间。' },
  checked: {
    en: '`now` if Alipay was asked about the order in this call, and answered.',
    zh: '这次调用向支付宝查询了这笔订单并得到响应时为 `now`。',
  },
  last_change_seen: {
    en: 'When a change of the order at Alipay was last seen here: no time of the last query.',
    zh: '这里最近一次看到订单在支付宝有变化的时间，不是最近一次查询的时间。',
  },
  time_is_over: {
    en: 'true if the time to pay is over; `query_payment` tells whether the order was paid in time.',
    zh: '支付时间已过时为 true；有没有按时付款，用 `query_payment` 查询。',
  },
  count: { en: 'How many orders match.', zh: '符合条件的订单数。' },
  paid_count: {
    en: 'How many of the matching orders were paid, refunded since or not, as far as known.',
    zh: '就目前所知，其中已付款的订单数，含之后退款的。',
  },
  paid_amount: { en: 'The sum of what was paid, as far as known.', zh: '就目前所知，已付款合计。' },
  net_amount: { en: 'What was paid less what was refunded, as far as known.', zh: '就目前所知，已付减去已退。' },
  now: { en: 'The time in Beijing.', zh: '当前北京时间。' },
  alarm_amount: { en: 'The sum that was paid with other amounts than asked.', zh: '与下单金额不符的付款合计。' },
  alarm_refunded: { en: 'What of that sum was refunded.', zh: '其中已退的金额。' },
  whole_order: {
    en: 'Alipay did not say now whether the whole order was refunded from another computer.',
    zh: '支付宝这次没有说明，整笔订单是否已从另一台电脑退款。',
  },
  when: { en: 'When the refund was sent, Beijing time.', zh: '退款发出的时间，北京时间。' },
  answer: { en: "Alipay's words.", zh: '支付宝的原话。' },
  first_seen: {
    en: 'An order that another program made: when this ledger first saw it.',
    zh: '由其他程序创建的订单：这个账本第一次见到它的时间。',
  },
  paid_twice_with: {
    en: 'The order that was paid, too, and of which one replaced the other.',
    zh: '另一笔也付了款的订单（两笔中有一笔取代了另一笔）。',
  },
  next: { en: 'Give it as `cursor` for the next page.', zh: '作为 `cursor` 传入即可得到下一页。' },
  changed: {
    en: 'Orders that do not match any more, now that Alipay was asked.',
    zh: '向支付宝查询之后，不再符合条件的订单。',
  },
  not_checked: {
    en: 'Orders about which Alipay was not asked now, or did not answer.',
    zh: '这次没有向支付宝查询、或没有得到响应的订单。',
  },
  damaged: { en: 'Entries of the ledger that cannot be read.', zh: '账本里读不出来的记录。' },
  error: {
    en: 'The kind of error; see [Errors](errors.md).',
    zh: '错误的种类，见[错误](errors.zh-CN.md)。',
  },
  retry: {
    en: 'Whether the same call may be repeated: `yes_once`, `after_change` or `no`.',
    zh: '能不能重复同样的调用：`yes_once`、`after_change` 或 `no`。',
  },
  code: { en: "Alipay's code, such as 40004.", zh: '支付宝的 code，例如 40004。' },
  sub_msg: { en: "Alipay's words.", zh: '支付宝的原话。' },
  trace_id: { en: 'The number by which Alipay finds the call.', zh: '支付宝用来查找这次调用的编号。' },
  verified: { en: 'false if Alipay did not sign the refusal.', zh: '为 false 时，支付宝没有给这个拒绝签名。' },
  cause: { en: 'What the code means.', zh: '这个错误码的含义。' },
  remedy: { en: 'What helps.', zh: '怎样处理。' },
  who_can_act: {
    en: '`model`, `operator`, `buyer` or `alipay`.',
    zh: '由谁处理：`model`、`operator`、`buyer` 或 `alipay`。',
  },
  variable: { en: 'The setting whose limit it is.', zh: '哪一项配置里的限额。' },
  asked: { en: 'The amount that was asked for.', zh: '请求的金额。' },
  limit: { en: 'The limit.', zh: '限额。' },
  used: { en: 'How much of the limit is used.', zh: '限额已用多少。' },
  last_known: { en: 'The state that was last known.', zh: '最后已知的状态。' },
  money: { en: 'In an error: what is certain about the money.', zh: '出错时：关于钱，能确定的是什么。' },
}
