// /control...: the JSON interface that plays buyer, merchant, clock and bad network (text at GET /control).
import { Refusal } from './answers.ts'
import { setApp, setPermissions } from './console.ts'
import { decideCharge, listAgreements, planCharges, setStatus, sign, unsign } from './control-agreements.ts'
import { controlHelp } from './control-help.ts'
import { type ControlBody, ControlError, parseControlBody } from './control-input.ts'
import { holdNotifications, listNotifications, sendNotification } from './control-notifications.ts'
import { listTrades, pay, refundByHand, scan } from './control-orders.ts'
import {
  clearFaults,
  moveClock,
  orderFault,
  reset,
  setBalance,
  setRules,
  setSandboxRules,
  waitingFaults,
} from './control-settings.ts'
import { hasLocalOrigin, type Incoming } from './incoming.ts'
import { API_METHODS, PAGE_METHODS } from './methods/method-table.ts'
import { type Platform, SWITCHES } from './platform.ts'
import { json, plainText, type Reply } from './reply.ts'

interface Action {
  readonly keys: readonly string[]
  run(body: ControlBody, platform: Platform): object | Promise<object>
}

const AGREEMENT_KEYS = ['agreement_no', 'external_agreement_no']

const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['/control/scan', { keys: ['pay_url', 'qr_code', 'out_trade_no', 'account'], run: scan }],
  ['/control/pay', { keys: ['pay_url', 'qr_code', 'out_trade_no', 'account'], run: pay }],
  ['/control/refund', { keys: ['out_trade_no', 'trade_no', 'refund_amount'], run: refundByHand }],
  ['/control/agreements/sign', { keys: ['sign_url', 'account'], run: sign }],
  ['/control/agreements/unsign', { keys: AGREEMENT_KEYS, run: unsign }],
  ['/control/agreements/status', { keys: [...AGREEMENT_KEYS, 'status'], run: setStatus }],
  [
    '/control/charges/next',
    { keys: [...AGREEMENT_KEYS, 'outcome', 'sub_code', 'seconds', 'end', 'times'], run: planCharges },
  ],
  ['/control/charges/decide', { keys: ['out_trade_no', 'end'], run: decideCharge }],
  ['/control/clock', { keys: ['ms', 'seconds'], run: moveClock }],
  ['/control/faults', { keys: ['fault', 'method', 'times', 'ms', 'sub_code'], run: orderFault }],
  ['/control/faults/clear', { keys: [], run: clearFaults }],
  ['/control/balance', { keys: ['balance'], run: setBalance }],
  ['/control/sandbox', { keys: ['on'], run: setSandboxRules }],
  ['/control/rules', { keys: Object.keys(SWITCHES), run: setRules }],
  ['/control/notifications/hold', { keys: ['on'], run: holdNotifications }],
  [
    '/control/notifications/send',
    { keys: ['out_trade_no', 'agreement_no', 'notify_id', 'form'], run: sendNotification },
  ],
  ['/control/permissions', { keys: [...API_METHODS.keys(), ...PAGE_METHODS.keys()], run: setPermissions }],
  ['/control/app', { keys: ['state', 'gateway_url'], run: setApp }],
  ['/control/reset', { keys: [], run: reset }],
])

/** At once, but for what posts notifications. */
export function answerControl(incoming: Incoming, platform: Platform): Reply | Promise<Reply> {
  try {
    platform.agreements.catchUp(platform.clock.now())
    if (incoming.method === 'GET') return answerGet(incoming, platform)
    refuseForeign(incoming)
    const action = ACTIONS.get(incoming.url.pathname)
    if (!action) throw new ControlError('There is no such control call.', [...ACTIONS.keys()], 404)
    const result = action.run(parseControlBody(incoming.body.toString(), action.keys), platform)
    return result instanceof Promise ? result.then((done) => json(200, done), refusedReply) : json(200, result)
  } catch (error) {
    return refusedReply(error)
  }
}

/** @throws what is a fault of ours */
function refusedReply(error: unknown): Reply {
  if (error instanceof ControlError) {
    const allowed = error.allowed && { allowed: error.allowed }
    return json(error.status, { error: error.message, ...allowed })
  }
  if (!(error instanceof Refusal)) throw error
  const { message, sub_code, sub_msg } = error
  return json(409, { error: message, sub_code, sub_msg })
}

const LISTS: ReadonlyMap<string, (platform: Platform) => object> = new Map([
  ['/control/trades', listTrades],
  ['/control/agreements', listAgreements],
  ['/control/faults', waitingFaults],
  ['/control/notifications', listNotifications],
])

function answerGet(incoming: Incoming, platform: Platform): Reply {
  if (incoming.url.pathname === '/control') return plainText(200, controlHelp(incoming.headers.host ?? '', platform))
  const list = LISTS.get(incoming.url.pathname)
  if (list) return json(200, list(platform))
  throw new ControlError('There is nothing to read here.', ['/control', ...LISTS.keys()], 404)
}

/** A web page can post forms and plain text anywhere; JSON and a foreign Origin give it away. */
function refuseForeign({ headers }: Incoming): void {
  if (!hasLocalOrigin(headers)) throw new ControlError('Requests from other web pages are refused.', undefined, 403)
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    throw new ControlError('The content type must be application/json.', ['application/json'], 415)
  }
}
