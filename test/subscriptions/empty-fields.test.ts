// What Alipay tells empty says nothing: an empty time of payment is no payment.
import { expect, it, onTestFinished, vi } from 'vitest'
import { AlipayAgreements, type Calls } from '../../src/gateway/agreement-gateway.ts'
import { fitting, tradeAnswer } from '../../src/gateway/answer-schemas.ts'
import type { Agreement } from '../../src/gateway/gateway.ts'
import { readable } from '../checkout/checkout-views.ts'
import type { Fields } from '../shop.ts'
import { useSubscribedShop, WEEKLY } from './subscribed-shop.ts'

const shop = useSubscribedShop(() => [WEEKLY])
const heardOf = async (fields: Fields) => {
  const { app_id, seller_id } = shop.emulator
  const all = { notify_type: 'trade_status_sync', notify_id: 'n1', app_id, seller_id, ...fields }
  const entries = Object.entries(all).map(([name, value]) => [name, String(value)] as const)
  const recipient = { app_ids: [app_id], seller_id: undefined }
  return (await shop.ledger()).recordNotification(new Map(entries), recipient, shop.commandCall().actor())
}

/** Of every order Alipay tells an empty time of payment, where it tells none. */
function emptyPayDate(): void {
  const ask = shop.gateway.query.bind(shop.gateway)
  const empty = vi.spyOn(shop.gateway, 'query').mockImplementation(async (...asked) => {
    const read = await ask(...asked)
    return read.outcome === 'done' ? fitting({ send_pay_date: '', ...read.answer }, tradeAnswer) : read
  })
  onTestFinished(() => empty.mockRestore())
}

async function inProcess(): Promise<{ number: string; charged: Fields }> {
  const number = await shop.signed('weekly')
  await shop.control('charges/next', { external_agreement_no: number, outcome: 'in_process' })
  return { number, charged: await shop.charge(number) }
}

const AGREEMENT = { agreement_no: 'A', status: 'NORMAL', principal_open_id: 'OPEN1' }
async function agreementOf(fields: Fields) {
  const terms = {
    product: 'GENERAL_WITHHOLDING',
    personal_product_code: 'CYCLE_PAY_AUTH_P',
    sign_scene: 'A|B',
  } as const
  const read: Calls['read'] = async ({ schema }) => fitting({ ...AGREEMENT, ...fields }, schema)
  const calls = { read, gateway: '', notify_url: undefined, return_url: undefined }
  return new AlipayAgreements(terms, { ...calls, link: () => '', change: read }).agreement({ agreement_no: 'A' })
}

it('of an agreement: no payer, no planned day, no last one', async () => {
  const read = await agreementOf({ principal_id: '', next_deduct_time: '', last_deduct_time: '' })
  const answer: Partial<Agreement> = { principal_id: 'OPEN1', next_deduct_time: undefined, last_deduct_time: undefined }
  expect(read).toMatchObject({ outcome: 'done', answer })
})

it.each(['20261231', 'later', '2026-13-01', '2026-12'])(
  'a planned day in another form (%s) proves nothing',
  async (day) => {
    expect(await agreementOf({ next_deduct_time: day })).toMatchObject({ outcome: 'unknown' })
    expect(await agreementOf({ next_deduct_time: '2026-12-31 00:00:00' })).toMatchObject({ outcome: 'done' })
  },
)

it('a charge that Alipay closed unpaid is not done', async () => {
  const { number, charged } = await inProcess()
  await shop.control('charges/decide', { out_trade_no: charged.out_trade_no, end: 'closed' })
  emptyPayDate()
  expect(await shop.query(number)).toMatchObject({ charges: [{ state: 'not made' }] })
})

it('a charge whose end is notified is not done', async () => {
  const { charged } = await inProcess()
  const { out_trade_no } = charged
  await shop.control('charges/decide', { out_trade_no, end: 'closed' })
  const { trade_no } = (await shop.trades()).trades.find((one) => one.out_trade_no === out_trade_no) ?? {}
  const ended = { out_trade_no, trade_no, trade_status: 'TRADE_CLOSED', total_amount: '6.00', gmt_payment: '' }
  expect(await heardOf(ended)).toBe('agrees')
  expect((await (await shop.ledger()).charge(String(out_trade_no)))?.intent.state).not.toBe('done')
})

it('a charge in process is not paid', async () => {
  emptyPayDate()
  const { number, charged } = await inProcess()
  expect(charged).toMatchObject({ error: 'unknown' })
  expect(await shop.query(number)).toMatchObject({ charges: [{ state: 'unknown' }] })
})

it('an order that waits is not paid, to its page and in the list', async () => {
  const { out_trade_no, pay_url } = await shop.call('create_payment', { subject: 'Tea', total_amount: '9.90' })
  const waits = { trade_no: '2026120122001494830000000001', trade_status: 'WAIT_BUYER_PAY', total_amount: '9.90' }
  expect(await heardOf({ out_trade_no, ...waits, gmt_payment: '' })).toBe('agrees')
  const page = await shop.visit(String(pay_url))
  expect(readable(page.text)).not.toMatch(/已全额退款|refunded/i)
  expect(JSON.stringify(await shop.call('list_payments', {}))).not.toMatch(/"paid_at":""/)
  expect((await (await shop.ledger()).order({ out_trade_no: String(out_trade_no) }))?.send_pay_date).toBeUndefined()
})
