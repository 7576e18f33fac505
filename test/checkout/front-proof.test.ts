// The proof that the front which buyers reach has this server's ledger: before the first short link, and now and then.
import { createServer, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { FrontPages } from '../../src/checkout/front-proof.ts'
import { LedgerError } from '../../src/errors.ts'
import { MARK_PARAMETER, POSTS_HERE, readMark } from '../../src/ledger/ledger-mark.ts'
import { type Shop, useShop } from '../shop.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Answers a look at /notify; gets the name of the mark that was asked for. */
async function front(answer: (mark: string) => Promise<string> | string, status = 405) {
  const asked: string[] = []
  const server = createServer(async ({ url = '' }, response) => {
    asked.push(url)
    const mark = new URL(url, 'http://front').searchParams.get(MARK_PARAMETER) ?? ''
    const text = await answer(mark)
    response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:9/notify' } : {}).end(text)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = Object(server.address())
  return { at: `http://127.0.0.1:${port}`, asked }
}

const shop = useShop()
const mark = async (name: string) => `${POSTS_HERE} ${await readMark(await shop.ledger(), name, shop.clock.now())}\n`
const callOf = ({ clock, ledger }: Shop) =>
  ({ clock, ledger: async () => ledger(), actor: () => ({ at: clock.now(), owner: 'one', host: 'a host' }) }) as never

it('a front with this ledger is proven, and asked again only after minutes', async () => {
  const { at, asked } = await front(mark)
  const pages = new FrontPages(at)
  for (let turn = 0; turn < 3; turn++) expect(await pages.proven(callOf(shop))).toEqual({ at })
  expect(asked).toHaveLength(1)
  expect(asked[0]).toMatch(/^\/p\/mark\?mark=[0-9a-f]{32}$/)
  shop.clock.advance(31_000)
  expect(await pages.proven(callOf(shop))).toEqual({ at })
  expect(asked).toHaveLength(2)
  expect(asked[0]).not.toBe(asked[1])
})

it('pages of subscriptions are proven by themselves: a web server may pass on those of orders alone', async () => {
  const { at, asked } = await front((name) => (asked.at(-1)?.startsWith('/p/') ? mark(name) : 'not found'), 404)
  const pages = new FrontPages(at)
  expect(await pages.proven(callOf(shop))).toEqual({ at })
  expect(await pages.proven(callOf(shop), 'subscriptions')).toEqual({
    why: expect.stringMatching(/answers HTTP 404: .*, or nothing below \/s\/ is passed on to it$/),
  })
  expect(await pages.proven(callOf(shop))).toEqual({ at })
  expect(asked.map((url) => url.slice(0, 8))).toEqual(['/p/mark?', '/s/mark?'])
})

describe('what is not proven', () => {
  it.each<[string, (name: string) => string | Promise<string>, number, RegExp]>([
    ['another ledger', () => `${POSTS_HERE}\n`, 405, /are of another ledger, app or merchant than this server's$/],
    ['a made up mark', () => `${POSTS_HERE} ${'0'.repeat(32)}\n`, 405, /are of another ledger/],
    ['the name in the place of the mark', (name) => `${POSTS_HERE} ${name}\n`, 405, /are of another ledger/],
    ['another program', () => '<html>hello</html>', 200, /answers HTTP 200: "listen" does not run behind it/],
    ['a redirect', () => '', 302, /answers HTTP 302: /],
    ['a proxy without its front', () => 'bad gateway', 502, /answers HTTP 502: /],
  ])('%s', async (_what, answer, status, why) => {
    const { at } = await front(answer, status)
    expect(await new FrontPages(at).proven(callOf(shop))).toEqual({ why: expect.stringMatching(why) })
  })

  it('nobody there; it is asked again soon', async () => {
    const { at, asked } = await front(mark)
    const [server] = servers.splice(0)
    await new Promise((resolve) => server?.close(resolve))
    const pages = new FrontPages(at)
    expect(await pages.proven(callOf(shop))).toEqual({ why: `the pages at ${at} cannot be reached (ECONNREFUSED)` })
    const { port } = new URL(at)
    await new Promise<void>((resolve) => server?.listen(Number(port), '127.0.0.1', resolve))
    if (server) servers.push(server)
    expect(await pages.proven(callOf(shop))).toHaveProperty('why')
    shop.clock.advance(16_000)
    expect(await pages.proven(callOf(shop))).toEqual({ at })
    expect(asked).toHaveLength(1)
  })
})

describe('without a proof', () => {
  const pages = { at: 'https://pay.example.com', proven: async () => ({ why: 'the pages cannot be reached' }) }
  const unproven = useShop({ pages })

  it('an order has a link of Alipay’s, and the result says why', async () => {
    const made = await unproven.call('create_payment', { subject: 'Tea', total_amount: '9.90' })
    expect(made).toMatchObject({ channel: 'page', no_short_link: 'the pages cannot be reached' })
    expect(made.pay_url).toContain('gateway.do')
    const { out_trade_no } = made
    expect(await unproven.call('query_payment', { out_trade_no })).toMatchObject({ pay_url: made.pay_url })
    // It is out: no close can be for good.
    expect(await unproven.call('close_payment', { out_trade_no })).toMatchObject({ closed: false })
  })
})

it('a ledger that can be read and not written shows no link, and keeps no answer back', async () => {
  const { at } = await front(mark)
  const call = {
    ...Object(callOf(shop)),
    ledger: () => Promise.reject(new LedgerError('The disk is full.', 'Make room.')),
  }
  expect(await new FrontPages(at).proven(call)).toEqual({ why: 'the ledger cannot be written: The disk is full.' })
})
