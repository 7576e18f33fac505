// The text at GET /control: every control call with a curl line, and the cashier's steps for programs.
import { BUYERS } from './buyers.ts'
import { DENIALS } from './console.ts'
import { FAULTS } from './faults.ts'
import { FORMS } from './notifications/forms.ts'
import { CLOSE_BEFORE_SCAN, CLOSE_NOTIFICATION, type Platform, PRECREATE_REPEAT, TWO_PRODUCTS } from './platform.ts'

type Curl = (path: string, body: object) => string

export function controlHelp(host: string, platform: Platform): string {
  const curl: Curl = (path, body) =>
    `curl -s http://${host}${path} -H 'content-type: application/json' -d '${JSON.stringify(body)}'`
  const title = `支付宝网关本地模拟器的控制接口 / Control API of the local emulator of Alipay's gateway. No real money.`
  const parts = [ordersHelp(host, curl), notificationsHelp(host, curl), settingsHelp(curl, platform)]
  return [title, ...parts, faultsHelp(host, curl), CASHIER_HELP].join('\n\n')
}

function ordersHelp(host: string, curl: Curl): string {
  return `Orders. "account" is optional: ${BUYERS.map(({ account }) => account).join(', ')} (the first by default).
Name an order by "pay_url" (a signed link, verified as by the gateway), by "qr_code" (the text of a code),
or, once the link was opened or the code issued, by "out_trade_no".
  The buyer scans or logs in; the trade now exists (page and qr orders only):
    ${curl('/control/scan', { out_trade_no: 'ORDER_1', account: 'buyer1' })}
  The buyer goes the whole way and pays:
    ${curl('/control/pay', { out_trade_no: 'ORDER_1' })}
    ${curl('/control/pay', { qr_code: `http://${host}/qr/...` })}
    ${curl('/control/pay', { pay_url: `http://${host}/gateway.do?...` })}
  The merchant refunds by hand in the console, under a number the API does not know:
    ${curl('/control/refund', { out_trade_no: 'ORDER_1', refund_amount: '1.00' })}
  All trades and refunds, with sums, and how many calls of each method passed the gateway's checks:
    curl -s http://${host}/control/trades`
}

function notificationsHelp(host: string, curl: Curl): string {
  const forms = [...FORMS].map(([name, { does }]) => `  ${name.padEnd(20)} ${does}`)
  return `Notifications go to the notify_url of the order, on this computer only: of a payment, of each refund, of a close.
Until the address answers HTTP 200 with exactly success, they come again after 4, 10 and 10 minutes, 1, 2, 6 and 15 hours
of the clock; a clock that is moved sends those that are due before it answers.
  All of them, with every answer:
    curl -s http://${host}/control/notifications
  Hold them back, as if they came late, and let them go (false):
    ${curl('/control/notifications/hold', { on: true })}
  Send the newest of an order, or the one with that "notify_id", once more in one of these forms:
    ${curl('/control/notifications/send', { out_trade_no: 'ORDER_1', form: 'forged' })}
${forms.join('\n')}`
}

function settingsHelp(curl: Curl, { rules }: Platform): string {
  const now = [rules.precreate_repeat, rules.close_before_scan, rules.close_notification, rules.two_products]
  return `Surroundings.
  Move the clock forward ("ms" or "seconds"):
    ${curl('/control/clock', { seconds: 3600 })}
  The merchant's balance for refunds; null is without limit:
    ${curl('/control/balance', { balance: '100.00' })}
  The sandbox's rules (one full refund, success or not; 15 h limits) instead of production's:
    ${curl('/control/sandbox', { on: true })}
  Where reports of the real platform differ or are missing; give one or more (now ${now.join(', ')}):
    a second precreate of the same order: ${PRECREATE_REPEAT.join(' or ')} (ACQ.APPLY_PC_MERCHANT_CODE_ERROR);
    a close before the scan, which answers TRADE_NOT_EXIST: ${CLOSE_BEFORE_SCAN.join(' or ')} (later scans are turned away);
    whether a trade that was closed unpaid is notified: ${CLOSE_NOTIFICATION.join(' or ')};
    "two_products", a link of page.pay where a trade waits that one of wap.pay began, and the other way round:
    ${TWO_PRODUCTS.join(' or ')} (ACQ.CONTEXT_INCONSISTENT, when it is opened, logged in or paid)
    ${curl('/control/rules', { precreate_repeat: 'refused', close_before_scan: 'blocks' })}
  The console: take a method from the app (false: 40006 ${DENIALS[0]},
  or "${DENIALS[1]}"), give it back (true); an app that the gateway does not know ("online" again):
    ${curl('/control/permissions', { 'alipay.trade.precreate': false })}
    ${curl('/control/app', { state: 'unknown' })}
  Forget all trades, opened links, codes, faults, counts, the balance and the console's states;
  the clock and the rules stay:
    ${curl('/control/reset', {})}`
}

function faultsHelp(host: string, curl: Curl): string {
  const faults = [...FAULTS].map(([name, { effect, does }]) => {
    return `  ${name.padEnd(20)} ${effect ? 'effect   ' : 'no effect'}  ${does}`
  })
  return `Faults hit the next call that passes the gateway's checks, the oldest order first.
"method" is optional (any API method), "times" is 1 by default, or "always".
  Order one, see those waiting, clear them:
    ${curl('/control/faults', { fault: 'lost_after', method: 'alipay.trade.refund', times: 1 })}
    ${curl('/control/faults', { fault: 'delay', ms: 20000 })}
    ${curl('/control/faults', { fault: 'refuse', sub_code: 'ACQ.TRADE_NOT_ALLOW_REFUND' })}
    curl -s http://${host}/control/faults
    ${curl('/control/faults/clear', {})}
${faults.join('\n')}`
}

const CASHIER_HELP = `The cashier for a program, step by step ("account" as above; a qr_code is itself the address, /qr/ID):
  1. GET the signed link          -> 302 Location: /cashier/ID (a bad link: 200, an error page in GBK)
  2. page and qr orders only:
     POST /cashier/ID/login       form field account=buyer1 -> 303 Location: /cashier/ID?account=buyer1
  3. POST /cashier/ID/pay         form field account=buyer1 -> 303 Location: /cashier/ID
  4. GET /cashier/ID              -> 200, the receipt with the signed link back to return_url
  A refused step answers 409 with a page that names the code.
`
