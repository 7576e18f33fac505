// The control API's part for orders: the buyer's steps in one call, refunds by hand, the list.
import { BUYERS, type Buyer, buyerOf } from './buyers.ts'
import { beijingTime } from './clock.ts'
import { codeText, findCodeByText } from './codes.ts'
import { type ControlBody, ControlError, optionalText } from './control-input.ts'
import { fenOf, yuanOf } from './fen.ts'
import { openLink } from './gateway.ts'
import { type Params, readLink } from './incoming.ts'
import { joinOrder, payOrder, whyNotContinuable } from './orders.ts'
import { type Platform, switchesOf } from './platform.ts'
import { refundInConsole } from './refunds.ts'
import { signedReturn } from './return-url.ts'
import { refundedFen, statusOf, type Trade } from './trade.ts'
import { cashierPath, type Opening } from './trade-store.ts'

export function scan(body: ControlBody, platform: Platform): object {
  const opening = findOpening(body, platform)
  if (opening.channel === 'mobile') {
    throw new ControlError('A mobile order has no scan: its trade comes to exist when the password is confirmed.')
  }
  return describeTrade(joinOrder(opening, chooseBuyer(body), platform), platform)
}

/** The whole way of a buyer: open, scan or log in, confirm. */
export function pay(body: ControlBody, platform: Platform): object {
  const opening = findOpening(body, platform)
  const buyer = chooseBuyer(body)
  if (opening.channel !== 'mobile') joinOrder(opening, buyer, platform)
  const trade = payOrder(opening, buyer, platform)
  return { ...describeTrade(trade, platform), return_url: signedReturn(opening, trade, platform) }
}

export function refundByHand(body: ControlBody, platform: Platform): object {
  const trade_no = optionalText(body, 'trade_no')
  const trade = platform.trades.find({ trade_no, out_trade_no: optionalText(body, 'out_trade_no') })
  if (!trade) throw new ControlError('There is no such trade.', knownOrders(platform), 404)
  const fen = fenOf(optionalText(body, 'refund_amount'))
  if (!fen) throw new ControlError('"refund_amount" must be an amount in yuan as text, such as "9.90".')
  refundInConsole(trade, fen, platform)
  return describeTrade(trade, platform)
}

export function listTrades(platform: Platform): object {
  const trades = platform.trades.all()
  const openings = platform.trades.openings()
  const { sandbox: sandbox_rules, balance_fen } = platform.rules
  const paid = trades.filter((trade) => trade.paid_at !== undefined)
  const sum = (fens: number[]) => yuanOf(fens.reduce((total, fen) => total + fen, 0))
  return {
    now: beijingTime(platform.clock.now()),
    sandbox_rules,
    ...switchesOf(platform.rules),
    app: platform.console.app,
    gateway_url: platform.console.gateway_url ?? null,
    denied: platform.console.denied(),
    balance: balance_fen === undefined ? null : yuanOf(balance_fen),
    paid: sum(paid.map((trade) => trade.total_fen)),
    refunded: sum(trades.map(refundedFen)),
    calls: Object.fromEntries(platform.calls),
    trades: trades.map((trade) => describeTrade(trade, platform)),
    opened_links: openings.filter(({ channel }) => channel !== 'qr').map(describeLink),
    codes: openings.filter(({ channel }) => channel === 'qr').map((code) => describeCode(code, platform)),
  }
}

function describeLink(link: Opening): object {
  return { out_trade_no: link.out_trade_no, channel: link.channel, cashier: cashierPath(link) }
}

function describeCode(code: Opening, platform: Platform): object {
  return {
    out_trade_no: code.out_trade_no,
    qr_code: codeText(code, platform),
    scannable_until: beijingTime(code.open_until),
    time_expire: beijingTime(code.expires_at),
    blocked: platform.trades.isBlocked(code),
  }
}

export function describeTrade(trade: Trade, platform: Platform): object {
  return {
    out_trade_no: trade.out_trade_no,
    trade_no: trade.trade_no,
    trade_status: statusOf(trade, platform.clock.now()),
    channel: trade.channel,
    subject: trade.subject,
    total_amount: yuanOf(trade.total_fen),
    refunded: yuanOf(refundedFen(trade)),
    buyer: trade.buyer.account,
    gmt_create: beijingTime(trade.created_at),
    time_expire: beijingTime(trade.expires_at),
    gmt_payment: trade.paid_at === undefined ? null : beijingTime(trade.paid_at),
    refunds: trade.refunds.map(({ out_request_no, fen, at, by }) => {
      return { out_request_no, refund_amount: yuanOf(fen), gmt_refund_pay: beijingTime(at), by }
    }),
  }
}

/** A link is verified as the gateway would; a number works once its link was opened or its code issued. */
function findOpening(body: ControlBody, platform: Platform): Opening {
  const pay_url = optionalText(body, 'pay_url')
  const out_trade_no = optionalText(body, 'out_trade_no')
  const qr_code = optionalText(body, 'qr_code')
  if ([pay_url, out_trade_no, qr_code].filter((one) => one !== undefined).length !== 1) {
    throw new ControlError('Give one of these.', ['pay_url', 'qr_code', 'out_trade_no'])
  }
  if (pay_url !== undefined) return openLink(parseLink(pay_url), platform)
  if (qr_code !== undefined) return findCode(qr_code, platform)
  const opening = openingOf(out_trade_no ?? '', platform)
  if (opening) return opening
  throw new ControlError(
    'No link of this order was opened and no code issued; give "pay_url" or "qr_code" instead.',
    knownOrders(platform),
    404,
  )
}

/** The newest that goes on with the number's trade; where there is no trade, or none does, the newest. */
function openingOf(out_trade_no: string, platform: Platform): Opening | undefined {
  const newest = platform.trades.newestOpenings(out_trade_no)
  const trade = platform.trades.find({ out_trade_no })
  return newest.find((one) => trade && whyNotContinuable(trade, one, platform) === undefined) ?? newest[0]
}

function findCode(qr_code: string, platform: Platform): Opening {
  const code = findCodeByText(qr_code, platform)
  if (code) return code
  throw new ControlError('"qr_code" must be the whole text of a code that this emulator issued.')
}

function parseLink(pay_url: string): Params {
  if (!URL.canParse(pay_url) || new URL(pay_url).pathname !== '/gateway.do') {
    throw new ControlError('"pay_url" must be a whole signed link to this emulator\'s /gateway.do.')
  }
  return readLink(new URL(pay_url))
}

export function chooseBuyer(body: ControlBody): Buyer {
  const buyer = buyerOf(optionalText(body, 'account'))
  if (buyer) return buyer
  throw new ControlError(
    'There is no such "account".',
    BUYERS.map(({ account }) => account),
  )
}

/** The newest, as a hint. */
function knownOrders(platform: Platform): string[] {
  return [...new Set(platform.trades.openings().map(({ out_trade_no }) => out_trade_no))].slice(-20)
}
