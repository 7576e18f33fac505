// The sentences of the demo's script, in the language of the buyer.

const ENGLISH = {
  isChinese: false,
  help: 'I am a script, and know a few sentences: "What do you have?", "A tip of 5 yuan", "A poem", "Two ticket codes", "I have paid", "Cancel it", "I want a refund".',
  list: (items) =>
    [
      'We have:',
      ...items.map(({ subject, price }) => `· ${subject}: ${price ? `${price} yuan` : 'you name the amount'}`),
    ]
      .concat('What would you like?')
      .join('\n'),
  ordered: (amount) =>
    `Here is your order of ${amount} yuan. Pay it with the button on the card; I get word once it is paid.`,
  inTheBox: 'Thank you! What you bought is in the box above. Keep it safe.',
  thanks: 'Thank you for the tea! If you change your mind, say that you want a refund.',
  poem: 'Thank you! Here is your poem:\n\nSteam lifts the morning off the hill,\na leaf unfolds, the cup is still;\nwhat rain and patience put in green\nreturns as warmth, and time between.',
  noOrder: 'There is no order in this chat yet. If you mean another one, write its number.',
  whichCode: 'Write the claim code from the paid page.',
}

const CHINESE = {
  isChinese: true,
  help: '我是脚本，只懂几句话：“有什么商品？”“打赏 5 元”“来一首诗”“买两个入场码”“我付了”“取消订单”“我要退款”。',
  list: (items) =>
    ['本店有：', ...items.map(({ subject, price }) => `· ${subject}：${price ? `${price} 元` : '金额由您定'}`)]
      .concat('您想要哪一个？')
      .join('\n'),
  ordered: (amount) => `订单已创建，共 ${amount} 元。请点卡片上的按钮付款，付款后我会自动收到通知。`,
  inTheBox: '谢谢！您购买的内容在上面的方框里，请妥善保存。',
  thanks: '谢谢您请的茶！如果改变主意，说一声“我要退款”即可。',
  poem: '谢谢！这是您的诗：\n\n一壶春水沸松声，\n半盏新芽照眼明。\n且把浮云都煮尽，\n留些清气与人生。',
  noOrder: '这个对话里还没有订单。如果是别的订单，请写上订单号。',
  whichCode: '请写上已付款页面上的取回码。',
}

export function demoWords(sentence) {
  return /\p{Script=Han}/u.test(sentence) ? CHINESE : ENGLISH
}
