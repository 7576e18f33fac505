// Alerts are sent until they are taken, and not more than a robot bears.
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { AlertSender } from '../../src/alerts/alert-sender.ts'
import { Exchange, type Exchanged } from '../../src/gateway/exchange.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { useReceiver } from '../emulator/receiver.ts'
import { actor, NOON, opened, order, trade } from '../ledger/places.ts'
import { TestClock } from '../shop.ts'

const receiver = await useReceiver()
let said: string[] = []
beforeEach(() => {
  said = []
})

function sender(ledger: Ledger, on: 'problems' | 'payments' = 'problems', address = receiver.url) {
  const clock = new TestClock()
  clock.advance(NOON - clock.now())
  const call = { ledger: async () => ledger, clock, actor: () => actor(clock.now()) }
  const target = { url: new URL(address), secret: undefined, on }
  return { clock, it: new AlertSender(call, target, ({ en }) => said.push(en)) }
}

const texts = () =>
  receiver.received.map(({ body }) => JSON.parse(Buffer.from(body, 'latin1').toString()).text as string)
const problem = (key: string) =>
  ({ kind: 'in_doubt', key, out_trade_no: 'A', facts: { total_amount: '1.00', operation: 'refund' } }) as const

async function paid(ledger: Ledger, out_trade_no: string, changes: object = {}) {
  await ledger.reserveOrder(order(out_trade_no, changes), {}, actor())
  await ledger.recordTrade({ trade: trade(out_trade_no) }, actor(NOON + 1))
}

describe('sending', () => {
  it('sends each once, the oldest first', async () => {
    const ledger = await opened()
    for (const key of ['1', '2']) await ledger.raiseAlert(problem(key), actor())
    const { it } = sender(ledger)
    expect([await it.step(), await it.step(), await it.step()]).toEqual([0, 0, 1_000])
    expect(texts()).toHaveLength(2)
    expect(await ledger.unsentAlerts(9)).toEqual([])
  })

  it('keeps payments back unless they are wanted, and old ones always', async () => {
    const ledger = await opened()
    await paid(ledger, 'A')
    await sender(ledger).it.step()
    expect([texts(), await ledger.unsentAlerts(9)]).toEqual([[], []])
    await paid(ledger, 'B')
    const { it, clock } = sender(ledger, 'payments')
    await it.step()
    expect(texts()).toMatchObject([expect.stringContaining('已付款：订单 B，100.00 元。')])
    await paid(ledger, 'C')
    clock.advance(2 * 3_600_000)
    await it.step()
    expect(texts()).toHaveLength(1)
  })

  it('goes on until it is taken, more and more seldom, and says so once', async () => {
    const ledger = await opened()
    await ledger.raiseAlert(problem('1'), actor())
    const { it } = sender(ledger)
    receiver.answer = () => [500, 'no']
    const pauses: number[] = []
    for (let n = 0; n < 12; n++) pauses.push(await it.step())
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b))
    expect(pauses.at(-1)).toBe(5 * 60_000)
    expect(said).toEqual([
      'Alerts are not taken by ALIPAY_ALERT_URL (HTTP 500); they stay in the ledger and are sent later.',
    ])
    receiver.answer = () => [200, '']
    await it.step()
    expect(said.at(-1)).toBe('Alerts are taken again.')
    expect(await ledger.unsentAlerts(9)).toEqual([])
  })

  it('a robot that answers HTTP 200 and refuses has not taken it', async () => {
    const ledger = await opened()
    await ledger.raiseAlert(problem('1'), actor())
    const answers = ['{"errcode":310000}', '{"errcode":0}']
    const answered = (): Exchanged => ({
      kind: 'answered',
      host: 'oapi.dingtalk.com',
      status: 200,
      bytes: Buffer.from(answers.shift() ?? ''),
    })
    const posted = vi.spyOn(Exchange.prototype, 'post').mockImplementation(async () => answered())
    onTestFinished(() => posted.mockRestore())
    const { it } = sender(ledger, 'problems', 'https://oapi.dingtalk.com/robot/send?access_token=x')
    await it.step()
    expect(await ledger.unsentAlerts(9)).toHaveLength(1)
    await it.step()
    expect(await ledger.unsentAlerts(9)).toEqual([])
  })

  it('one of long ago that meant that moment is no news, any other one is', async () => {
    const ledger = await opened()
    for (const kind of ['unreachable', 'not_genuine', 'paid_twice'] as const) {
      await ledger.raiseAlert({ kind, key: kind, facts: {} }, actor())
    }
    const { it, clock } = sender(ledger)
    clock.advance(2 * 3_600_000)
    for (let n = 0; n < 3; n++) await it.step()
    expect(texts()).toEqual([expect.stringContaining('重复付款')])
  })

  it('one that is refused again and again keeps no other one back', async () => {
    const ledger = await opened()
    for (const out_trade_no of ['FORBIDDEN', 'B', 'C']) {
      await ledger.raiseAlert({ ...problem(out_trade_no), out_trade_no }, actor())
    }
    const { it } = sender(ledger)
    receiver.answer = ({ body }) => (body.includes('FORBIDDEN') ? [500, 'a forbidden word'] : [200, ''])
    for (let n = 0; n < 4; n++) await it.step()
    expect((await ledger.unsentAlerts(9)).map(({ out_trade_no }) => out_trade_no)).toEqual(['FORBIDDEN'])
  })

  it('never names its address, which is a secret', async () => {
    const ledger = await opened()
    await ledger.raiseAlert(problem('1'), actor())
    receiver.answer = () => 'hang up'
    await sender(ledger).it.step()
    expect(said.join()).not.toContain(new URL(receiver.url).host)
  })

  it('at most twenty a minute, the last of them about several others, each with its order', async () => {
    const ledger = await opened()
    const orders = Array.from({ length: 45 }, (_, n) => `ORDER_${n}`)
    for (const out_trade_no of orders) await ledger.raiseAlert({ ...problem(out_trade_no), out_trade_no }, actor())
    const { it, clock } = sender(ledger)
    for (let n = 0; n < 30; n++) await it.step()
    expect(texts()).toHaveLength(20)
    expect(texts().at(-1)).toContain('20 alerts; see')
    expect(await ledger.unsentAlerts(99)).toHaveLength(6)
    clock.advance(60_000)
    for (let n = 0; n < 7; n++) await it.step()
    expect([texts().length, await ledger.unsentAlerts(99)]).toEqual([26, []])
    for (const out_trade_no of orders) expect(texts().join()).toMatch(new RegExp(`\\b${out_trade_no}\\b`))
  })
})
