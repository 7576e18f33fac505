// alipay.trade.close: ends a trade that waits for its buyer; it never moves money.
import { Refusal } from '../answers.ts'
import { echoedNumber, namedTrade, readField } from '../biz-content.ts'
import { statusOf } from '../trade.ts'
import type { ApiMethod } from './method.ts'

export const tradeClose: ApiMethod = {
  name: 'alipay.trade.close',

  run(biz, platform) {
    const trade = namedTrade(biz, platform)
    // A link nobody has reached yet is no trade: nothing is closed and it stays payable.
    if (!trade) {
      const code = platform.trades.codeOf(readField(biz, 'out_trade_no') ?? '')
      if (code && platform.rules.close_before_scan === 'blocks') platform.trades.blockCodes(code.out_trade_no)
      throw new Refusal('ACQ.TRADE_NOT_EXIST')
    }
    const now = platform.clock.now()
    // [guess G13] The documents say that it cannot be, not with which answer.
    if (statusOf(trade, now) !== 'WAIT_BUYER_PAY') throw new Refusal('ACQ.TRADE_STATUS_ERROR')
    trade.closed_at = now
    if (platform.rules.close_notification === 'sent') platform.notifications.add(trade, { kind: 'close' }, platform)
    return { out_trade_no: trade.out_trade_no, trade_no: trade.trade_no }
  },

  refusalFields: echoedNumber,
}
