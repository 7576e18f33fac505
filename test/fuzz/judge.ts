// Fuzzes the judging of answers: whatever bytes the gateway sends, only what Alipay has signed is believed.
import { createServer, type Server, type ServerResponse } from 'node:http'
import fc from 'fast-check'
import { AlipayGateway } from '../../src/gateway/alipay-gateway.ts'
import { judge } from '../../src/gateway/answer.ts'
import type { Exchanged } from '../../src/gateway/exchange.ts'
import type { Outcome } from '../../src/gateway/gateway.ts'
import { alipay, app } from '../keys-for-tests.ts'
import { TestClock } from '../shop.ts'
import { type Answer, type Asked, answers, asked, bytesOf, unsignedBytes } from './answer-recipes.ts'
import { believedWithoutSignature, type Fields } from './beliefs.ts'
import type { Came, Fuzzer, Subject } from './fuzzer.ts'
import { METHODS } from './genuine-answers.ts'

type Method = (typeof METHODS)[number]
/** How the bytes reach the judge: at once, or through a socket, in pieces, by way of the whole gateway. */
type Way = 'at once' | 'whole' | 'halves' | 'bytes'

interface Input {
  answer: Answer | { method: Method; bytes: Buffer }
  asked: Asked
  status: number
  way: Way
}

interface Judged extends Came {
  bytes: Buffer
  outcome: Outcome<Fields>
  asked: Asked
}

/** The door to the code: what became of an exchange, from the bytes of its answer. */
export type Judge = (method: Method, bytes: Buffer, status: number, asked: Asked) => Outcome<Fields>

const CHANGING: readonly string[] = ['alipay.trade.refund', 'alipay.trade.close', 'alipay.trade.precreate']

const ourJudge: Judge = (method, bytes, status, about) => {
  const exchanged: Exchanged = { kind: 'answered', host: 'alipay', status, bytes, trace_id: 'trace' }
  return judge(method, exchanged, alipay.publicKey, CHANGING.includes(method), { ...about })
}

const noise = fc.record({ method: fc.constantFrom(...METHODS), bytes: unsignedBytes })
const status = fc.oneof({ weight: 30, arbitrary: fc.constant(200) }, fc.constantFrom(204, 302, 404, 500, 502))
// A call of the whole gateway costs as much as a hundred others.
const way: fc.Arbitrary<Way> = fc.oneof(
  { weight: 600, arbitrary: fc.constant('at once') },
  { weight: 1, arbitrary: fc.constantFrom('whole', 'halves') },
  { weight: 1, arbitrary: fc.constant('bytes') },
)

export function judgeFuzzer(judged: Judge = ourJudge): Fuzzer<Input, Judged> {
  return {
    name: 'judge',
    slice: 10_000,
    inputs: fc.record({
      answer: fc.oneof({ weight: 3, arbitrary: answers }, { weight: 1, arbitrary: noise }),
      asked,
      status,
      way,
    }),
    open: () => openJudge(judged),
    properties: [
      {
        name: 'believes only what Alipay signed, over exactly these bytes',
        kind: 'belief',
        fault: ({ outcome, bytes }) => believedWithoutSignature(outcome, bytes),
      },
      {
        name: 'believes nothing of an answer that is not HTTP 200',
        kind: 'belief',
        fault: ({ outcome }, input) => (input.status !== 200 && outcome.outcome === 'done' ? 'done' : undefined),
      },
      {
        name: 'believes nothing that is said of another order or refund',
        kind: 'belief',
        fault: ({ outcome, asked: about }) => aboutAnother(outcome, about),
      },
      {
        name: 'keeps its words short',
        kind: 'other',
        fault: ({ text, outcome }) =>
          outcome.outcome !== 'done' && text.length > 10_000 ? `${text.length} characters` : undefined,
      },
    ],
  }
}

function aboutAnother(outcome: Outcome<Fields>, about: Asked): string | undefined {
  if (outcome.outcome !== 'done') return undefined
  const { answer } = outcome
  const other = Object.entries(about).find(([key, value]) => answer[key] !== undefined && answer[key] !== value)
  return other && `asked about ${other.join(' ')}, answered about ${String(answer[other[0]])}`
}

async function openJudge(judged: Judge): Promise<Subject<Input, Judged>> {
  const wire = await openWire()
  return {
    async try({ answer, asked: given, status: http, way: by }) {
      const bytes = 'bytes' in answer ? answer.bytes : bytesOf(answer)
      const { method } = answer
      const about = by === 'at once' ? given : askedOf(method, given)
      const outcome =
        by === 'at once'
          ? judged(method, bytes, http, about)
          : await wire.ask(method, { bytes, status: http, by }, about)
      return { bytes, outcome, asked: about, text: JSON.stringify(outcome) }
    },
    close: wire.close,
  }
}

interface Sent {
  bytes: Buffer
  status: number
  by: Way
}

/** The whole gateway, with a server that answers what it is told to. */
async function openWire() {
  let sent: Sent = { bytes: Buffer.alloc(0), status: 200, by: 'whole' }
  const server = createServer((request, response) => {
    request.resume().on('end', () => write(response, sent))
  })
  const gateway = new AlipayGateway(
    {
      gateway: `http://127.0.0.1:${await listen(server)}/gateway.do`,
      app_id: '9021000000000001',
      privateKey: app.privateKey,
      alipayPublicKey: alipay.publicKey,
      timeout: 20_000,
    },
    new TestClock(),
    false,
  )
  return {
    ask(method: Method, what: Sent, about: Asked): Promise<Outcome<Fields>> {
      sent = what
      return call(gateway, method, about)
    },
    async close() {
      gateway.shutDown()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

// Single bytes, as long as they are so many; to write more takes this server longer than ours to read them.
const MOST_PIECES = 4_000

function write(response: ServerResponse, { bytes, status, by }: Sent): void {
  response.writeHead(status, { 'content-type': 'text/html' })
  const pieces = by === 'bytes' ? MOST_PIECES : by === 'halves' ? 2 : 1
  const size = Math.max(1, Math.ceil(bytes.length / pieces))
  for (let at = 0; at < bytes.length; at += size) response.write(bytes.subarray(at, at + size))
  response.end()
}

/** What a call of the gateway can ask: its order, and the refund where the method is about one. */
function askedOf(method: Method, { out_trade_no = 'A', out_request_no = 'R' }: Asked): Asked {
  return method.includes('refund') ? { out_trade_no, out_request_no } : { out_trade_no }
}

async function call(gateway: AlipayGateway, method: Method, about: Asked): Promise<Outcome<Fields>> {
  const { out_trade_no = '', out_request_no = '' } = about
  const order = { out_trade_no }
  const content = { ...order, total_amount: '9.90', subject: 'Tea', time_expire: '2026-12-31 00:00:00' }
  const calls: Readonly<Record<Method, () => Promise<Outcome<object>>>> = {
    'alipay.trade.query': () => gateway.query(order),
    'alipay.trade.refund': () => gateway.refund(order, { out_request_no, refund_amount: '1.00' }),
    'alipay.trade.close': () => gateway.close(order),
    'alipay.trade.precreate': () => gateway.precreate(content),
    'alipay.trade.fastpay.refund.query': () => gateway.refundQuery(order, out_request_no),
  }
  const outcome = await calls[method]()
  return outcome.outcome === 'done' ? { outcome: 'done', answer: { ...outcome.answer } } : outcome
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}
