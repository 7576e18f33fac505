// alipay-mcp delivered: a person at a terminal says that a paid order of an item was handed over by hand.
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
    en: (call: string) => `delivered takes the number of an order:\n  ${call}`,
    zh: (call: string) => `delivered 需要订单号：\n  ${call}`,
  },
  means: {
    en: '  From then on it is off the list of undelivered orders, the assistant hands out nothing for it, and no refund of it is made by itself.',
    zh: '  之后它不再列为未交付，助手不再为它交付，也不会自动退款。',
  },
  mark: { en: 'mark it as delivered', zh: '标记为已交付' },
  done: { en: 'Marked as delivered.', zh: '已标记为已交付。' },
  left: { en: 'Left as it is.', zh: '没有改动。' },
  not: {
    en: 'Not marked: it is no paid order of an item, it is delivered already, or money of it was given back or asked back.',
    zh: '没有标记：它不是已付款的商品订单，或已交付，或已退款、正在申请退款。',
  },
})

export async function delivered(line: CommandLine): Promise<number> {
  const { order, language } = line
  const say = TEXT(language)
  if (order === undefined) throw new UsageError(say.needsOrder(unbroken(pasteable(line, 'delivered', '--order', 'N'))))
  requireTerminal('delivered', language)
  return withLedger(line, async ({ ledger, clock }) => {
    const known = (await ledger.order({ out_trade_no: order })) ?? (await ledger.order({ trade_no: order }))
    if (!known) throw unknownOrder(order)
    await print(`${orderLines(known, language)}\n${say.means}`)
    if (!(await typed('delivered', say.mark, language))) {
      await print(say.left)
      return 1
    }
    const isMarked = await ledger.markDelivered(known.out_trade_no, terminalActor(clock))
    await print(isMarked ? say.done : say.not)
    return isMarked ? 0 : 1
  })
}
