// The text at GET /control: every control call with a curl line, and the cashier's steps for programs.
import { BUYERS } from './buyers.ts'
import { DENIALS } from './console.ts'
import { FAULTS } from './faults.ts'
import { FORMS } from './notifications/forms.ts'
import { type Platform, type Rules, SWITCHES } from './platform.ts'

type Curl = (path: string, body: object) => string

export function controlHelp(host: string, platform: Platform): string {
  const curl: Curl = (path, body) =>
    `curl -s http://${host}${path} -H 'content-type: application/json' -d '${JSON.stringify(body)}'`
  const title = `支付宝网关本地模拟器的控制接口 / Control API of the local emulator of Alipay's gateway. No real money.`
  const parts = [ordersHelp(host, curl), agreementsHelp(host, curl), notificationsHelp(host, curl)]
  return [title, ...parts, settingsHelp(curl, platform), faultsHelp(host, curl), CASHIER_HELP].join('\n\n')
}

function ordersHelp(host: string, curl: Curl): string {
  return `Orders. "account" is optional: ${BUYERS.map(({ account }) => account).join(', ')} (the first by default), or buyer3, buyer4 and so on.
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

function agreementsHelp(host: string, curl: Curl): string {
  const agreement_no = '20261120000000000001'
  return `Agreements. A sign link never expires; "sign_url" is the link, or its alipays:// form. Name an agreement by
"agreement_no" or "external_agreement_no".
  The buyer opens the link and agrees:
    ${curl('/control/agreements/sign', { sign_url: `http://${host}/gateway.do?...`, account: 'buyer1' })}
  The buyer ends it inside Alipay:
    ${curl('/control/agreements/unsign', { agreement_no })}
  It is not in force yet (TEMP) or paused (STOP), and NORMAL again:
    ${curl('/control/agreements/status', { agreement_no, status: 'STOP' })}
  What its next charges meet ("times" is 1 by default, or "always"): refuse, with a "sub_code";
  in_process (10003), decided after "seconds" of the clock, if given, by "end": paid or closed; late: 20000 and no trade,
  and the charge is carried out "seconds" later all the same, unless it has expired; usual again:
    ${curl('/control/charges/next', { agreement_no, outcome: 'refuse', sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH' })}
    ${curl('/control/charges/next', { agreement_no, outcome: 'in_process', seconds: 600, end: 'paid' })}
    ${curl('/control/charges/next', { agreement_no, outcome: 'late', seconds: 86400 })}
  One that waits is decided now:
    ${curl('/control/charges/decide', { out_trade_no: 'CHARGE_1', end: 'paid' })}
  All agreements, with every attempt to charge them and every trade that came of it:
    curl -s http://${host}/control/agreements`
}

function notificationsHelp(host: string, curl: Curl): string {
  const forms = [...FORMS].map(([name, { does }]) => `  ${name.padEnd(20)} ${does}`)
  return `Notifications go to the notify_url of the order, on this computer only: of a payment, of each refund, of a close.
Those of agreements, signed and ended, go to the app's gateway address, which is set by /control/app.
Until the address answers HTTP 200 with exactly success, they come again after 4, 10 and 10 minutes, 1, 2, 6 and 15 hours
of the clock; a clock that is moved sends those that are due before it answers.
  All of them, with every answer:
    curl -s http://${host}/control/notifications
  Hold them back, as if they came late, and let them go (false):
    ${curl('/control/notifications/hold', { on: true })}
  Send the newest of an order or of an "agreement_no", or the one with that "notify_id", once more in one of these forms:
    ${curl('/control/notifications/send', { out_trade_no: 'ORDER_1', form: 'forged' })}
${forms.join('\n')}`
}

function settingsHelp(curl: Curl, { rules }: Platform): string {
  return `Surroundings.
  Move the clock forward ("ms" or "seconds"):
    ${curl('/control/clock', { seconds: 3600 })}
  The merchant's balance for refunds; null is without limit:
    ${curl('/control/balance', { balance: '100.00' })}
  The sandbox's rules (one full refund, success or not; 15 h limits) instead of production's:
    ${curl('/control/sandbox', { on: true })}
  Where reports of the real platform differ or are missing; give one or more, and what is not named stays:
${switchesHelp(rules)}
    ${curl('/control/rules', { precreate_repeat: 'refused', close_before_scan: 'blocks' })}
  The console: take a method from the app (false: 40006 ${DENIALS[0]},
  or "${DENIALS[1]}"), give it back (true); an app that the gateway does not know ("online" again);
  the app's gateway address 应用网关, to which agreements are notified (null for none):
    ${curl('/control/permissions', { 'alipay.trade.precreate': false })}
    ${curl('/control/app', { state: 'unknown' })}
    ${curl('/control/app', { gateway_url: 'http://127.0.0.1:8080/notify' })}
  Forget all trades, agreements, opened links, codes, faults, counts, the balance and the console's states;
  the clock and the rules stay:
    ${curl('/control/reset', {})}`
}

const SWITCHES_HELP: Readonly<Record<keyof typeof SWITCHES, string>> = {
  precreate_repeat: 'a second precreate of the same order (refused: ACQ.APPLY_PC_MERCHANT_CODE_ERROR)',
  close_before_scan: 'a close before the scan, which answers TRADE_NOT_EXIST (blocks: later scans are turned away)',
  close_notification: 'whether a trade that was closed unpaid is notified',
  two_products: `a link of page.pay where a trade waits that one of wap.pay began, and the other way round
      (refused: ACQ.CONTEXT_INCONSISTENT, when it is opened, logged in or paid)`,
  charge_window: 'from how many days before the planned day an agreement can be charged',
  failed_charge: 'the number of a charge that a buyer without money was to pay: closed, unknown, or waiting',
  missed_window: 'a planned day that passed without a charge: it stays, or the plan goes on without it',
  agreement_notification:
    "notifications of agreements: the app's gateway address only, or first notify_url of the call",
  unsign_unknown: 'an unsign of what is not in force: by what was the case, or one code for all',
  deduct_time_form: 'next_deduct_time and last_deduct_time: a date, or a date and a time',
  query_by_external_no: 'whether agreement.query takes external_agreement_no without product and scene',
}

function switchesHelp(rules: Rules): string {
  return Object.entries(SWITCHES)
    .map(([name, words]) => {
      const key = name as keyof typeof SWITCHES
      return `    ${name}: ${words.join(' or ')} (now ${rules[key]})\n      ${SWITCHES_HELP[key]}`
    })
    .join('\n')
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
  To sign: GET the signed link    -> 302 Location: /sign/ID, or, of alipays://platformapi/startapp?..., GET the same path
     POST /sign/ID/agree          form field account=buyer1 -> 303 Location: /sign/ID?agreement_no=...
     POST /wallet/NUMBER/unsign   the buyer ends the agreement of that number -> 303 Location: /wallet/NUMBER
  A refused step answers 409 with a page that names the code.
`
