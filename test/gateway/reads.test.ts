// A read is repeated within its time, and what one of its tries heard is not taken back by one that never left.
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import http, { type ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Clock } from '../../src/clock.ts'
import { AlipayGateway } from '../../src/gateway/alipay-gateway.ts'

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
  const { privateKey, publicKey: alipayPublicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const connection = {
    ...{
      gateway: `http://127.0.0.1:${Object(server.address()).port}/gateway.do`,
      app_id: '2021000000000000',
    },
    ...{ timeout: 20_000, privateKey, alipayPublicKey },
  }
  gateway = new AlipayGateway(connection, new Clock(), false)
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
