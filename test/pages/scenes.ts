// Every page that a person can see, with what stands on it: for the pictures, and for tests that look at all pages.
import type { Page } from 'playwright-core'
import { ApprovalWindows } from '../../src/approval/browser-window.ts'
import { questionOf, type RefundFacts } from '../../src/approval/question.ts'
import { Clock } from '../../src/clock.ts'
import type { Environment } from '../../src/gateway/gateway.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { toFen } from '../../src/money.ts'
import { codeOrder, mobileOrder, type Params, pageOrder, type RawClient, startRaw } from '../emulator/raw-client.ts'
import { openAgreementScenes } from './agreement-scenes.ts'
import { checkoutScenes } from './checkout-scenes.ts'
import { subscriptionScenes } from './subscription-scenes.ts'

export interface Scene {
  name: string
  show(page: Page): Promise<void>
}

/** Each is shown on a page of its own, and any number of times. */
export async function openScenes(): Promise<{ scenes: readonly Scene[]; close(): Promise<void> }> {
  const approvals = approvalScenes()
  const client = await startRaw({ ids: { app_id: '9021000123456789', seller_id: '2088000123456789' } })
  const emulator = await emulatorScenes(client)
  const agreements = await openAgreementScenes()
  return {
    scenes: [...approvals.scenes, ...emulator, ...agreements.scenes, ...checkoutScenes(), ...subscriptionScenes()],
    async close() {
      approvals.close()
      await agreements.close()
      await client.emulator.close()
    },
  }
}

/** Stands still until it is moved. */
class StandingClock extends Clock {
  #now = Date.parse('2026-11-20T10:00:00+08:00')

  override now(): number {
    return this.#now
  }

  override advance(ms: number): void {
    this.#now += ms
  }
}

const FACTS: RefundFacts = {
  environment: 'production',
  out_trade_no: '20261119180000123a1b2c3d4e5f60718',
  subject: '龙井茶两盒 Two boxes of Longjing tea',
  buyer_logon_id: '159****0000',
  send_pay_date: '2026-11-19 18:02:41',
  amount: '128.00',
  total_amount: '1256.00',
  refunded: '0.00',
  left: '1128.00',
  host: 'Claude Desktop 1.2.0',
  refund_reason: '少发了一盒，买家要求退这一盒的钱',
  further: false,
}
const WARNED: RefundFacts = {
  ...FACTS,
  environment: 'sandbox',
  refunded: '128.00',
  left: '1000.00',
  refund_reason: undefined,
  further: true,
  earlier: { at: Date.parse('2026-11-20T09:40:12+08:00'), amount: '128.00', state: 'unknown' },
}

interface Asked {
  ledger: Ledger
  clock: StandingClock
}

function approvalScenes(): { scenes: readonly Scene[]; close(): void } {
  const opened: { close(): void }[] = []
  const scene = (name: string, facts: RefundFacts, then: (page: Page, asked: Asked) => Promise<unknown>): Scene => ({
    name: `approval-${name}`,
    async show(page) {
      const clock = new StandingClock()
      const ledger = await ledgerOf(facts.environment)
      const pages: string[] = []
      const openPage = async (url: string) => pages.push(url)
      const windows = new ApprovalWindows({
        environment: facts.environment,
        clock,
        ledger: async () => ledger,
        openPage,
      })
      opened.push(windows, ledger)
      const actor = { at: clock.now(), owner: 'server', host: facts.host }
      const amount_fen = toFen(facts.amount)
      const request = { approvalDigest: 'd', out_trade_no: facts.out_trade_no, amount_fen, question: questionOf(facts) }
      await windows.show(await ledger.requestApproval(request, actor), ledger, actor)
      await page.goto(pages[0] ?? '')
      await then(page, { ledger, clock })
    },
  })
  const press = (page: Page, answer: RegExp) => page.getByRole('button', { name: answer }).click()
  const scenes = [
    scene('question', FACTS, async () => {}),
    scene('warnings', WARNED, async () => {}),
    scene('yes', FACTS, (page) => press(page, /Yes/)),
    scene('no', FACTS, (page) => press(page, /No/)),
    scene('expired', FACTS, async (page, { clock }) => {
      clock.advance(15 * 60_000)
      await page.reload()
    }),
    scene('frozen', FACTS, async (page, { ledger, clock }) => {
      await ledger.freeze(undefined, { at: clock.now(), owner: 'person', host: 'terminal' })
      await press(page, /Yes/)
    }),
    scene('not-saved', FACTS, async (page, { ledger }) => {
      ledger.close()
      await press(page, /Yes/)
    }),
  ]
  return {
    scenes,
    close() {
      for (const one of opened) one.close()
    },
  }
}

function ledgerOf(environment: Environment): Promise<Ledger> {
  return openLedger({ folder: undefined, partition: { environment, gateway: 'http://g', merchant: 'm' } })
}

const RETURN = { return_url: 'https://merchant.example/return' }
const buyer1 = { account: 'buyer1' }

async function emulatorScenes(client: RawClient): Promise<readonly Scene[]> {
  const at = (name: string, address: string | (() => string)): Scene => ({
    name,
    async show(page) {
      await page.goto(new URL(typeof address === 'string' ? address : address(), client.origin).href)
    },
  })
  const number = (count: number) => `2026112010000000${count}a1b2c3d4e5f60718`
  const open = (method: string, order: object, more: Params = {}) => client.cashierOf(client.link(method, order, more))
  const page = (count: number, biz: object, more: Params = {}) =>
    open('alipay.trade.page.pay', pageOrder(number(count), { timeout_express: '30m', ...biz }), more)
  const account = await page(1, { subject: '一首小诗 A short poem', total_amount: '9.90' })
  const confirm = await page(2, { subject: '龙井茶两盒 Two boxes of Longjing tea', total_amount: '1256.00' })
  await client.post(`${confirm}/login`, buyer1)
  const paid = await page(3, { subject: '肖像画 Portrait', total_amount: '200.00' }, RETURN)
  await client.post(`${paid}/login`, buyer1)
  await client.post(`${paid}/pay`, buyer1)
  await client.refund({ out_trade_no: number(3), refund_amount: '60.00', out_request_no: 'R20261120100000a1b2c3' })
  await client.precreate(codeOrder(number(6), { subject: '早餐 Breakfast', total_amount: '12.00' }))
  const mobile = await open('alipay.trade.wap.pay', mobileOrder(number(5), { subject: '明信片 Postcard' }))
  const closed = await page(4, { subject: '旧书 Used book', total_amount: '15.00' })
  await client.post(`${closed}/login`, buyer1)
  await client.close({ out_trade_no: number(4) })
  const { trades } = (await client.trades()) as { trades: { trade_no: string; out_trade_no: string }[] }
  const bad = new URL(client.link('alipay.trade.page.pay', pageOrder(number(8))))
  bad.searchParams.set('sign', 'eA==')
  return [
    at('cashier', account),
    at('cashier-mobile', mobile),
    at('cashier-confirm', `${confirm}?account=buyer1`),
    at('cashier-paid', paid),
    {
      name: 'cashier-refused',
      async show(page) {
        await page.goto(client.origin + mobile)
        await page.getByText('Buyer without balance').click()
        await page.getByRole('button', { name: /Pay/ }).click()
      },
    },
    at('not-found', '/cashier/none'),
    at('gateway-error', bad.href),
    at('overview', '/'),
    at('refund-by-hand', `/refund/${trades.find(({ out_trade_no }) => out_trade_no === number(3))?.trade_no}`),
  ]
}
