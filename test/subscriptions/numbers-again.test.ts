// What never left this computer is no attempt, and what is paid under a number is found again by a ledger that was put back.
import { expect, it, vi } from 'vitest'
import type { Subscription } from '../../src/ledger/ledger.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { chargeAll } from '../../src/subscriptions/charge-all.ts'
import { chargeSubscription } from '../../src/subscriptions/charge-subscription.ts'
import { lookUpSubscription } from '../../src/subscriptions/find-subscription.ts'
import { NEWS, useSubscribedShop, WEEKLY } from './subscribed-shop.ts'

const shop = useSubscribedShop(() => [NEWS, WEEKLY])
const next = (external_agreement_no: string, outcome: object) =>
  shop.control('charges/next', { external_agreement_no, ...outcome })
const decide = (out_trade_no: unknown, end: string) => shop.control('charges/decide', { out_trade_no, end })

async function putBack(external_agreement_no: string) {
  const known: Subscription | undefined = await (await shop.ledger()).subscription({ external_agreement_no })
  if (!known) throw new Error('it is not there')
  const { gateway, app_id } = shop.emulator
  const partition = { environment: 'local', gateway, merchant: app_id } as const
  const ledger = await openLedger({ folder: undefined, partition })
  const actor = { at: known.created_at, owner: 'command', host: 'a terminal' }
  const { terms, items_hash, token, offer_until, buyer } = known
  const offer = { external_agreement_no, terms, items_hash, token, offer_until, buyer, limits: {} }
  await ledger.reserveSubscription(
    { ...offer, sign_links: { page: 'https://pay.example/', mobile: 'alipays://' } },
    actor,
  )
  await ledger.pressSign(token, 'page', actor)
  const call = { ...shop.commandCall(), ledger: async () => ledger }
  const made = await ledger.subscription({ external_agreement_no })
  if (made) await lookUpSubscription(made, call)
  return { ledger, call }
}
function agreements() {
  if (!shop.gateway.agreements) throw new Error('there is no product')
  return shop.gateway.agreements
}
const plannedDay = async (number: string) => String((await shop.query(number)).planned_day)

it('an attempt that never left makes no other number of the one that did: a ledger put back charges once', async () => {
  const number = await shop.signed()
  const ledger = await shop.ledger()
  const stopped = vi.spyOn(ledger, 'markSending').mockResolvedValueOnce({ why: 'frozen', since: shop.clock.now() })
  await shop.charge(number)
  stopped.mockRestore()
  await next(number, { outcome: 'in_process' })
  const first = await shop.charge(number)
  expect(first).toMatchObject({ error: 'unknown' })
  const { call } = await putBack(number)
  await chargeSubscription(number, call).catch(() => undefined)
  await decide(first.out_trade_no, 'paid')
  expect(await shop.charged(number)).toHaveLength(1)
})

it('what never left this computer uses up no attempt and holds nothing up', async () => {
  const number = await shop.signed()
  const planned = String((await shop.query(number)).planned_day)
  const { agreements } = shop.gateway
  if (!agreements) throw new Error('no agreements')
  await shop.until(`${planned} 19:45:00`)
  vi.spyOn(agreements, 'charge').mockResolvedValueOnce({
    outcome: 'refused',
    refusal: { verified: false, not_sent: 'the name of the gateway was not found (ENOTFOUND)' },
  })
  expect(await shop.charge(number)).toMatchObject({ isError: true, moved: 'no' })
  const said: unknown[] = []
  for (let turn = 0; turn < 3; turn++) {
    await shop.clock.sleep(4 * 60_000)
    for (const one of await chargeAll(shop.commandCall())) said.push('error' in one ? one.error.message : one.outcome)
  }
  expect(await shop.charged(number), JSON.stringify(said)).toHaveLength(1)
})

it('a charge that Alipay has already made is not said to be refused and open to a further try', async () => {
  const number = await shop.signed()
  const planned = await plannedDay(number)
  const { call } = await putBack(number)
  const ask = agreements().agreement.bind(agreements())
  // Alipay plans the next day a moment later.
  const stuck = vi.spyOn(agreements(), 'agreement').mockImplementation(async (...asked) => {
    const read = await ask(...asked)
    return read.outcome === 'done' ? { ...read, answer: { ...read.answer, next_deduct_time: planned } } : read
  })
  expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
  const made = await chargeAll(call)
  stuck.mockRestore()
  expect(made.map(({ outcome }) => outcome)).not.toContain('not_charged')
})
