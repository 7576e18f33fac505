// The front hears no gateway: what time it is there the watcher tells it, by way of the ledger.
import { expect, it } from 'vitest'
import { Clock } from '../../src/clock.ts'
import { type FrontSide, frontHandlers } from '../../src/front/front-handlers.ts'
import { useShopWithPages } from '../checkout/shop-with-page.ts'

const shop = useShopWithPages()

/** As a process of its own has them. */
async function handlers() {
  const clock = new Clock()
  const side = {
    ...{ at: 'https://pay.example.com', environment: 'local', payee: undefined, clock, followsLedger: true },
    ledger: await shop.ledger(),
    actor: () => ({ at: clock.now(), owner: 'front', host: 'a front' }),
    say: () => {},
  } as Partial<FrontSide> as FrontSide
  return frontHandlers(side)
}

const press = async (pay_url: string) => {
  const token = pay_url.slice(-22)
  const { headers } = await (await handlers()).page({ token, step: 'page' }, { method: 'GET', headers: {} })
  return headers.location
}

it('a press goes by Alipay’s time, not by the one of this process', async () => {
  // The shop's clock is moved on, as that of an emulator elsewhere may be: by this computer's the order has hours left.
  shop.clock.advance(3 * 3_600_000)
  const { pay_url } = await shop.create({ expires_in_minutes: 3 })
  expect(await press(pay_url)).toContain('gateway.do')
  await shop.watch(1_000)
  expect(await press(pay_url)).toContain('gateway.do')
  shop.clock.advance(121_000)
  const offsets = shop.clock.offsets()
  await (await shop.ledger()).saveClockOffsets(offsets)
  expect(await press(pay_url)).toBe(new URL(pay_url).pathname)
})

it('the watcher writes them down, once it has heard Alipay', async () => {
  shop.clock.advance(3_600_000)
  await shop.create()
  const ledger = await shop.ledger()
  expect(await ledger.clockOffsets()).toStrictEqual({ corrected: 0, alipay_ahead: 0 })
  await shop.watch(1_000)
  const { corrected } = await ledger.clockOffsets()
  expect(Math.abs(corrected - shop.clock.offsets().corrected)).toBeLessThan(20_000)
})

it('offsets make one clock like the other', () => {
  const [one, other] = [new Clock(), new Clock()]
  one.advance(5_000)
  one.follow(new Date(one.now() + 60_000).toUTCString())
  one.hear(new Date(one.now() + 600_000).toUTCString())
  other.setOffsets(one.offsets())
  expect(Math.abs(one.now() - other.now())).toBeLessThan(1_000)
  expect(Math.abs(one.alipay() - other.alipay())).toBeLessThan(1_000)
})
