// The sentences of the demo's script, in the language of the buyer.

const ENGLISH = {
  isChinese: false,
  help: 'I am a script, and know a few sentences: "What do you have?", "A tip of 5 yuan", "A poem", "Two ticket codes", "I have paid", "Cancel it", "I want a refund", "The weekly tea letter", "Cancel my subscription".',
  list: (items, plans) =>
    [
      'We have:',
      ...items.map(({ subject, price }) => `· ${subject}: ${price ? `${price} yuan` : 'you name the amount'}`),
      ...plans.map(({ subject, price, period }) => `· ${subject}: ${price} yuan ${period}, until you cancel`),
    ]
      .concat('What would you like?')
      .join('\n'),
  ordered: (amount) =>
    `Here is your order of ${amount} yuan. Pay it with the button on the card; I get word once it is paid.`,
  inTheBox: 'Thank you! What you bought is in the box above. Keep it safe.',
  thanks: 'Thank you for the tea! If you change your mind, say that you want a refund.',
  poem: 'Thank you! Here is your poem:\n\nSteam lifts the morning off the hill,\na leaf unfolds, the cup is still;\nwhat rain and patience put in green\nreturns as warmth, and time between.',
  offered: (price, period) =>
    `Here is your subscription, ${price} yuan ${period}. Sign it with the button on the card: that charges nothing yet. You can cancel at any time.`,
  subscribed: 'Thank you for subscribing! Whenever you want no more of it, say "Cancel my subscription".',
  noSubscription:
    'There is no subscription in this chat. If you mean another one, write its number; its own page ends it, too.',
  undone:
    'It did not start: it was cancelled, it was signed too late, or this Alipay account has it already. Nothing is charged.',
  noOrder: 'There is no order in this chat yet. If you mean another one, write its number.',
  whichCode: 'Write the claim code from the paid page.',
}

const CHINESE = {
  isChinese: true,
  help: '我是脚本，只懂几句话：“有什么商品？”“打赏 5 元”“来一首诗”“买两个入场码”“我付了”“取消订单”“我要退款”“订阅每周茶信”“取消订阅”。',
  list: (items, plans) =>
    ['本店有：', ...items.map(({ subject, price }) => `· ${subject}：${price ? `${price} 元` : '金额由您定'}`)]
      .concat(plans.map(({ subject, price, period_zh }) => `· ${subject}：${period_zh} ${price} 元，可随时取消`))
      .concat('您想要哪一个？')
      .join('\n'),
  ordered: (amount) => `订单已创建，共 ${amount} 元。请点卡片上的按钮付款，付款后我会自动收到通知。`,
  inTheBox: '谢谢！您购买的内容在上面的方框里，请妥善保存。',
  thanks: '谢谢您请的茶！如果改变主意，说一声“我要退款”即可。',
  poem: '谢谢！这是您的诗：\n\n一壶春水沸松声，\n半盏新芽照眼明。\n且把浮云都煮尽，\n留些清气与人生。',
  offered: (price, _period, period_zh) =>
    `这是您的订阅，${period_zh} ${price} 元。请点卡片上的按钮签约，签约本身不扣款。您可以随时取消。`,
  subscribed: '谢谢订阅！不想要了，说一声“取消订阅”即可。',
  noSubscription: '这个对话里还没有订阅。如果是别的订阅，请写上订阅号；在订阅自己的页面上也能取消。',
  undone: '订阅没有生效：已取消、签约太晚，或这个支付宝账号已有相同的订阅。不会扣款。',
  noOrder: '这个对话里还没有订单。如果是别的订单，请写上订单号。',
  whichCode: '请写上已付款页面上的取回码。',
}

export function demoWords(sentence) {
  return /\p{Script=Han}/u.test(sentence) ? CHINESE : ENGLISH
}
