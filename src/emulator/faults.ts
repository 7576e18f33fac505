// Every fault that can be ordered, what it does on the wire, whether the call takes effect; and those that wait.
import { type Fields, Refusal, type SubCode } from './answers.ts'
import {
  doubledEnvelope,
  type Envelope,
  escapedSlashEnvelope,
  otherCertEnvelope,
  plainSlashEnvelope,
  type Signer,
  signedEnvelope,
  signFirstEnvelope,
  unsignedEnvelope,
  wrongSignEnvelope,
} from './envelope.ts'
import { badGatewayPage, maintenancePage } from './pages/gateway-error-page.ts'
import type { Answer, Reply } from './reply.ts'

/** A checked call; `run` does the work once and gives the answer's fields, a refusal's included. */
export interface Call {
  readonly key: string
  readonly signer: Signer
  /** How the method writes a system error. */
  readonly systemError: SubCode
  run(): Fields
  refuse(refusal: Refusal): Fields
  /** Real time, not the clock's. */
  pause(ms: number): Promise<void>
}

export interface FaultOrder {
  readonly fault: FaultName
  /** Any API method if undefined. */
  readonly method: string | undefined
  readonly times: number | 'always'
  readonly ms: number
  readonly sub_code: SubCode | undefined
}

interface Fault {
  readonly effect: boolean
  readonly does: string
  reply(call: Call, order: FaultOrder): Reply | Promise<Reply>
}

const answerCall = (call: Call, envelope: Envelope = signedEnvelope) => envelope(call.key, call.run(), call.signer)

const refuseWith = (code: SubCode) => (call: Call) =>
  signedEnvelope(call.key, call.refuse(new Refusal(code)), call.signer)

const systemError = (call: Call) => refuseWith(call.systemError)(call)

function withoutEffect(does: string, reply: (call: Call, order: FaultOrder) => Reply): Fault {
  return { effect: false, does, reply }
}

function withEffect(does: string, reply: (call: Call) => Reply): Fault {
  return { effect: true, does, reply }
}

/** Runs the call, then answers something else. */
function effectThen(does: string, reply: (call: Call) => Reply): Fault {
  return withEffect(does, (call) => {
    call.run()
    return reply(call)
  })
}

/** Runs the call; its answer comes in that envelope. */
function inEnvelope(does: string, envelope: Envelope): Fault {
  return withEffect(does, (call) => answerCall(call, envelope))
}

const halved = (answer: Answer): Answer => ({ ...answer, body: answer.body.slice(0, answer.body.length / 2) })

const TABLE = {
  lost_before: withoutEffect('connection closed, no answer', () => ({ drop: 'close' })),
  lost_after: effectThen('connection closed, no answer', () => ({ drop: 'close' })),
  reset_before: withoutEffect('TCP reset, no answer', () => ({ drop: 'reset' })),
  reset: effectThen('TCP reset, no answer', () => ({ drop: 'reset' })),
  delay: {
    effect: true,
    does: 'effect at once, the answer after "ms" of real time',
    async reply(call, order) {
      const answer = answerCall(call)
      await call.pause(order.ms)
      return answer
    },
  },
  late: {
    effect: true,
    does: 'effect and answer only after "ms" of real time',
    async reply(call, order) {
      await call.pause(order.ms)
      return answerCall(call)
    },
  },
  http_502: withoutEffect('HTTP 502 with an HTML body', badGatewayPage),
  http_502_after: effectThen('HTTP 502 with an HTML body', badGatewayPage),
  html: withoutEffect('HTTP 200 with an HTML body', maintenancePage),
  html_after: effectThen('HTTP 200 with an HTML body', maintenancePage),
  bad_json: withEffect('the genuine answer, cut off in the middle', (call) => halved(answerCall(call))),
  unsigned: inEnvelope('the genuine answer without sign', unsignedEnvelope),
  wrong_sign: inEnvelope('the genuine answer, sign of other bytes', wrongSignEnvelope),
  other_cert_sn: inEnvelope(
    "the genuine answer, another alipay_cert_sn, signed by that certificate's key",
    otherCertEnvelope,
  ),
  duplicate_keys: inEnvelope('the genuine answer, then a forged one under the same key', doubledEnvelope),
  sign_first: inEnvelope('valid, but sign comes before the response', signFirstEnvelope),
  escaped_slashes: inEnvelope(
    'valid; an added field ext_infos holds slashes, sent and signed as \\/',
    escapedSlashEnvelope,
  ),
  plain_slashes: inEnvelope('valid; an added field ext_infos holds slashes, sent and signed as /', plainSlashEnvelope),
  system_error_before: withoutEffect('40004 ACQ.SYSTEM_ERROR', systemError),
  system_error_after: effectThen('40004 ACQ.SYSTEM_ERROR', systemError),
  '20000_before': withoutEffect('20000 isp.unknow-error', refuseWith('isp.unknow-error')),
  '20000_after': effectThen('20000 isp.unknow-error', refuseWith('isp.unknow-error')),
  rate_limit: withoutEffect('40005 isv.app-call-limited', refuseWith('isv.app-call-limited')),
  refuse: withoutEffect('refused with the "sub_code" given', (call, order) =>
    refuseWith(order.sub_code ?? 'ACQ.SYSTEM_ERROR')(call),
  ),
} as const satisfies Record<string, Fault>

export type FaultName = keyof typeof TABLE

export const FAULTS: ReadonlyMap<string, Fault> = new Map(Object.entries(TABLE))

export function isFaultName(text: string): text is FaultName {
  return FAULTS.has(text)
}

export function replyTo(call: Call, order: FaultOrder | undefined): Reply | Promise<Reply> {
  return order ? TABLE[order.fault].reply(call, order) : answerCall(call)
}

/** Faults ordered through the control API, waiting for the calls they apply to. */
export class FaultQueue {
  #orders: FaultOrder[] = []

  add(order: FaultOrder): void {
    this.#orders.push(order)
  }

  /** The oldest order for this method; it is used up by one. */
  take(method: string): FaultOrder | undefined {
    const index = this.#orders.findIndex((order) => order.method === undefined || order.method === method)
    const order = this.#orders[index]
    if (!order || order.times === 'always') return order
    if (order.times > 1) this.#orders[index] = { ...order, times: order.times - 1 }
    else this.#orders.splice(index, 1)
    return order
  }

  waiting(): readonly FaultOrder[] {
    return this.#orders
  }

  clear(): void {
    this.#orders = []
  }
}
