// What the shop itself says, on its page and at the terminal, in English or Chinese; all else is the assistant's or a buyer's.

const ENGLISH = {
  terminal: {
    open: (address) => `The shop is open: ${address}`,
    stop: 'Ctrl-C ends it.',
    scripted:
      'No OPENAI_API_KEY and no OPENAI_BASE_URL: a scripted model answers, which knows a few sentences. No account, no real money.',
    model: (name) => `The model is ${name}.`,
    notBuilt: 'The server is not built. Run "npm ci" in the folder of alipay-mcp first.',
    badPort: 'SHOP_PORT must be a number up to 65535.',
    badOrigin: 'SHOP_ORIGIN must be the address in the browser, without a path, such as https://shop.example.com.',
    noOrigin: 'Set SHOP_ORIGIN to the address in the browser: SHOP_HOST lets other computers in.',
    badSecret: 'SHOP_SECRET must have at least 32 characters, such as the output of: openssl rand -hex 32',
    noModelName: 'Set OPENAI_MODEL to the name of a model of your provider.',
    noSettings:
      'The scripted model works on the emulator only. Set OPENAI_API_KEY and OPENAI_MODEL to use settings of yours.',
    noServer: (why) => `The shop did not start: ${why}`,
  },
  page: {
    language: 'en',
    title: 'Tea shop',
    demo: 'Demo: a script answers in place of an AI, and no real money moves.',
    tryOut: 'No real money moves.',
    about: 'The assistant can be wrong. Prices, payments and deliveries come from the shop’s own system.',
    hello: 'Welcome. Ask what there is, leave a tip, buy a ticket code, or ask for a refund.',
    log: 'Conversation',
    message: 'Your message',
    send: 'Send',
    suggestions: 'Suggestions',
    suggested: ['What do you have?', 'A tip of 5 yuan', 'One ticket code', 'I want a refund'],
    you: 'You',
    assistant: 'Assistant',
    shop: 'Shop',
    writing: 'The assistant is writing …',
    order: 'Order',
    refunds: 'Refunds',
    payBefore: 'Pay before',
    beijing: 'Beijing time',
    number: 'Number',
    pay: 'Pay ¥{}',
    newTab: 'opens in a new tab',
    here: 'The link opens on this computer only, so there is no code to scan.',
    scan: 'Or scan it with Alipay or with the camera of your phone.',
    code: 'QR code of the payment page',
    states: {
      open: 'Not paid yet',
      paid: 'Paid',
      delivered: 'Paid and delivered',
      refund_asked: 'Refund asked for: the shop decides',
      refunded: 'Refunded',
      over: 'Cancelled or expired',
    },
    goods: 'What you bought',
    copy: 'Copy',
    copied: 'Copied',
    says: {
      paid: 'Paid: ¥{}.',
      no_answer: 'The assistant does not answer just now. Your orders are safe; write again in a minute.',
    },
    refusals: {
      empty: 'Write something first.',
      too_long: 'That is too long: at most 1,000 characters.',
      too_fast: 'Too many messages. Wait a minute.',
      full: 'The shop has too many visitors just now. Come back in a few minutes.',
      no_session: 'This page is out of date. Load it again.',
      no_connection: 'The shop cannot be reached. The message was not sent.',
    },
    noScript: 'The chat needs JavaScript.',
  },
}

const CHINESE = {
  terminal: {
    open: (address) => `小店已开张：${address}`,
    stop: '按 Ctrl-C 结束。',
    scripted: '没有 OPENAI_API_KEY 和 OPENAI_BASE_URL：由脚本代替模型回复，只懂几句话。不需要账号，不涉及真实资金。',
    model: (name) => `模型：${name}。`,
    notBuilt: '服务器还没有构建。请先在 alipay-mcp 目录运行“npm ci”。',
    badPort: 'SHOP_PORT 应为不超过 65535 的数字。',
    badOrigin: 'SHOP_ORIGIN 应为浏览器里的地址，不带路径，例如 https://shop.example.com。',
    noOrigin: 'SHOP_HOST 允许其他电脑访问：请用 SHOP_ORIGIN 指定浏览器里的地址。',
    badSecret: 'SHOP_SECRET 至少需要 32 个字符，例如 openssl rand -hex 32 的输出。',
    noModelName: '请用 OPENAI_MODEL 指定所用平台的模型名称。',
    noSettings: '脚本模型只能用于模拟器。要使用自己的配置，请提供 OPENAI_API_KEY 和 OPENAI_MODEL。',
    noServer: (why) => `小店没有启动：${why}`,
  },
  page: {
    language: 'zh-CN',
    title: '茶铺',
    demo: '演示：由脚本代替 AI 回复，不涉及真实资金。',
    tryOut: '不涉及真实资金。',
    about: '助手可能出错。价格、付款和交付以店铺系统为准。',
    hello: '欢迎光临。可以问有什么商品、打赏、买入场码，或申请退款。',
    log: '对话',
    message: '输入消息',
    send: '发送',
    suggestions: '常用语',
    suggested: ['有什么商品？', '打赏 5 元', '买一个入场码', '我要退款'],
    you: '我',
    assistant: '助手',
    shop: '店铺',
    writing: '助手正在输入……',
    order: '订单',
    refunds: '退款规则',
    payBefore: '付款截止',
    beijing: '北京时间',
    number: '订单号',
    pay: '付款 ¥{}',
    newTab: '在新标签页打开',
    here: '链接只能在这台电脑上打开，所以没有二维码。',
    scan: '也可以用支付宝或手机相机扫码。',
    code: '付款页的二维码',
    states: {
      open: '待付款',
      paid: '已付款',
      delivered: '已付款，已交付',
      refund_asked: '已申请退款，等待商家答复',
      refunded: '已退款',
      over: '已取消或已过期',
    },
    goods: '您购买的内容',
    copy: '复制',
    copied: '已复制',
    says: {
      paid: '已付款 ¥{}。',
      no_answer: '助手暂时没有响应。您的订单不受影响，请过一分钟再发。',
    },
    refusals: {
      empty: '请先输入内容。',
      too_long: '内容过长，最多 1000 个字符。',
      too_fast: '消息太频繁，请等一分钟。',
      full: '店里访客太多，请过几分钟再来。',
      no_session: '页面已过期，请刷新。',
      no_connection: '连接不上店铺，消息没有发出。',
    },
    noScript: '聊天需要 JavaScript。',
  },
}

export function terminalWords({ LC_ALL, LC_MESSAGES, LANG }) {
  return (/^zh/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? CHINESE : ENGLISH).terminal
}

/** The one that the browser asks for first. */
export function pageWords(acceptLanguage = '') {
  const wanted = acceptLanguage.split(',').map((part) => {
    const [name, quality = ''] = part.trim().split(';q=')
    return { name: name.toLowerCase(), weight: quality === '' ? 1 : Number(quality) || 0 }
  })
  const [first] = wanted.filter(({ name }) => /^(zh|en)\b/.test(name)).sort((one, other) => other.weight - one.weight)
  return (first?.name.startsWith('zh') ? CHINESE : ENGLISH).page
}
