// The built server, from another folder with an empty environment, for clients of every era.
import { describe, expect, it } from 'vitest'
import { ALL_NAMES } from '../tools/catalogue.ts'
import { cashierLink, control, newHost, oldHost, pay, RawServer, rawHost } from './hosts.ts'

describe.concurrent.each([
  ['a 1.x client', oldHost],
  ['a 2.x client pinned to 2026-07-28', newHost],
  ['raw lines of 2024-11-05', rawHost],
] as const)('%s', (_, connect) => {
  it('completes create, pay, query, refund and close', async () => {
    const host = await connect()
    const tools = (await host.tools()).map(({ name }) => name)
    expect(tools).toStrictEqual(ALL_NAMES)

    const made = await host.call('create_payment', {
      subject: 'Tea',
      total_amount: '9.90',
      channel: 'mobile',
    })
    const { out_trade_no } = made
    expect(made).toMatchObject({ environment: 'local', total_amount: '9.90' })
    // The page fits every device.
    expect(made).not.toHaveProperty('channel')
    expect(await host.call('query_payment', { out_trade_no })).toMatchObject({
      paid: false,
      refunded: 'none_known',
    })
    await pay(made.pay_url)
    const paid = await host.call('query_payment', { out_trade_no })
    expect(paid).toMatchObject({ paid: true, refunded: 'none_known', trade_status: 'TRADE_SUCCESS' })

    const refund = { trade_no: paid.trade_no, refund_amount: 4.5 }
    expect(await host.call('refund_payment', refund)).toMatchObject({ moved: 'now', refunded_total: '4.50' })
    expect(await host.call('refund_payment', refund)).toMatchObject({ moved: 'earlier' })
    expect(await host.call('query_refund', refund)).toMatchObject({ refund_status: 'REFUND_SUCCESS' })
    expect(await host.call('query_payment', { out_trade_no })).toMatchObject({ paid: true, refunded: 'part' })

    const other = await host.call('create_payment', { subject: 'Tea', total_amount: 1 })
    const link = await cashierLink(other.pay_url)
    await control(link, 'scan', { pay_url: link })
    const closed = await host.call('close_payment', { out_trade_no: other.out_trade_no })
    expect(closed).toMatchObject({ closed: true, paid: false, environment: 'local' })
    await host.close()
  })

  it('reads the refusal of bad input in our own words, with the environment', async () => {
    const host = await connect()
    const refused = await host.call('create_payment', { subject: true, total_amount: '9.999', colour: 'red' })
    expect(refused).toMatchObject({ isError: true, error: 'invalid_input', environment: 'local' })
    expect(refused.message).toMatch(/subject: must be a text.*more than two decimals.*unknown field "colour"/)
    await host.close()
  })
})

it.each(['2024-10-07', '2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])('echoes protocol %s', async (era) => {
  const server = new RawServer()
  const opened = await server.open(era)
  expect(opened.protocolVersion).toBe(era)
  expect(String(opened.instructions).length).toBeLessThan(1500)
  await server.end()
})
