// What stood in the way of an operation, and what is known of its end, in Chinese: {} stands for what differs.

/** English, as src/guard, src/refunds and src/orders say it -> Chinese. */
export const GUARD_PHRASES: readonly (readonly [en: string, zh: string])[] = [
  ['this server is read-only (ALIPAY_READ_ONLY)', '本服务器只读（ALIPAY_READ_ONLY）'],
  ['the operator froze all payments and refunds on {} Beijing time', '管理员已于北京时间 {} 冻结全部收款和退款'],
  [
    'the operator froze all payments and refunds on {} Beijing time, reason: {}',
    '管理员已于北京时间 {} 冻结全部收款和退款，原因：{}',
  ],
  ['the subscription is ended, or about to be', '订阅已取消或正在取消'],
  // Limits
  ['{} asked, and {} allows {} for {}', '请求 {} 元，而 {} 限 {} 元（{}）'],
  ['{} asked, and {} allows {} for {}: used {}, left {}', '请求 {} 元，而 {} 限 {} 元（{}）：已用 {} 元，剩余 {} 元'],
  ['each {}', '每笔{}'],
  ['order', '订单'],
  ['the orders of a day, not counting those known to be closed or expired', '一天的订单，已知关闭或过期的不算'],
  ['the refunds of a day', '一天的退款'],
  [
    'the amount is more than what is left of the order: {} yuan paid, at least {} refunded, at most {} left',
    '超过订单可退金额：已付 {} 元，至少已退 {} 元，最多剩 {} 元',
  ],
  ['{} yuan is more than the whole order, {} yuan', '{} 元超过订单总额 {} 元'],
  [
    'the payment ({}) is older than ALIPAY_REFUND_WINDOW_DAYS allows, {} days',
    '付款时间（{}）已超出 ALIPAY_REFUND_WINDOW_DAYS 的 {} 天期限',
  ],
  ['not known', '未知'],
  ['{} days ago, on {} Beijing time', '{} 天前，北京时间 {}'],
  ['refunds are off in production until the operator sets: {}', '正式环境不能退款，管理员须先配置：{}'],
  // What is in flight, or happened meanwhile
  ['another call to {} this order is under way', '另一个调用正在{}这个订单'],
  ['close', '关闭'],
  ['create', '创建'],
  [
    'another refund of this order, {} yuan, is under way and comes first',
    '这个订单另一笔 {} 元的退款正在处理，须先完成',
  ],
  [
    'another refund of this order, {} yuan, has an unknown outcome and comes first',
    '这个订单另一笔 {} 元的退款结果未知，须先查清',
  ],
  ['this refund of {} yuan is under way in another server', '这笔 {} 元的退款正由另一个服务器处理'],
  ['this refund of {} yuan is of unknown outcome, and asked about first', '这笔 {} 元的退款结果未知，须先查清'],
  [
    'another refund of this order was just made, and Alipay wants 3 seconds between two refunds',
    '刚刚退过这个订单的另一笔款，支付宝要求两次退款间隔 3 秒',
  ],
  [
    'this server was stopped or slow for so long that another one took over',
    '本服务器停顿太久，操作已由另一个服务器接手',
  ],
  [
    'this computer was asleep or the clock was set; make the same call again if the refund is still wanted',
    '电脑休眠过，或时钟被调整；仍要退款时请再发起一次',
  ],
  ['something about the order changed after the yes', '确认之后订单有了变化'],
  ['the ledger cannot be used: {}', '账本不可用：{}'],
  // The order
  ['nothing to refund: this order has not been paid', '无可退款：订单还没有付款'],
  ["the order is past Alipay's time for refunds (TRADE_FINISHED)", '已超过支付宝的退款期限（TRADE_FINISHED）'],
  ['nothing to refund: the order is closed, and Alipay shows no payment', '无可退款：订单已关闭，支付宝没有它的付款'],
  [
    'nothing to refund: the order was refunded in full, by other refunds than this one',
    '无可退款：订单已由其他退款全额退还',
  ],
  ['the order had to be queried first: {}', '须先查询订单：{}'],
  ['the check before the refund: {}', '退款前的查询：{}'],
  ['{}: this is another order of the merchant', '{}：这是商家的另一个订单'],
  ['Alipay has {} yuan under this number, and {} was asked here', '支付宝里这个订单号是 {} 元，而这里下单是 {} 元'],
  // How it ended, as far as known
  ['Alipay has a record of it, but not of success', '支付宝有这笔记录，但没有成功'],
  ['Alipay has no record of it yet', '支付宝还没有这笔记录'],
  ['Alipay has no record of it, asked again after 10 minutes', '10 分钟后再次查询，支付宝仍没有这笔记录'],
  ['there was no trade to close yet', '当时还没有可关闭的交易'],
  ['it was closed before', '此前已关闭'],
  ['it was paid before', '此前已付款'],
  ['it still waits for payment', '仍在等待付款'],
  ['nobody has scanned its code', '还没有人扫码'],
  ['it expired without a trade', '没有人付款，已过期'],
  ['it was prepared and never sent', '已准备，从未发送'],
  ['not sent: {}', '没有发送：{}'],
  ['{}; an earlier try is unknown', '{}；此前一次尝试的结果未知'],
  [
    'an earlier try got no answer, and Alipay does not say now either',
    '此前一次尝试没有得到响应，这次查询支付宝也没有结果',
  ],
  [
    'an earlier try got no answer, and the order was refunded in full since, by that try or by another refund',
    '此前一次尝试没有得到响应，此后订单已全额退还：可能是那次尝试，也可能是另一笔退款',
  ],
  [
    'Alipay refused, and did not answer whether it was made earlier',
    '支付宝拒绝了，但没有答复这笔退款此前是否已经完成',
  ],
  ['Alipay refused, and has a record of it that tells of no success', '支付宝拒绝了；它有这笔退款的记录，但没有成功'],
  ['no try was answered', '每次尝试都没有得到响应'],
  ['Alipay did not say whether money moved', '支付宝没有说明资金是否变动'],
  [
    "Alipay's answer does not fit this refund, and may be that of another one: after it {} yuan of the order would be refunded, as far as known here, and its refund_fee is {}",
    '支付宝的响应与这笔退款不符，可能属于另一笔：按这里的记录，退款后订单累计应退 {} 元，而响应的 refund_fee 是 {}',
  ],
  ['no answer that can be trusted: {}', '没有可信的响应：{}'],
  ['Alipay refused to tell: {}', '支付宝拒绝查询：{}'],
  ['the answer is about another trade than the one of this order', '响应说的是另一笔交易，不是这个订单的'],
  ['the answer is about another trade than the one of this order: {}', '响应说的是另一笔交易，不是这个订单的：{}'],
  ['Alipay answered that it has no such trade, and had it before: {}', '支付宝返回没有这笔交易，而此前有过：{}'],
  ['the answer may be an old one, or of somebody between here and Alipay', '响应可能是旧的，或来自中间的第三方'],
  ['the order was delivered on {} Beijing time', '订单已于北京时间 {} 交付'],
  ['the shop said no to this refund', '商家没有同意这笔退款'],
  ['this refund was tried before, so a person decides', '这笔退款此前试过，须由人处理'],
  ['the item is sold out', '商品已售罄'],
  ['the shop allows one buyer {} unpaid orders at a time', '商家限每个买家 {} 笔待付款订单'],
  ['the shop allows one buyer {} orders in an hour', '商家限每个买家每小时 {} 笔订单'],
  ['only {} of the item are left', '商品只剩 {} 件'],
  [
    'the file shop-key beside ledger.db is missing, or is not the one that this ledger was used with.',
    'ledger.db 旁边的 shop-key 文件不见了，或者不是这个账本一直使用的那个。',
  ],
  [
    'Put the right shop-key back beside ledger.db: without it codes could be handed out twice, and buyers would lose their orders.',
    '请把原来的 shop-key 放回 ledger.db 旁边：没有它，卡密可能重复发出，买家也会找不到自己的订单。',
  ],
]
