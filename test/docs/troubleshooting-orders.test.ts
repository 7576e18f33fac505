// Provokes what the page of troubleshooting quotes about orders.

import { FrontPages } from '../../src/checkout/front-proof.ts'
import { openCashier } from '../../src/cli/demo/buyer.ts'
import { openShop, useShop } from '../shop.ts'
import { prove } from './troubleshooting-page.ts'

const shop = useShop()

const tea = { subject: 'Tea 茶', total_amount: '9.90' }
const create = (more = {}, at = shop) => at.text('create_payment', { ...tea, ...more })

/** A link that nobody has opened. */
async function unopened(): Promise<{ out_trade_no: string; pay_url: string }> {
  const { out_trade_no, pay_url } = await shop.call('create_payment', tea)
  return { out_trade_no: String(out_trade_no), pay_url: String(pay_url) }
}

prove('orders', {
  'Not paid yet: ... yuan. No buyer has scanned, logged in or confirmed; payable until ... Beijing time.': async () => {
    const { out_trade_no } = await unopened()
    return shop.text('query_payment', { out_trade_no })
  },
  'no_short_link: the pages at ... cannot be reached (...)': async () => {
    const pages = new FrontPages('http://127.0.0.1:9')
    const other = await openShop({ pages })
    return create({}, other).finally(() => other.close())
  },
  'Withdrawn, not closed: the page offers the ... yuan no more, but a cashier opened at ... can be paid in until ... Beijing time.':
    async () => {
      const at = 'https://pay.example.com'
      const other = await openShop({ pages: { at, proven: async () => ({ at }) } })
      const { out_trade_no, pay_url } = await other.call('create_payment', tea)
      const actor = { at: other.clock.now(), owner: 'front', host: 'a front' }
      await (await other.ledger()).press(String(pay_url).slice(-22), 'page', other.clock.alipay(), actor)
      return other.text('close_payment', { out_trade_no }).finally(() => other.close())
    },
  'Expired unpaid: nobody can pay the ... yuan any more.': async () => {
    const { out_trade_no } = await unopened()
    shop.clock.advance(46 * 60_000)
    return shop.text('query_payment', { out_trade_no })
  },
  'Alipay answered that it has no such trade, and had it before: ...': async () => {
    const { out_trade_no } = await shop.paidOrder()
    await shop.call('query_payment', { out_trade_no })
    await shop.control('reset', {})
    return shop.text('query_payment', { out_trade_no })
  },
  'ACQ.TRADE_BUYER_NOT_MATCH': async () => {
    const cashier = await openCashier((await unopened()).pay_url)
    const body = new URLSearchParams({ account: 'buyer2' })
    return (await fetch(`${cashier.split('?', 1)}/login`, { method: 'POST', body })).text()
  },
  'Not closed: no buyer has scanned, logged in or confirmed, so Alipay has nothing to close. ...': async () => {
    const { out_trade_no } = await unopened()
    return shop.text('close_payment', { out_trade_no })
  },
  'out_trade_no: ... already belongs to an order of this merchant (...)': async () => {
    const { out_trade_no } = await shop.paidOrder()
    await shop.forgetAll()
    return create({ out_trade_no })
  },
  'The link is too long to be scanned: ...': () => create(),
  'Show the buyer the picture (or the file qr_file): ...': () => create({ channel: 'qr' }),
  'channel: qr is not offered here (ALIPAY_CHANNELS); use page or mobile.': async () => {
    const other = await openShop({ channels: ['page', 'mobile'] })
    return create({ channel: 'qr' }, other).finally(() => other.close())
  },
})
