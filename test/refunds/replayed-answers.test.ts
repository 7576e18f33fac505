// The genuine answer of one refund, given again as that of another: its signature is Alipay's, and it names no refund.
import { describe, expect, it } from 'vitest'
import { renamed, useWiretap } from '../wiretap.ts'
import { useRefunding } from './paid-order.ts'

const REFUND = 'alipay.trade.refund'
const REFUND_QUERY = 'alipay.trade.fastpay.refund.query'

const at = useRefunding()
const wiretap = useWiretap()

const ofAmount = (amount: string) => wiretap.last(REFUND, ({ biz }) => biz.refund_amount === amount)
const wait = () => at.shop.clock.advance(4_000)

describe('the answer of a refund of 1.00, given again as that of 97.00', () => {
  it('is no proof: with no record of it, it is unknown, and nothing of it counts', async () => {
    await at.refund('1.00')
    wait()
    wiretap.next(REFUND, false, () => ofAmount('1.00').text)
    const answer = await at.refund('97.00')
    expect(answer).toMatchObject({ error: 'unknown', isError: true, money: 'Money may have moved.' })
    expect(answer.message).toContain('98.00 yuan of the order would be refunded')
    expect(answer.message).toContain('its refund_fee is 1.00')
    expect(await at.known()).toBe(100)
    expect(await at.truth()).toMatchObject({ sent: 1, refunded: '1.00' })
    at.shop.clock.advance(700_000)
    expect(await at.refund('97.00')).toMatchObject({ moved: 'now', refunded_total: '98.00' })
  })

  it('is no harm where it was made: the record proves it, and the old sum is not told', async () => {
    await at.refund('1.00')
    wait()
    wiretap.next(REFUND, true, () => ofAmount('1.00').text)
    const answer = await at.refund('97.00')
    expect(answer).toMatchObject({ moved: 'now', refund_amount: '97.00' })
    expect(answer).not.toHaveProperty('refunded_total')
    expect(await at.known()).toBe(9_800)
  })

  it('is no proof for a smaller one after it, either', async () => {
    await at.refund('97.00')
    wait()
    wiretap.next(REFUND, false, () => ofAmount('97.00').text)
    expect(await at.refund('1.00')).toMatchObject({ error: 'unknown' })
    expect(await at.known()).toBe(9_700)
  })

  it('is no proof where this ledger knows nothing of the first, as on another computer', async () => {
    await at.refund('97.00')
    await at.shop.forgetAll()
    wait()
    wiretap.next(REFUND, false, () => ofAmount('97.00').text)
    expect(await at.refund('1.00')).toMatchObject({ error: 'unknown' })
    expect(await at.truth()).toMatchObject({ refunded: '97.00' })
  })
})

it('a sum that is higher, by refunds that are not known here, is told once the record proves the refund', async () => {
  await at.byHand('20.00')
  wait()
  expect(await at.refund('10.00')).toMatchObject({ moved: 'now', refunded_total: '30.00' })
  expect(await at.known()).toBe(3_000)
})

it('the record of one refund is none of another', async () => {
  await at.refund('1.00')
  wait()
  await at.fault('lost_before', { times: 'always' })
  const record = () => wiretap.last(REFUND_QUERY, ({ text }) => text.includes('REFUND_SUCCESS')).text
  await at.find('1.00')
  // The question before the send is answered truly, those after it are not.
  wiretap.next(REFUND_QUERY, false, () => undefined)
  for (let times = 0; times < 12; times++) wiretap.next(REFUND_QUERY, false, record)
  expect(await at.refund('97.00')).toMatchObject({ isError: true })
  expect(await at.known()).toBe(100)
})

it.each(['alipay.trade.query', REFUND_QUERY])('an answer of %s is none to a refund', async (method) => {
  await at.refund('1.00')
  await at.find('1.00')
  wait()
  wiretap.next(REFUND, false, () => renamed(wiretap.last(method), REFUND))
  wiretap.next(REFUND, false, () => renamed(wiretap.last(method), REFUND))
  expect(await at.refund('97.00')).toMatchObject({ error: 'unknown' })
  expect(await at.truth()).toMatchObject({ refunded: '1.00' })
})

it.each(['alipay.trade.query', REFUND])('an answer of %s is no record of a refund', async (method) => {
  await at.refund('1.00')
  for (let times = 0; times < 4; times++)
    wiretap.next(REFUND_QUERY, false, () => renamed(wiretap.last(method), REFUND_QUERY))
  expect(await at.find('97.00')).toMatchObject({ error: 'no_answer' })
})
