// Every fault that can be ordered: what it does on the wire, and whether the call takes effect.
import { type Fields, Refusal, type SubCode } from './answers.ts'
import {
  doubledEnvelope,
  escapedSlashEnvelope,
  otherCertEnvelope,
  signedEnvelope,
  signFirstEnvelope,
  unsignedEnvelope,
  wrongSignEnvelope,
} from './envelope.ts'
import type { FaultOrder } from './fault-queue.ts'
import { badGatewayPage, maintenancePage } from './pages/broken-page.ts'
import type { Platform } from './platform.ts'
import { type Answer, gatewayJson, type Reply } from './reply.ts'

/** A checked call; `run` does the work once and gives the answer's fields, a refusal's included. */
export interface Call {
  readonly key: string
  readonly platform: Platform
  run(): Fields
  refuse(refusal: Refusal): Fields
}

interface Fault {
  readonly effect: boolean
  readonly does: string
  reply(call: Call, order: FaultOrder): Reply | Promise<Reply>
}

type Envelope = (key: string, fields: Fields, platform: Platform) => string

const answered = (call: Call, envelope: Envelope = signedEnvelope) =>
  gatewayJson(envelope(call.key, call.run(), call.platform))

const refused = (call: Call, code: SubCode) =>
  gatewayJson(signedEnvelope(call.key, call.refuse(new Refusal(code)), call.platform))

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
      await call.platform.pause(order.ms)
      return answer
    },
  },
  late: {
    effect: true,
    does: 'effect and answer only after "ms" of real time',
    async reply(call, order) {
      await call.platform.pause(order.ms)
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
  // Any key but Alipay's will do for the other certificate; the application's is at hand.
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

export function replyWithFault(call: Call, order: FaultOrder): Reply | Promise<Reply> {
  return TABLE[order.fault].reply(call, order)
}

export function plainReply(call: Call): Reply {
  return answered(call)
}
