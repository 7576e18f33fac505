// alipay-mcp forget: erases what people wrote about one order, and keeps what accounting needs.
import { inLanguages } from '../language.ts'
import { pasteable } from '../pasteable-call.ts'
import { unbroken } from '../text.ts'
import { orderLines } from './close.ts'
import { type CommandLine, UsageError } from './command-line.ts'
import { unknownOrder } from './ledger.ts'
import { terminalActor, withLedger } from './ledger-command.ts'
import { print, requireTerminal, typed } from './terminal.ts'

const TEXT = inLanguages({
  needsOrder: {
    en: (call: string) => `forget takes the number of an order:\n  ${call}`,
    zh: (call: string) => `forget 需要订单号：\n  ${call}`,
  },
  erases: {
    en: "  Erases for good: subject, description, reasons of refunds, Alipay's answers, questions to the merchant (an open one, or a yes not used yet, ends; a no stays), links and codes, names of hosts.",
    zh: '  将永久删除：标题、说明、退款原因、支付宝返回的文字、给商家的确认问题（未答复的问题和未使用的同意随之失效，拒绝保留）、链接和二维码、宿主程序名称。',
  },
  keeps: {
    en: '  Keeps: the numbers, amounts, states and times of the order and its refunds, which prove what money moved. Alipay keeps its own records, and copies of the ledger (backups, exports) are not changed. A link that is already out stays payable.',
    zh: '  会保留：订单及其退款的单号、金额、状态和时间，用来证明资金往来。支付宝自己的记录、账本的备份和导出文件不受影响。已发出的链接在过期之前仍可付款。',
  },
  unfinished: {
    en: (resolve: string) =>
      `  CAREFUL: the result of a step of this order is unknown. What its question shows is erased, too. Find out first:\n    ${resolve}`,
    zh: (resolve: string) =>
      `  注意：这个订单有操作的结果还不知道。它的确认问题里显示的内容也会被删除。请先运行：\n    ${resolve}`,
  },
  erase: { en: 'erase this', zh: '删除' },
  erased: { en: 'Erased.', zh: '已删除。' },
  left: { en: 'Nothing was erased.', zh: '没有删除任何内容。' },
})

export async function forget(line: CommandLine): Promise<number> {
  const { order, language } = line
  const say = TEXT(language)
  if (order === undefined) throw new UsageError(say.needsOrder(unbroken(pasteable(line, 'forget', '--order', 'N'))))
  requireTerminal('forget', language)
  return withLedger(line, async ({ ledger, clock }) => {
    const known = (await ledger.order({ out_trade_no: order })) ?? (await ledger.order({ trade_no: order }))
    if (!known) throw unknownOrder(order)
    await print(`${orderLines(known, language)}\n${say.erases}\n${say.keeps}`)
    if (known.unfinished) await print(say.unfinished(unbroken(pasteable(line, 'resolve'))))
    if (!(await typed('forget', say.erase, language))) {
      await print(say.left)
      return 1
    }
    if (!(await ledger.forget(known.out_trade_no, terminalActor(clock)))) throw unknownOrder(order)
    await print(say.erased)
    return 0
  })
}
