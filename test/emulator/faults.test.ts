// Every fault on the wire, and whether the refund behind it took effect.
import { request } from 'node:http'
import { beforeEach, describe, expect, test } from 'vitest'
import { EMULATED_SUB_CODES } from '../../src/emulator/answers.ts'
import { FAULTS } from '../../src/emulator/faults.ts'
import { useRaw } from './raw-client.ts'

const client = await useRaw()
beforeEach(() => client.paid('F'))

const REFUND = 'alipay.trade.refund'
const biz = { out_trade_no: 'F', refund_amount: '5.00', out_request_no: 'A' }

async function order(fault: string, more: object = {}): Promise<void> {
  const { status, body } = await client.control('/faults', { fault, method: REFUND, ...more })
  if (status !== 200) throw new Error(JSON.stringify(body))
}

/** One refund over node:http, which never sends anything twice. */
function send(): Promise<{ status: number; text: string } | { error: string }> {
  const body = new URLSearchParams(client.signed(client.params(REFUND, biz))).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return new Promise((resolve) => {
    const sent = request(client.emulator.gateway, { method: 'POST', headers, agent: false }, async (answer) => {
      let text = ''
      for await (const chunk of answer) text += chunk
      resolve({ status: answer.statusCode ?? 0, text })
    })
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({ error: error.message }))
    sent.end(body)
  })
}

async function refunded(): Promise<string> {
  return ((await client.trades()) as { refunded: string }).refunded
}

async function refund() {
  return client.call(REFUND, biz)
}

test('each fault has exactly the effect it announces', async () => {
  for (const [fault, { effect }] of FAULTS) {
    await client.control('/reset', {})
    await client.paid('F')
    await order(fault, { ms: 1, sub_code: 'ACQ.TRADE_NOT_ALLOW_REFUND' })
    await send()
    expect([fault, await refunded()]).toEqual([fault, effect ? '5.00' : '0.00'])
    expect((await refund()).response).toMatchObject({ code: '10000', fund_change: effect ? 'N' : 'Y' })
  }
})

describe('no answer', () => {
  test('a lost or reset connection gives no byte', async () => {
    for (const fault of ['lost_before', 'lost_after', 'reset', 'reset_before']) {
      await order(fault)
      const answer = await send()
      expect(answer).toStrictEqual({ error: expect.stringMatching(/socket hang up|ECONNRESET/) })
    }
    await order('reset')
    expect(await send()).toStrictEqual({ error: expect.stringContaining('ECONNRESET') })
  })

  test('a delayed answer has its effect at once, a late one only when it comes', async () => {
    await order('delay', { ms: 600_000 })
    await expectAborted()
    expect(await refunded()).toBe('5.00')
    await client.control('/reset', {})
    await client.paid('F')
    await order('late', { ms: 600_000 })
    await expectAborted()
    expect(await refunded()).toBe('0.00')
  })

  /** Leaves once the emulator has taken the fault, so the request has arrived for certain. */
  async function expectAborted() {
    const leaving = new AbortController()
    const params = client.signed(client.params(REFUND, biz))
    const answer = client.send(params, { signal: leaving.signal })
    const waiting = async () => (await fetch(`${client.emulator.control_url}/faults`)).json()
    while (((await waiting()) as { faults: unknown[] }).faults.length > 0);
    leaving.abort()
    await expect(answer).rejects.toThrow('abort')
  }
})

describe('broken answers', () => {
  test('502 and HTML instead of JSON', async () => {
    for (const [fault, status] of [
      ['http_502', 502],
      ['http_502_after', 502],
      ['html', 200],
      ['html_after', 200],
    ] as const) {
      await order(fault)
      expect(await send()).toStrictEqual({ status, text: expect.stringMatching(/^<.*html>/) })
    }
  })

  test('JSON cut off in the middle', async () => {
    await order('bad_json')
    const { text } = (await send()) as { text: string }
    expect(text).toMatch(/^\{"alipay_trade_refund_response":/)
    expect(() => JSON.parse(text)).toThrow()
  })

  test('an answer without sign, and one with a sign of other bytes', async () => {
    await order('unsigned')
    expect(await refund()).toMatchObject({ verified: undefined, response: { fund_change: 'Y' } })
    await order('wrong_sign')
    const wrong = await refund()
    expect(wrong).toMatchObject({ verified: false, response: { fund_change: 'N' } })
    expect(JSON.parse(wrong.text).sign).toHaveLength(344)
  })

  test('the key twice: a parser takes the forged one, the signature fits the first only', async () => {
    await client.refund({ ...biz, out_request_no: 'B' })
    await order('duplicate_keys')
    const { text } = (await send()) as { text: string }
    const [, genuine = '', forged = '', sign = ''] =
      /^\{"alipay_trade_refund_response":(.*),"alipay_trade_refund_response":(.*),"sign":"(.*)"\}$/.exec(text) ?? []
    expect(JSON.parse(genuine)).toMatchObject({ code: '40004', sub_code: 'ACQ.SYSTEM_ERROR' })
    expect(JSON.parse(text).alipay_trade_refund_response).toMatchObject({ code: '10000', fund_change: 'Y' })
    expect([client.alipayVerifies(genuine, sign), client.alipayVerifies(forged, sign)]).toEqual([true, false])
  })

  test('sign first, and slashes escaped or not: unusual but valid', async () => {
    await order('sign_first')
    const first = ((await send()) as { text: string }).text
    const [, sign = '', content = ''] = /^\{"sign":"([^"]+)","alipay_trade_refund_response":(.*)\}$/.exec(first) ?? []
    expect(client.alipayVerifies(content, sign)).toBe(true)
    await order('escaped_slashes')
    const escaped = await refund()
    expect(escaped).toMatchObject({ verified: true, response: { ext_infos: 'https://open.alipay.com/' } })
    expect(escaped.text).toContain('https:\\/\\/open.alipay.com\\/')
    await order('plain_slashes')
    const plain = await refund()
    expect(plain).toMatchObject({ verified: true, response: { ext_infos: 'https://open.alipay.com/' } })
    expect(plain.text).toContain('https://open.alipay.com/')
  })
})

describe('refusals', () => {
  test('system errors, unknown outcomes and limits are signed', async () => {
    const cases = [
      ['system_error_before', '40004', 'ACQ.SYSTEM_ERROR'],
      ['system_error_after', '40004', 'ACQ.SYSTEM_ERROR'],
      ['20000_before', '20000', 'isp.unknow-error'],
      ['20000_after', '20000', 'isp.unknow-error'],
      ['rate_limit', '40005', 'isv.app-call-limited'],
    ] as const
    for (const [fault, code, sub_code] of cases) {
      await order(fault)
      expect(await refund()).toMatchObject({ verified: true, response: { code, sub_code } })
    }
  })

  test('every code of the answer table can be provoked, in Chinese words and without effect', async () => {
    for (const sub_code of EMULATED_SUB_CODES) {
      await order('refuse', { sub_code })
      const { verified, response } = await refund()
      expect(verified).toBe(true)
      expect(response).toMatchObject({ sub_code, sub_msg: expect.stringMatching(/\p{Script=Han}/u) })
      expect('refund_fee' in response).toBe(response.code === '40004')
    }
    expect(new Set(EMULATED_SUB_CODES).size).toBe(EMULATED_SUB_CODES.length)
    expect(await refunded()).toBe('0.00')
  })
})

describe('the queue', () => {
  const codes = async (count: number) => {
    const seen: unknown[] = []
    for (let at = 0; at < count; at++) seen.push((await client.query('F')).code)
    return seen
  }

  test('a fault for one method leaves the others alone', async () => {
    await order('20000_before')
    expect(await codes(1)).toEqual(['10000'])
    expect((await refund()).response.code).toBe('20000')
  })

  test('faults are used up in order, some several times', async () => {
    await client.control('/faults', { fault: '20000_before', times: 2 })
    await client.control('/faults', { fault: 'rate_limit' })
    expect(await codes(4)).toEqual(['20000', '20000', '40005', '10000'])
  })

  test('always lasts until cleared', async () => {
    await client.control('/faults', { fault: 'rate_limit', times: 'always' })
    expect(await codes(3)).toEqual(['40005', '40005', '40005'])
    await client.control('/faults/clear', {})
    expect(await codes(1)).toEqual(['10000'])
  })

  test('every call that arrived is counted, the unanswered too, those refused by a common error not', async () => {
    await order('lost_before')
    await send()
    await refund()
    await client.send({ ...client.params(REFUND, biz), sign: 'eA==' })
    await client.query('F')
    expect(await client.trades()).toMatchObject({ calls: { [REFUND]: 2, 'alipay.trade.query': 1 } })
  })

  test('a call refused by a common error uses none up', async () => {
    await order('rate_limit')
    await client.send({ ...client.params(REFUND, biz), sign: 'eA==' })
    expect((await refund()).response.code).toBe('40005')
  })
})
