// Every fault that can be ordered, what it does on the wire, whether the call takes effect; and those that wait.
import { type Fields, Refusal, type SubCode } from './answers.ts'
import {
  doubledEnvelope,
  type Envelope,
  escapedSlashEnvelope,
  otherCertEnvelope,
  type Signer,
  signedEnvelope,
  signFirstEnvelope,
  unsignedEnvelope,
  wrongSignEnvelope,
} from './envelope.ts'
import { badGatewayPage, maintenancePage } from './pages/gateway-error-page.ts'
import { type Answer, gatewayJson, type Reply } from './reply.ts'

/** A checked call; `run` does the work once and gives the answer's fields, a refusal's included. */
export interface Call {
  readonly key: string
  readonly signer: Signer
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

const answered = (call: Call, envelope: Envelope = signedEnvelope) =>
  gatewayJson(envelope(call.key, call.run(), call.signer))

const refused = (call: Call, code: SubCode) =>
  gatewayJson(signedEnvelope(call.key, call.refuse(new Refusal(code)), call.signer))

function without(does: string, reply: (call: Call, order: FaultOrder) => Reply): Fault {
  return { effect: false, does, reply }
}

function after(does: string, reply: (call: Call) => Reply): Fault {
  return { effect: true, does, reply }
}

/** Runs the call, then answers something else. */
function instead(does: string, reply: (call: Call) => Reply): Fault {
  return after(does, (call) => {
    call.run()
    return reply(call)
  })
}

const halved = (answer: Answer): Answer => ({ ...answer, body: answer.body.slice(0, answer.body.length / 2) })

const TABLE = {
  lost_before: without('connection closed, no answer', () => ({ drop: 'close' })),
  lost_after: instead('connection closed, no answer', () => ({ drop: 'close' })),
  reset_before: without('TCP reset, no answer', () => ({ drop: 'reset' })),
  reset: instead('TCP reset, no answer', () => ({ drop: 'reset' })),
  delay: {
    effect: true,
    does: 'effect at once, the answer after "ms" of real time',
    async reply(call, order) {
      const answer = answered(call)
      await call.pause(order.ms)
      return answer
    },
  },
  late: {
    effect: true,
    does: 'effect and answer only after "ms" of real time',
    async reply(call, order) {
      await call.pause(order.ms)
      return answered(call)
    },
  },
  http_502: without('HTTP 502 with an HTML body', badGatewayPage),
  http_502_after: instead('HTTP 502 with an HTML body', badGatewayPage),
  html: without('HTTP 200 with an HTML body', maintenancePage),
  html_after: instead('HTTP 200 with an HTML body', maintenancePage),
  bad_json: after('the genuine answer, cut off in the middle', (call) => halved(answered(call))),
  unsigned: after('the genuine answer without sign', (call) => answered(call, unsignedEnvelope)),
  wrong_sign: after('the genuine answer, sign of other bytes', (call) => answered(call, wrongSignEnvelope)),
  other_cert_sn: after(
    "the genuine answer, another alipay_cert_sn, signed by that certificate's key",
    (call) => answered(call, otherCertEnvelope),
  ),
  duplicate_keys: after('the genuine answer, then a forged one under the same key', (call) =>
    answered(call, doubledEnvelope),
  ),
  sign_first: after('valid, but sign comes before the response', (call) => answered(call, signFirstEnvelope)),
  escaped_slashes: after('valid; an added field ext_infos holds slashes, sent and signed as \\/', (call) =>
    answered(call, escapedSlashEnvelope),
  ),
  system_error_before: without('40004 ACQ.SYSTEM_ERROR', (call) => refused(call, 'ACQ.SYSTEM_ERROR')),
  system_error_after: instead('40004 ACQ.SYSTEM_ERROR', (call) => refused(call, 'ACQ.SYSTEM_ERROR')),
  '20000_before': without('20000 isp.unknow-error', (call) => refused(call, 'isp.unknow-error')),
  '20000_after': instead('20000 isp.unknow-error', (call) => refused(call, 'isp.unknow-error')),
  rate_limit: without('40005 isv.app-call-limited', (call) => refused(call, 'isv.app-call-limited')),
  refuse: without('refused with the "sub_code" given', (call, order) =>
    refused(call, order.sub_code ?? 'ACQ.SYSTEM_ERROR'),
  ),
} as const satisfies Record<string, Fault>

export type FaultName = keyof typeof TABLE

export const FAULTS: ReadonlyMap<string, Fault> = new Map(Object.entries(TABLE))

export function isFaultName(text: string): text is FaultName {
  return FAULTS.has(text)
}

export function replyTo(call: Call, order: FaultOrder | undefined): Reply | Promise<Reply> {
  return order ? TABLE[order.fault].reply(call, order) : answered(call)
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
