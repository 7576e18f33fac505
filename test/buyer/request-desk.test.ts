// The person at the server's computer: a buyer's request opens a page there once, and what is answered on it is carried out.
import { describe, expect, it } from 'vitest'
import { Approvals } from '../../src/approval/approvals.ts'
import { Clock } from '../../src/clock.ts'
import { Refunds } from '../../src/refunds/refund.ts'
import { withRequestDesk } from '../../src/server/request-desk.ts'
import type { SharedServices } from '../../src/server/shared-services.ts'
import { type Fields, useShop } from '../shop.ts'
import { itemsFolder, POEM } from './items.ts'

const { itemsFile } = itemsFolder([POEM])
const shop = useShop({ role: 'buyer', sells: { itemsFile } })
const alice = (tool: string, args: Fields) => shop.callAs('alice', tool, args)

/** Whatever happens while the desk waits for an answer. */
class WaitingClock extends Clock {
  meanwhile: () => Promise<unknown> = async () => {}
  override async sleep(ms: number): Promise<void> {
    this.advance(Math.max(0, ms))
    await this.meanwhile()
  }
}

function openDesk() {
  const pages: string[] = []
  const lines: string[] = []
  const clock = new WaitingClock()
  const ledger = () => shop.ledger()
  const approvals = new Approvals({ environment: 'local', clock, ledger, openPage: async (url) => pages.push(url) })
  const limits = { callsPerMinute: 0 }
  const rules = { environment: 'local', readOnly: false, channels: [], limits, refundApproval: 'operator' } as const
  const services = { gateway: shop.gateway, clock, rules, ledger, owner: 'o', approvals, refunds: new Refunds() }
  const stopping = new AbortController()
  const options = { stopping: stopping.signal, tell: (line: string) => lines.push(line) }
  const { requestDesk } = withRequestDesk(services as unknown as SharedServices, options)
  if (!requestDesk) throw new Error('a server of buyers has a desk')
  return { desk: requestDesk, clock, pages, lines, stop: () => stopping.abort(), close: () => approvals.close() }
}

async function asked() {
  const { out_trade_no, pay_url } = await alice('create_payment', { item: 'poem' })
  await shop.control('pay', { pay_url })
  await alice('request_refund', { out_trade_no, reason: '不想要了' })
  const request = await (await shop.ledger()).buyerRequest(String(out_trade_no))
  if (!request) throw new Error('nothing was asked for')
  return { out_trade_no: String(out_trade_no), request }
}

async function decide(yes: boolean) {
  const ledger = await shop.ledger()
  for (const { id } of await ledger.openApprovals(Date.now()))
    await ledger.decide(id, yes, 'page', { at: Date.now(), owner: 'page', host: 'page' })
}

describe('a request at the desk', () => {
  it('opens one page with the facts, however often it is asked, and a yes there sends it', async () => {
    const { desk, clock, pages, lines, close } = openDesk()
    const { out_trade_no, request } = await asked()
    let page = ''
    clock.meanwhile = async () => {
      if (pages[0] !== undefined) page = await (await fetch(pages[0])).text()
      await decide(true)
    }
    desk.ask(request)
    desk.ask(request)
    await expect.poll(() => alice('query_payment', { out_trade_no })).toMatchObject({ state: 'refunded' })
    expect(pages).toHaveLength(1)
    for (const fact of ['9.90', out_trade_no, '不想要了', 'A poem']) expect(page).toContain(fact)
    expect(lines).toStrictEqual([])
    expect((await shop.trades()).refunded).toBe('9.90')
    close()
  })

  it('with a no there is declined for good, and the order is delivered', async () => {
    const { desk, clock, close } = openDesk()
    const { out_trade_no, request } = await asked()
    clock.meanwhile = () => decide(false)
    desk.ask(request)
    await expect.poll(() => alice('query_payment', { out_trade_no })).toMatchObject({ refund_request: 'declined' })
    expect(await alice('request_refund', { out_trade_no })).toMatchObject({ error: 'declined', moved: 'no' })
    expect(await alice('deliver_order', { out_trade_no })).toMatchObject({ first_time: true })
    expect((await shop.trades()).refunded).toBe('0.00')
    close()
  })

  it('that nobody answers there waits for a terminal, and the operator reads so', async () => {
    const { desk, lines, close } = openDesk()
    const { out_trade_no, request } = await asked()
    desk.ask(request)
    await expect
      .poll(() => lines)
      .toMatchObject([expect.stringMatching(/^The refund that a buyer asked for was not made/)])
    expect(await alice('query_payment', { out_trade_no })).toMatchObject({ refund_request: 'waiting' })
    expect(await (await shop.ledger()).buyerRequests()).toHaveLength(1)
    close()
  })
})
