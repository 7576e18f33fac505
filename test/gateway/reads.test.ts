// A read is repeated within its time, and what one of its tries heard is not taken back by one that never left.
import { once } from 'node:events'
import http, { type ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AlipayGateway } from '../../src/gateway/alipay-gateway.ts'
import { alipay, app } from '../keys-for-tests.ts'
import { TestClock } from '../shop.ts'

const ORDER = { out_trade_no: 'A1' }
const WITHIN = { within: 2_000 }
const TOO_OFTEN = { error_response: { code: '40005', msg: 'Call Limited', sub_code: 'isv.app-call-limited' } }
const cut = (response: ServerResponse) => response.destroy()
const tooOften = (response: ServerResponse) => response.end(JSON.stringify(TOO_OFTEN))

let server: http.Server
let gateway: AlipayGateway
let reads: number
let answer: (response: ServerResponse) => void
beforeEach(async () => {
  reads = 0
  server = http.createServer((request, response) => {
    reads += 1
    request.resume().on('end', () => answer(response))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const connection = {
    ...{
      gateway: `http://127.0.0.1:${Object(server.address()).port}/gateway.do`,
      app_id: '2021000000000000',
    },
    ...{ timeout: 20_000, privateKey: app.privateKey, alipayPublicKey: alipay.publicKey },
  }
  gateway = new AlipayGateway(connection, new TestClock(), false)
})
afterEach(async () => {
  await gateway.shutDown()
  server.closeAllConnections()
  server.close()
})

it.each([
  ['got no answer', cut, { outcome: 'unknown' }],
  ['was refused as one too many', tooOften, { outcome: 'refused', refusal: { code: '40005' } }],
])(
  'a read whose first try %s and whose others could not leave tells what the first one heard',
  async (_, end, told) => {
    answer = (response) => {
      server.close()
      response.shouldKeepAlive = false
      end(response)
    }
    expect(await gateway.query(ORDER, WITHIN)).toMatchObject(told)
    expect(reads).toBe(1)
  },
)

it('a read of which no try could leave says so', async () => {
  server.close()
  const told = await gateway.query(ORDER, WITHIN)
  expect(told).toMatchObject({ outcome: 'refused', refusal: { not_sent: expect.any(String) } })
})

it('no try is begun that has hardly any time left for an answer', async () => {
  answer = tooOften
  expect(await gateway.query(ORDER, { within: 1_000 })).toMatchObject({ refusal: { code: '40005' } })
  expect(reads).toBeLessThan(3)
})

it('a clock that is moved on in a pause takes no time from the try after it, which is the last', async () => {
  gateway.clock.sleep = async () => gateway.clock.advance(60_000)
  answer = (response) => (reads === 1 ? cut(response) : tooOften(response))
  expect(await gateway.query(ORDER, WITHIN)).toMatchObject({ refusal: { code: '40005' } })
  expect(reads).toBe(2)
})
