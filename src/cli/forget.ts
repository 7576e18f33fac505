// alipay-mcp forget: erases what people wrote about one order, and keeps what accounting needs.

import { type CommandLine, UsageError } from './command-line.ts'
import { unknownOrder } from './ledger.ts'
import { terminalActor, withLedger } from './ledger-command.ts'
import { print } from './terminal.ts'

export async function forget(commandLine: CommandLine): Promise<number> {
  const { order } = commandLine
  if (order === undefined) throw new UsageError('forget takes the number of an order: alipay-mcp forget --order N.')
  return withLedger(commandLine, async ({ ledger, clock }) => {
    const known = (await ledger.order({ out_trade_no: order })) ?? (await ledger.order({ trade_no: order }))
    if (!known || !(await ledger.forget(known.out_trade_no, terminalActor(clock)))) throw unknownOrder(order)
    await print(`Order 订单 ${known.out_trade_no}:\n${ERASED}\n${KEPT}`)
    return 0
  })
}

const ERASED = `  Erased: subject, description, reasons of refunds, Alipay's answers, questions to the merchant (one that was open is
  now answered no), links and codes, names of hosts.
  已删除：标题、说明、退款原因、支付宝的应答文字、给商家的确认问题（未答复的视为拒绝）、链接和付款码、宿主名称。`
const KEPT = `  Kept: the numbers, amounts, states and times of the order and its refunds, which prove what money moved. Alipay keeps
  its own records, and copies that were made of the ledger (backups, exports) are not changed. A link that is already
  out stays payable.
  保留：订单及其退款的单号、金额、状态和时间，用来证明资金往来。支付宝自己的记录、以及账本的备份和导出文件不受影响。
  已发出的链接在过期之前仍可付款。`
