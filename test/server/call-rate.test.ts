// ALIPAY_MAX_CALLS_PER_MINUTE counts calls within any minute, and counts a call with a question once.
import { describe, expect, it } from 'vitest'
import { RefusedError } from '../../src/errors.ts'
import { CallRate } from '../../src/server/call-rate.ts'
import { newHost, oldHost, RawHost, YES } from '../approval/approval-hosts.ts'
import { startApprovalServer } from '../approval/approval-server.ts'

const AMOUNT = { amount: '3.00' }

describe('the rate of calls', () => {
  it('lets as many through as are allowed within any minute, and more when the oldest is a minute ago', () => {
    let now = 0
    const rate = new CallRate(3, () => now)
    const passes = (at: number) => {
      now = at
      try {
        rate.take('query_payment')
        return true
      } catch {
        return false
      }
    }
    const times = [0, 30_000, 59_000, 59_500, 59_999, 60_000, 60_001, 89_999, 90_000]
    expect(times.map(passes)).toStrictEqual([true, true, true, false, false, true, false, false, true])
  })

  it('names the setting, the limit, what is used and left, and when to call again', () => {
    let now = 0
    const rate = new CallRate(2, () => now)
    rate.take('query_payment')
    rate.take('query_payment')
    now = 45_500
    expect(() => rate.take('query_payment')).toThrow(RefusedError)
    try {
      rate.take('query_payment')
    } catch (error) {
      expect(error).toMatchObject({
        operation: 'query_payment',
        kind: 'over_limit',
        refusal: {
          not_sent: '3 asked, and ALIPAY_MAX_CALLS_PER_MINUTE allows 2 for the calls of a minute: used 2, left 0',
        },
        text: {
          money: 'Nothing was sent. This call moved nothing.',
          next_step: 'Call again in 15 seconds. Only the operator can change ALIPAY_MAX_CALLS_PER_MINUTE.',
          facts: { variable: 'ALIPAY_MAX_CALLS_PER_MINUTE', asked: '3', limit: '2', used: '2', left: '0' },
          retry: 'yes_once',
        },
      })
    }
  })

  it('has no limit at 0', () => {
    const rate = new CallRate(0, () => 0)
    expect(() => {
      for (let call = 0; call < 1_000; call++) rate.take('query_payment')
    }).not.toThrow()
  })
})

describe('a call with a question', () => {
  const OVER = { isError: true, error: 'over_limit', variable: 'ALIPAY_MAX_CALLS_PER_MINUTE', left: '0' }

  it.each([
    ['before 2026-07-28', oldHost],
    ['of 2026-07-28', newHost],
  ])('counts once for a host %s', async (_, hostOf) => {
    const host = await hostOf(await startApprovalServer({ callRate: new CallRate(2) }), () => YES)
    expect(await host.call(AMOUNT)).toMatchObject({ message: 'done' })
    expect(await host.call(AMOUNT)).toMatchObject({ message: 'done' })
    expect(await host.call(AMOUNT)).toMatchObject(OVER)
  })

  it('counts for everybody else who names a state: made up, or used before', async () => {
    const host = new RawHost(await startApprovalServer({ callRate: new CallRate(3) }))
    await host.call(AMOUNT, { requestState: 'v1.x.y' })
    const { requestState } = await host.ask(AMOUNT)
    const reply = { requestState, inputResponses: { approval: YES } }
    expect(await host.call(AMOUNT, reply)).toMatchObject({ message: 'done' })
    expect(await host.call(AMOUNT, reply)).toMatchObject({ isError: true })
    expect(await host.call(AMOUNT, reply)).toMatchObject(OVER)
  })

  it('counts when its answer is brought back more than once, whatever else is wrong with the call', async () => {
    const host = new RawHost(await startApprovalServer({ callRate: new CallRate(3) }))
    const { requestState } = await host.ask(AMOUNT)
    const reply = { requestState, inputResponses: { approval: YES } }
    const wrong = () => host.call({ ...AMOUNT, colour: 'red' }, reply)
    for (let call = 0; call < 3; call++) expect(await wrong()).toMatchObject({ error: 'invalid_input' })
    expect(await wrong()).toMatchObject(OVER)
  })

  it('counts when its answer only leads to a further question', async () => {
    const host = new RawHost(await startApprovalServer({ callRate: new CallRate(3) }))
    let reply = {}
    for (const amount of ['1.00', '2.00', '3.00']) {
      const { requestState } = await host.ask({ amount }, reply)
      reply = { requestState, inputResponses: { approval: YES } }
    }
    expect(await host.call({ amount: '4.00' }, reply)).toMatchObject(OVER)
    expect(await host.call({ amount: '5.00' })).toMatchObject(OVER)
  })

  it('counts for the whole process, whoever connects', async () => {
    const server = await startApprovalServer({ callRate: new CallRate(1) })
    await new RawHost(server).ask(AMOUNT)
    expect(await new RawHost(server).call(AMOUNT)).toMatchObject(OVER)
  })
})
