// What a request tells of a visitor, and how often Alipay is asked for one who looks on.
import { describe, expect, it } from 'vitest'
import { askApart } from '../../src/checkout/checkout-state.ts'
import { deviceOf, languageWanted } from '../../src/checkout/visitor.ts'
import type { Checkout } from '../../src/ledger/ledger.ts'
import { AGENTS } from './shop-with-page.ts'

const visit = (headers: Record<string, string>) => ({ method: 'GET', headers })

it.each<[string, string]>([
  ...Object.entries(AGENTS).map(([device, agent]): [string, string] => [agent, device]),
  ['', 'computer'],
  ['Mozilla/5.0 (Windows NT 10.0) Chrome/100 Safari/537.36 MicroMessenger/7.0 WindowsWechat', 'in_chat'],
  ['Mozilla/5.0 (Linux; Android 14; V1 wxwork/4.1 MicroMessenger/7.0', 'in_chat'],
  ['Mozilla/5.0 (Linux; Android 14) MQQBrowser/6.2 Mobile Safari/537.36 V1_AND_SQ_9.0 QQ/9.0.0.1', 'in_chat'],
  ['Mozilla/5.0 (Linux; U; Android 14) AppleWebKit/537.36 MQQBrowser/15.0 Mobile Safari/537.36', 'phone'],
  ['Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 ArkWeb/4.1 Mobile', 'phone'],
  ['Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Safari/604.1', 'phone'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15', 'computer'],
])('%j is a %s', (agent, device) => {
  expect(deviceOf(visit(agent ? { 'user-agent': agent } : {}))).toBe(device)
})

it.each([
  [undefined, 'zh'],
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  ['en-US,en;q=0.9,zh;q=0.8', 'en'],
  ['en;q=0.5,zh;q=0.9', 'zh'],
  ['EN', 'en'],
  ['fr,de;q=0.9,en;q=0.1', 'en'],
  ['fr', 'zh'],
  ['en;q=0', 'zh'],
  ['*', 'zh'],
  ['english', 'zh'],
  [';;;,,,q=', 'zh'],
])('accept-language %j is %s', (accept, language) => {
  expect(languageWanted(visit(accept === undefined ? {} : { 'accept-language': accept }))).toBe(language)
})

describe('for one who looks on Alipay is asked', () => {
  const of = (pressed: Checkout['pressed'], order: object = {}) =>
    ({ pressed, order: { can_never_be_paid: false, ...order } }) as Checkout
  const pressed = of({ page: 1_000_000, mobile: undefined })

  it('not before a press, nor once it is over', () => {
    expect(askApart(of({ page: undefined, mobile: undefined }), 1_000_000)).toBeUndefined()
    for (const order of [
      { trade_status: 'TRADE_SUCCESS' },
      { trade_status: 'TRADE_CLOSED' },
      { can_never_be_paid: true },
    ]) {
      expect(askApart(of({ page: 1_000_000, mobile: undefined }, order), 1_000_001)).toBeUndefined()
    }
  })

  it('every five seconds at first, ever more rarely after that, and some twenty times in all', () => {
    let [looks, last] = [0, 1_000_000]
    for (let at = 1_000_000; at < 1_000_000 + 86_400_000; at += 3_000) {
      const apart = askApart(pressed, at)
      if (apart === undefined || at - last < apart) continue
      looks++
      last = at
    }
    expect(looks).toBeGreaterThan(10)
    expect(looks).toBeLessThan(30)
    expect(askApart(pressed, 1_000_000 + 31 * 60_000)).toBeUndefined()
  })
})
