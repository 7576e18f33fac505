// A link on its way to the buyer: pages that decode HTML, Markdown and chats leave it as it was signed.
import { decodeHTML, decodeHTMLAttribute } from 'entities'
import { describe, expect, it } from 'vitest'
import { confirmPayment, openCashier } from '../../src/cli/demo/buyer.ts'
import type { Connection } from '../../src/gateway/signing.ts'
import { openShop, type Shop } from '../shop.ts'

const NOTIFY = { notify_url: 'https://shop.example/notify?a=1&times=2', return_url: "https://shop.example/(paid)!*~'" }
const SUBJECT = "Tea! (*~'~*) <b>&amp</b> &copy&lt; +%2B 茶😀"

const order = (channel: string) => ({ subject: SUBJECT.replace(/[/=&]/g, ''), total_amount: '9.90', channel })

/** Names of parameters, as they are spelled. */
const names = (link: string) => (link.split('?')[1] ?? '').split('&').map((pair) => pair.split('=', 1).join(''))

describe.each<[string, Partial<Connection>]>([
  ['by itself', {}],
  ['with addresses', NOTIFY],
  ['for a merchant', { ...NOTIFY, app_auth_token: "202611BB!*~'()+/= &times" }],
])('a link %s', (_, connection) => {
  const withShop = async (run: (shop: Shop) => Promise<void>) => {
    const shop = await openShop({ connection })
    await run(shop).finally(() => shop.close())
  }

  it.each(['page', 'mobile'])('is the same after HTML is decoded, and the buyer pays: %s', (channel) =>
    withShop(async (shop) => {
      const { pay_url, out_trade_no } = await shop.call('create_payment', { ...order(channel), body: SUBJECT })
      const link = String(pay_url)
      for (const decoded of [decodeHTML(link), decodeHTML(`<${link}>`).slice(1, -1), decodeHTMLAttribute(link)]) {
        expect(decoded).toBe(link)
      }
      // Escaped as HTML wants it, and decoded once too often.
      expect(decodeHTML(decodeHTML(link.replaceAll('&', '&amp;')))).toBe(link)
      if (channel === 'page') await confirmPayment(await openCashier(decodeHTML(link)))
      else await shop.control('pay', { pay_url: decodeHTML(link) })
      expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({ paid: true })
    }),
  )

  it('has nothing at which a chat, Markdown or a shell would end it', () =>
    withShop(async (shop) => {
      const { pay_url } = await shop.call('create_payment', { ...order('page'), body: SUBJECT })
      expect(pay_url).toMatch(/^http:\/\/[\w.:]+\/gateway\.do\?[\w.%&=-]+[\w%]$/)
      expect(names(String(pay_url))[0]).toBe('timestamp')
      expect(names(String(pay_url)).at(-1)).toBe('sign')
    }))
})

it('the other way round most of it is lost', () => {
  expect(decodeHTML('?a=1&timestamp=2&notify_url=3')).toBe('?a=1×tamp=2¬ify_url=3')
})
