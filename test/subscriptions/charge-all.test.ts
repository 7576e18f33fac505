// charge-due's pass over all subscriptions: what is due is charged, and each that needs a person is told, in each run.
import { expect, it, vi } from 'vitest'
import { LedgerError, OutcomeUnknownError, type RefusedError } from '../../src/errors.ts'
import { chargeAll } from '../../src/subscriptions/charge-all.ts'
import { addDays } from '../../src/subscriptions/charge-window.ts'
import { useSubscribedShop } from './subscribed-shop.ts'

const shop = useSubscribedShop()

const plannedDay = async (number: string) => String((await shop.query(number)).planned_day)
const nextCharge = (external_agreement_no: string, outcome: object) =>
  shop.control('charges/next', { external_agreement_no, ...outcome })

/** What the run says of each one that it speaks of. */
async function run(): Promise<Record<string, string>> {
  const made = await chargeAll(shop.commandCall())
  return Object.fromEntries(
    made.map((one) => [one.external_agreement_no, 'error' in one ? `${one.outcome}: ${why(one.error)}` : one.outcome]),
  )
}

function why(error: RefusedError | OutcomeUnknownError | LedgerError): string | undefined {
  if (error instanceof LedgerError) return error.problem
  return error instanceof OutcomeUnknownError ? error.why : (error.refusal.not_sent ?? error.refusal.sub_code)
}

it('charges what is due, and the next run has nothing to say of it', async () => {
  const [first, second] = [await shop.signed(), await shop.signed('weekly', 'buyer2')]
  expect(await run()).toStrictEqual({ [first]: 'charged', [second]: 'charged' })
  expect(await run()).toStrictEqual({})
})

it('tells in each run of a period that was missed, until it is postponed', async () => {
  const number = await shop.signed('weekly')
  await shop.charge(number)
  const planned = await plannedDay(number)
  await shop.until(`${planned} 20:00:00`)
  for (let turn = 0; turn < 2; turn++)
    expect(await run()).toStrictEqual({ [number]: expect.stringMatching(/^not_charged: .*window for .* is over/s) })
  const later = addDays(planned, 2)
  await shop.call('postpone_subscription', { external_agreement_no: number, planned_day: later })
  await shop.until(addDays(later, -1))
  expect(await run()).toStrictEqual({ [number]: 'charged' })
})

it('tells in each run of a period whose three attempts failed, and sends no fourth', async () => {
  const number = await shop.signed()
  await nextCharge(number, { outcome: 'refuse', times: 'always' })
  for (let attempt = 1; attempt <= 3; attempt++)
    expect(await run()).toStrictEqual({ [number]: expect.stringMatching(/^not_charged: .*ACQ/s) })
  for (let turn = 0; turn < 2; turn++)
    expect(await run()).toStrictEqual({
      [number]: expect.stringMatching(/^not_charged: .*all 3 attempts for .* failed/s),
    })
  const [one] = await shop.agreements()
  expect(one?.charges).toHaveLength(3)
})

it('tells of an attempt that Alipay never said no to, and sends no other', async () => {
  const number = await shop.signed()
  await nextCharge(number, { outcome: 'in_process' })
  const { out_trade_no } = await shop.charge(number)
  expect(await run()).toStrictEqual({ [number]: expect.stringMatching(/^unknown: .*is unknown/s) })
  await shop.control('charges/decide', { out_trade_no, end: 'closed' })
  for (let turn = 0; turn < 2; turn++)
    expect(await run()).toStrictEqual({ [number]: expect.stringMatching(/another could charge twice/) })
  const [one] = await shop.agreements()
  expect(one?.charges).toHaveLength(1)
})

it('hears of a charge in doubt that was made, and charges nothing more', async () => {
  const number = await shop.signed()
  await nextCharge(number, { outcome: 'late', seconds: 120 })
  expect(await shop.charge(number)).toMatchObject({ error: 'unknown' })
  await shop.clock.sleep(180_000)
  expect(await run()).toStrictEqual({})
  expect(await shop.charged(number)).toHaveLength(1)
})

it('goes on with the others where the ledger cannot be used for one of them', async () => {
  const [first, second] = [await shop.signed(), await shop.signed('weekly', 'buyer2')]
  const ledger = await shop.ledger()
  const reserve = ledger.reserveCharge.bind(ledger)
  const busy = vi.spyOn(ledger, 'reserveCharge').mockImplementation(async (request, ...rest) => {
    if (request.external_agreement_no === first) throw new LedgerError('the ledger is busy', '账本正忙。')
    return reserve(request, ...rest)
  })
  expect(await run()).toStrictEqual({
    [first]: expect.stringMatching(/^not_charged: .*busy/s),
    [second]: 'charged',
  })
  busy.mockRestore()
  expect(await run()).toStrictEqual({ [first]: 'charged' })
})
