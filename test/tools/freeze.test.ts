// While everything is frozen nothing takes or gives money; what only reads or ends something goes on.
import { expect, it, vi } from 'vitest'
import { beijingTime } from '../../src/clock.ts'
import { type Fields, useShop } from '../shop.ts'
import { local } from './answers.ts'

const shop = useShop()

const actor = () => ({ at: shop.clock.now(), owner: 'o', host: 'terminal' })
const freeze = async (why?: string) => (await shop.ledger()).freeze(why, actor())
const unfreeze = async () => (await shop.ledger()).unfreeze(actor())
const tea = { subject: 'Tea', total_amount: '100.00' }
const create = (more: Fields = {}) => shop.call('create_payment', { ...tea, ...more })
const calls = async () => Object(await shop.trades()).calls

const frozen = (since: number, reason = '') => ({
  message: `Frozen: the operator froze all payments and refunds on ${beijingTime(since)} Beijing time${reason}.`,
  error: 'frozen',
  retry: 'after_change',
  moved: 'no',
  message_zh: expect.stringMatching(/。$/),
  money: 'Nothing was sent. This call moved nothing.',
  next_step: expect.stringMatching(/^Tell the user and stop\. .*stay payable.*"alipay-mcp unfreeze"\.$/),
  ...local,
  isError: true,
})

it.each(['page', 'mobile', 'qr'])('no order is made, channel %s, until it is over', async (channel) => {
  const since = shop.clock.now()
  await freeze('a stock check')
  const reason = ', reason: "a stock check"'
  expect(await create({ channel })).toStrictEqual(frozen(since, reason))
  await shop.restart()
  expect(await create({ channel })).toStrictEqual(frozen(since, reason))
  expect(await calls()).toStrictEqual({})
  await unfreeze()
  expect(await create({ channel })).toMatchObject({ channel, total_amount: '100.00' })
})

it('no link is shown again by create_payment, and no request to close is withdrawn by it', async () => {
  const { out_trade_no } = await create()
  await shop.call('close_payment', { out_trade_no })
  const since = shop.clock.now()
  await freeze()
  expect(await create({ out_trade_no })).toStrictEqual(frozen(since))
  expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({ close_requested: true })
})

it('no link is shown by query_payment, which may be the first that anybody sees of it', async () => {
  const { out_trade_no } = await create()
  await freeze()
  expect(await shop.call('query_payment', { out_trade_no })).not.toHaveProperty('pay_url')
  await unfreeze()
  expect(await shop.call('query_payment', { out_trade_no })).toHaveProperty('pay_url')
})

it('no refund is sent; one made before is still told', async () => {
  const { out_trade_no } = await shop.paidOrder()
  await shop.call('refund_payment', { out_trade_no, refund_amount: '30.00' })
  const since = shop.clock.now()
  await freeze()
  const refund = (refund_amount?: string) =>
    shop.call('refund_payment', { out_trade_no, ...(refund_amount && { refund_amount }) })
  for (const amount of ['20.00', undefined]) {
    const order = { out_trade_no, subject: 'Tea 茶', total_amount: '100.00', refund_amount: amount ?? '70.00' }
    expect(await refund(amount)).toStrictEqual({ ...frozen(since), ...order })
  }
  expect(await refund('30.00')).toMatchObject({ moved: 'earlier' })
  expect(await shop.trades()).toMatchObject({ refunded: '30.00' })
  await unfreeze()
  expect(await refund('20.00')).toMatchObject({ moved: 'now' })
})

it('no refund is repeated whose first answer was lost before the freeze: it stays unknown', async () => {
  const { out_trade_no } = await shop.paidOrder()
  const sleep = shop.clock.sleep.bind(shop.clock)
  vi.spyOn(shop.clock, 'sleep').mockImplementationOnce(async (ms) => {
    await freeze()
    await sleep(ms)
  })
  await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.refund' })
  expect(await shop.call('refund_payment', { out_trade_no })).toMatchObject({ error: 'unknown' })
  expect((await calls())['alipay.trade.refund']).toBe(1)
  expect(await shop.trades()).toMatchObject({ refunded: '0.00' })
})

it('orders are closed, waited for, queried and listed as before, and links that are out can be paid', async () => {
  const [waiting, open] = [await create(), await create({ subject: 'Coffee' })]
  const paid = await shop.paidOrder()
  await shop.control('scan', { pay_url: waiting.pay_url })
  await freeze()
  const asked = (tool: string, { out_trade_no }: Fields) => shop.call(tool, { out_trade_no })
  expect(await asked('close_payment', waiting)).toMatchObject({ closed: true })
  expect(await asked('close_payment', open)).toMatchObject({ closed: false, paid: false })
  await shop.control('pay', { pay_url: open.pay_url })
  expect(await asked('query_payment', open)).toMatchObject({ paid: true })
  expect(await asked('wait_for_payment', paid)).toMatchObject({ paid: true })
  expect(await asked('query_refund', paid)).toMatchObject({ left: '100.00' })
  expect(await shop.call('list_payments', {})).toMatchObject({ count: 3 })
})
