// The story of the demo, in both languages: what happens at each step, and the settings for a host with which it ends.
import { realpathSync } from 'node:fs'
import { inLanguages } from '../../language.ts'
import { quoted } from '../../pasteable-call.ts'
import { VERSION } from '../../version.ts'

export const DEMO = inLanguages({
  title: {
    en: 'One order from link to refund, on the built-in emulator. No real money moves.',
    zh: '在内置模拟器上演示一笔订单：从收款到退款。不涉及真实资金。',
  },
  poem: { en: 'A short poem', zh: '一首小诗' },
  tea: { en: 'Tea', zh: '茶' },
  portrait: { en: 'Portrait', zh: '肖像画' },
  reason: { en: 'a line is missing', zh: '少了一行' },
  create: { en: 'The shop asks for 9.90 yuan: a short link', zh: '商家收款 9.90 元：生成短链接' },
  notYet: { en: 'Nobody has opened the cashier: not paid', zh: '还没有人打开收银台：未付款' },
  pays: { en: 'The buyer opens its page, logs in and pays', zh: '买家打开付款页，登录并付款' },
  youPay: { en: 'You pay', zh: '由你付款' },
  open: {
    en: 'Pay in the browser window that opens now, or open this link:',
    zh: '请在刚打开的浏览器窗口里付款，或打开这个链接：',
  },
  paid: { en: 'Paid', zh: '已付款' },
  partBack: { en: '3.00 back: the merchant is asked, and says yes', zh: '退 3.00 元：询问商家，商家同意' },
  again: { en: 'The same again: one request, one refund', zh: '重复请求：同一请求只退一次' },
  wasMade: { en: 'Was it made? Yes', zh: '退款成功了吗？成功了' },
  rest: { en: 'The rest, 6.90, is given back too', zh: '余下的 6.90 元也退还' },
  allBack: { en: 'All of it is refunded', zh: '已全额退款' },
  code: { en: 'A code to scan, for 5.00 yuan', zh: '生成 5.00 元的付款二维码' },
  scans: { en: 'The buyer scans and pays; the assistant waits', zh: '买家扫码付款，助手在等待' },
  byItself: { en: 'The waiting call answers by itself: paid', zh: '等待中的调用自动返回：已付款' },
  second: { en: 'An order of 20.00 yuan, open for 10 minutes', zh: '一笔 20.00 元的订单，10 分钟内有效' },
  leaves: { en: 'The buyer opens it, and does not pay', zh: '买家打开后没有付款' },
  close: { en: 'The shop closes it: nobody can pay it any more', zh: '商家关闭订单：不能再付款' },
  refused: { en: 'A refund of an order that was not paid is refused', zh: '未付款的订单不能退款' },
  more: { en: 'Each call and its answer:', zh: '每次调用及其结果：' },
  addIt: {
    en: "To add it to your assistant, put this into the host's settings (mcpServers):",
    zh: '要添加到你的助手，请把下面的内容写进宿主程序的配置（mcpServers）：',
  },
  claudeCode: { en: 'In Claude Code, run:', zh: '在 Claude Code 里，运行：' },
})

/** Node's own path: a host with another PATH finds no `node`. What npx has unpacked is not there for long; what has keys is not to update itself. */
function serverCall(mainFile: string): { command: string; args: readonly string[] } {
  const file = realpathSync(mainFile)
  return /[\\/](_npx|node_modules)[\\/]/.test(file)
    ? { command: 'npx', args: ['-y', `alipay-mcp@${VERSION}`] }
    : { command: process.execPath, args: [file] }
}

/** A line that can be pasted. */
export function claudeCodeCall(mainFile: string): string {
  const { command, args } = serverCall(mainFile)
  return ['claude', 'mcp', 'add', '-s', 'user', 'alipay', '--', ...[command, ...args].map(quoted)].join(' ')
}

/** What hosts take as it is. */
export function hostSettings(mainFile: string): string {
  const { command, args } = serverCall(mainFile)
  return [
    '{',
    '  "mcpServers": {',
    '    "alipay": {',
    `      "command": ${JSON.stringify(command)},`,
    `      "args": ${JSON.stringify(args)}`,
    '    }',
    '  }',
    '}',
  ].join('\n')
}
