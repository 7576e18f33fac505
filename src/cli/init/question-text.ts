// The questions of init and their choices, in both languages.
import { inLanguages } from '../../language.ts'

export const QUESTION = inLanguages({
  welcome: {
    en: 'alipay-mcp, set up in a few questions. Nothing is changed before the last yes. Ctrl-C leaves.',
    zh: 'alipay-mcp：回答几个问题即可完成配置。最后确认之前不做改动。按 Ctrl-C 退出。',
  },
  existing: {
    en: (path: string) => `There are settings already, in ${path}:`,
    zh: (path: string) => `已有配置 ${path}：`,
  },
  whatWithExisting: { en: 'What is to happen to them?', zh: '怎样处理已有配置？' },
  change: {
    en: 'change what I answer otherwise, and keep the rest; the app of another environment in a file beside',
    zh: '只改动回答不同的部分，其余保留；换环境时，原应用的配置另存到旁边',
  },
  aside: { en: 'keep them in a file beside, and start afresh', zh: '另存到旁边，重新开始' },
  leave: { en: 'leave them as they are, and end', zh: '保持原样，退出' },
  shell: {
    en: (names: string) => `The environment of this shell has ${names}. Take these values over?`,
    zh: (names: string) => `当前 shell 的环境变量里有 ${names}。采用这些值吗？`,
  },
  environment: { en: 'Where do payments go?', zh: '使用哪个环境？' },
  local: {
    en: 'local: the built-in emulator. No account, no real money.',
    zh: 'local：内置模拟器，不需要账号，不涉及真实资金',
  },
  sandbox: {
    en: "sandbox: Alipay's own 沙箱. An account, no real money.",
    zh: 'sandbox：支付宝沙箱，需要账号，不涉及真实资金',
  },
  production: { en: 'production: REAL money.', zh: 'production：正式环境，真实资金！' },
  privateKey: { en: "The application's private key 应用私钥:", zh: '应用私钥：' },
  keep: { en: (where: string) => `keep the one of ${where}`, zh: (where: string) => `使用 ${where} 里的` },
  waiting: {
    en: (day: string) => `go on with the pair that was made on ${day}`,
    zh: (day: string) => `继续使用 ${day} 生成的那一对`,
  },
  make: { en: 'make a new pair of 2048 bits', zh: '生成一对新的 2048 位密钥' },
  paste: { en: 'paste it, hidden', zh: '粘贴，不显示' },
  file: { en: 'name its file', zh: '给出文件路径' },
  pasteNow: {
    en: 'Paste the key, then press Enter. Nothing of it is shown. An empty line ends, too.',
    zh: '请粘贴密钥，然后按回车。内容不会显示。输入空行也可结束。',
  },
  received: {
    en: (characters: number) => `${characters} characters came in.`,
    zh: (characters: number) => `收到 ${characters} 个字符。`,
  },
  path: { en: 'Path of the file:', zh: '文件路径：' },
  noPath: { en: 'Name a file.', zh: '请填写文件路径。' },
  alipaysKey: { en: "Alipay's public key 支付宝公钥, as the console shows it:", zh: '支付宝公钥（控制台显示的）：' },
  later: { en: 'I do not have it yet: stop here, and go on later', zh: '还没有：先到这里，以后继续' },
  appId: { en: 'APPID of the app, 16 digits:', zh: '应用的 APPID（16 位数字）：' },
  sellerId: {
    en: 'PID of the merchant, 16 digits, 2088... (Enter goes on without):',
    zh: '商家的 PID（16 位数字，2088 开头；直接回车则不填）：',
  },
  sellerIdInProduction: {
    en: 'PID of the merchant, 16 digits, 2088... (without it no refunds; Enter goes on without):',
    zh: '商家的 PID（16 位数字，2088 开头；不填则不能退款，直接回车跳过）：',
  },
  approval: { en: 'Who says yes to a refund?', zh: '退款由谁确认？' },
  chat: { en: 'chat: whoever sits in the chat, who is the merchant or staff', zh: 'chat：聊天里的人（商家或员工）' },
  operator: {
    en: 'operator: somebody outside the chat, where buyers may sit in it',
    zh: 'operator：聊天之外的人（聊天里可能是买家）',
  },
  none: { en: 'none: nobody is asked, the limits alone hold', zh: 'none：不询问，只靠限额' },
  maxRefund: { en: 'The most that one refund may give back, in yuan:', zh: '单笔退款上限（元）：' },
  dailyRefunds: { en: 'The most that one day may give back, in yuan:', zh: '每天退款总额上限（元）：' },
  maxPayment: {
    en: 'The most that one order may cost, in yuan (Enter sets no limit):',
    zh: '单笔收款上限（元；直接回车则不限）：',
  },
  summary: { en: (path: string) => `This goes into ${path}:`, zh: (path: string) => `将写入 ${path}：` },
  keysBeside: {
    en: 'Pasted keys go into files beside it, for you alone.',
    zh: '粘贴的密钥会存成旁边的文件，只有你能读。',
  },
  writeAnyway: {
    en: 'The server does not start like that. Write it all the same?',
    zh: '服务器按这些配置无法运行。仍然写入吗？',
  },
  write: { en: 'Write it?', zh: '写入吗？' },
  host: { en: 'Into which assistant on this computer?', zh: '接入本机的哪个 AI 助手？' },
  anotherHost: { en: 'Into another one, too?', zh: '还要接入别的吗？' },
  noHost: { en: 'none, later', zh: '暂不接入' },
  enough: { en: 'no', zh: '不用了' },
  yes: { en: 'yes', zh: '是' },
  no: { en: 'no', zh: '否' },
})
