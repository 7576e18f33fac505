// What the desk itself says, in English or Chinese; the question of an approval comes from the server, in both.

const ENGLISH = {
  scripted:
    'No OPENAI_API_KEY and no OPENAI_BASE_URL: a scripted model answers, which knows a few sentences. No account, no real money.',
  model: (name) => `The model is ${name}.`,
  start: 'Write what you want, such as "collect 9.90 for tea". "exit" ends.',
  you: 'you> ',
  question: 'THE SERVER ASKS YOU. The assistant does not see this question and cannot answer it.',
  skip: 'Enter alone skips, and nothing moves.',
  unclear: 'Not understood.',
  noAnswer: 'Not approved.',
  askedBefore: 'The assistant asked for the same again. You are asked once; write again if you want it.',
  otherForm: 'The server asked for something that this desk cannot show.',
  calls: (name) => `[calls ${name}]`,
  failed: (why) => `The model did not answer: ${why}`,
  noServer: (why) => `The server did not start: ${why}`,
  notBuilt: 'The server is not built. Run "npm ci" in the folder of alipay-mcp first.',
  noModelName: 'Set OPENAI_MODEL to the name of a model of your provider.',
  noSettings:
    'The scripted model works on the emulator only. Set OPENAI_API_KEY and OPENAI_MODEL to use settings of yours.',
}

const CHINESE = {
  scripted: '没有设置 OPENAI_API_KEY 和 OPENAI_BASE_URL：由脚本模型应答，只懂几句话。不需要账号，不涉及真实资金。',
  model: (name) => `模型：${name}。`,
  start: '请输入要做的事，例如“收款 9.90 元，茶叶”。输入“退出”结束。',
  you: '你> ',
  question: '服务器向你确认。助手看不到这个问题，也不能代你回答。',
  skip: '直接回车则跳过，不会退款。',
  unclear: '没有看懂。',
  noAnswer: '未同意。',
  askedBefore: '助手又提出了同样的请求。每句话只问你一次；需要的话请再说一遍。',
  otherForm: '服务器的这个问题无法在这里显示。',
  calls: (name) => `[调用 ${name}]`,
  failed: (why) => `模型没有响应：${why}`,
  noServer: (why) => `服务器没有启动：${why}`,
  notBuilt: '服务器还没有构建。请先在 alipay-mcp 目录运行“npm ci”。',
  noModelName: '请用 OPENAI_MODEL 指定所用平台的模型名称。',
  noSettings: '脚本模型只能用于模拟器。要使用自己的配置，请设置 OPENAI_API_KEY 和 OPENAI_MODEL。',
}

export function wordsFor({ LC_ALL, LC_MESSAGES, LANG }) {
  return /^zh/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? CHINESE : ENGLISH
}
