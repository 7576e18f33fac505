// The last items of a shop whose servers are killed, or whose ledger is restored: each code once, and nobody's order lost.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { each } from '../crash/world.ts'
import { pay } from '../e2e/hosts.ts'
import { judgeAnswers } from './buyer-judge.ts'
import { BuyerShop } from './buyer-shop.ts'
import { BUYERS, CODES as GAMES, LostHour } from './lost-hour.ts'
import { Rush, SEAT, CODES as SEATS } from './rush.ts'

const AT_ONCE = 32
/** On a busy computer; on a quiet one all of it takes less than a minute. */
const TIMEOUT = 240_000
const POLL = { timeout: 40_000, interval: 200 }
const sorted = (numbers: Iterable<string>) => [...numbers].sort()

/** Paid and not given back, as Alipay has it. */
async function keptAtAlipay({ world }: BuyerShop): Promise<readonly string[]> {
  const { trades } = await world.trades()
  return sorted(trades.flatMap((trade) => (trade.trade_status === 'TRADE_SUCCESS' ? [trade.out_trade_no] : [])))
}

/** Codes that were handed out, as the file beside the ledger has them: by order. */
function journal({ world }: BuyerShop): ReadonlyMap<string, readonly string[]> {
  const lines = readFileSync(join(world.folder, 'deliveries.log'), 'utf8').split('\n')
  // A killed server may have left one without its end.
  const wholeLines = lines.filter((line) => line.endsWith('}'))
  return new Map(wholeLines.map((line) => JSON.parse(line)).map(({ order, codes }) => [order, codes]))
}

describe('200 named buyers on 4 server processes, one ledger on disk, 50 last items with codes, killed ten times', {
  timeout: TIMEOUT,
}, () => {
  let shop: BuyerShop
  let rush: Rush
  beforeAll(async () => {
    shop = await BuyerShop.open({ items: [SEAT], servers: 4 })
    await shop.start()
    const names = Array.from({ length: 200 }, (_, at) => `buyer ${at + 1}`)
    rush = new Rush(shop, names)
  }, TIMEOUT)
  afterAll(() => shop?.close())

  it("50 sold, 50 different codes, nobody's order lost", async () => {
    expect(await rush.round({ kills: 5, allPay: false })).toBe(50)
    await rush.lapse()
    expect(await rush.round({ kills: 3, allPay: false })).toBe(13)
    await rush.lapse()
    expect(await rush.round({ kills: 2, allPay: true })).toBe(4)
    expect(shop.kills).toBe(10)
    expect(shop.cut).toContain('create_payment')
    expect(rush.violations).toStrictEqual([])

    // 50 are paid, each by another buyer; what nobody asked for is on the operator's list.
    const paid = sorted(rush.paid.map(({ out_trade_no }) => out_trade_no))
    expect(await keptAtAlipay(shop)).toStrictEqual(paid)
    expect([new Set(paid).size, new Set(rush.paid.map(({ buyer }) => buyer)).size]).toStrictEqual([50, 50])
    const unasked = sorted(rush.unasked.map(({ out_trade_no }) => out_trade_no))
    const before = judgeAnswers(shop.answers, SEATS)
    expect(sorted([...before.codes.keys(), ...unasked])).toStrictEqual(paid)
    await shop.endListening('SIGTERM')
    await shop.listen('--watcher')
    await expect.poll(() => shop.operatorsList(), POLL).toStrictEqual(unasked)
    const listed = await shop.read((ledger) => ledger.undelivered())
    expect(sorted(listed.map(({ order }) => order.out_trade_no))).toStrictEqual(unasked)

    // All ask, or ask again: each has one code, and always the same.
    await each(rush.paid, AT_ONCE, (order) => rush.deliver(order))
    expect(rush.violations).toStrictEqual([])
    const handed = judgeAnswers(shop.answers, SEATS)
    expect(handed.violations).toStrictEqual([])
    expect(sorted(handed.codes.keys())).toStrictEqual(paid)
    expect(sorted(handed.codes.values())).toStrictEqual(sorted(SEATS))
    expect(await shop.operatorsList()).toStrictEqual([])
    const written = journal(shop)
    expect(sorted(written.keys())).toStrictEqual(paid)
    expect(new Set([...written.values()].map((codes) => codes.join())).size).toBe(50)
    const { refunded, calls } = await shop.world.trades()
    expect([refunded, calls['alipay.trade.refund']]).toStrictEqual(['0.00', undefined])
  })

  it("each buyer sees his own orders and nobody else's, and no order was made that nobody was told of", async () => {
    const { buyers } = judgeAnswers(shop.answers, SEATS)
    const paid = new Set(await keptAtAlipay(shop))
    const wrong: string[] = []
    await each([...buyers], AT_ONCE, async ([out_trade_no, buyer]) => {
      const seen = await shop.ask(buyer, 'query_payment', { out_trade_no })
      const isPaid = paid.has(out_trade_no)
      if (seen.paid !== isPaid || seen.delivered !== isPaid) wrong.push(`${buyer}: ${seen.message}`)
    })
    const unknown = await shop.ask('a stranger', 'query_payment', { out_trade_no: '20261129104700001a2b3c4d5e6f70819' })
    const numbers = [...buyers.keys()]
    const strangers = Array.from({ length: 200 }, (_, at) => ({ at, buyer: `buyer ${at + 1}` }))
    await each(strangers, AT_ONCE, async ({ at, buyer }) => {
      const foreign = numbers.filter((number) => buyers.get(number) !== buyer)
      const out_trade_no = foreign[at % foreign.length]
      const seen = await shop.ask(buyer, 'query_payment', { out_trade_no })
      if (JSON.stringify(seen) !== JSON.stringify(unknown)) wrong.push(`${buyer} sees ${out_trade_no}: ${seen.message}`)
    })
    expect(wrong).toStrictEqual([])

    const { orders } = await shop.read((ledger) => ledger.list({ limit: 1_000 }))
    const sold = orders.filter(({ subject }) => subject === SEAT.subject)
    expect(sorted(sold.map(({ out_trade_no }) => out_trade_no))).toStrictEqual(sorted(numbers))
    expect(sold.filter(({ state }) => state === 'waiting')).toStrictEqual([])
  })
})

describe('after the ledger was restored from an hour ago', { timeout: TIMEOUT }, () => {
  let hour: LostHour
  let shop: BuyerShop
  /** What was handed out before. */
  let earlier: ReadonlyMap<string, string>
  beforeAll(async () => {
    hour = await LostHour.open()
    shop = hour.shop
    await hour.start()
    await hour.beforeTheBackup()
    await shop.stop()
    shop.backUp()
    await hour.start()
    await hour.lostHour()
    await shop.stop()
    const handed = judgeAnswers(shop.answers, GAMES)
    expect(handed.violations).toStrictEqual([])
    earlier = handed.codes
    // What was reserved for an order that was closed, and is open again.
    expect(earlier.get(hour.numberOf('Mia'))).toBe(GAMES[11])
    shop.putBackupBack()
    await hour.start()
  }, TIMEOUT)
  afterAll(() => shop?.close())

  const { paid, paidAndGivenBack, paidLater, openDelivered, open, openClosed, delivered } = BUYERS
  const [sam, tom, here, elsewhere] = BUYERS.lostPaid
  const onList = (...buyers: string[]) => expect.arrayContaining(hour.numbersOf(...buyers))

  it('what was paid in that hour, and is in the backup unpaid, comes onto the list by the watcher', async () => {
    const known = hour.numbersOf(...paid, ...paidAndGivenBack, ...paidLater)
    await expect.poll(() => shop.operatorsList(), POLL).toStrictEqual(known)
  })

  it('what the backup does not know comes onto it by the notification, which Alipay posts again', async () => {
    for (const buyer of [sam, tom]) {
      expect(await hour.query(buyer)).toMatchObject({ isError: true })
      const again = { out_trade_no: hour.numberOf(buyer), form: 'again' }
      expect(await shop.world.control('notifications/send', again)).toMatchObject({ confirmed: true })
      expect(await hour.query(buyer)).toMatchObject({ isError: true })
    }
    expect(await shop.operatorsList()).toStrictEqual(onList(sam, tom))
    // Of a link that was opened before the restore, and is paid after it.
    await pay(hour.orders.get('Wes')?.pay_url)
    await expect.poll(() => shop.operatorsList(), POLL).toStrictEqual(onList('Wes'))
  })

  it('or by the claim code of its paid page, in whichever chat', async () => {
    const claim_code = hour.claimCodes.get(here)
    expect(await hour.query(elsewhere, { claim_code })).toMatchObject({ isError: true })
    expect(await hour.query(here, { claim_code })).toMatchObject({ paid: true, delivered: false })
    const other = { out_trade_no: hour.numberOf(elsewhere), claim_code: hour.claimCodes.get(elsewhere) }
    const claimed = await shop.ask('Val in another chat', 'query_payment', other)
    expect(claimed).toMatchObject({ paid: true, delivered: false })
    expect(await hour.query(elsewhere)).toMatchObject({ isError: true })
    expect(await shop.operatorsList()).toStrictEqual(onList(here, elsewhere))
    expect(await hour.deliver(here)).toMatchObject({ isError: true })
  })

  it('who had a code gets the same again, also for an order that the backup does not know', async () => {
    const claim = { claim_code: hour.claimCodes.get('Mia') }
    expect(await hour.query('Mia', claim)).toMatchObject({ paid: true, delivered: true })
    for (const buyer of [...delivered, ...openDelivered, 'Mia']) {
      const redeem_code = earlier.get(hour.numberOf(buyer))
      expect(await hour.deliver(buyer)).toMatchObject({ first_time: false, codes: [{ redeem_code }] })
    }
    expect(await shop.operatorsList()).not.toContain(hour.numberOf('Mia'))
  })

  it('nothing is handed out for what was given back in that hour', async () => {
    expect(await hour.deliver('Fay')).toMatchObject({ isError: true })
    expect(await shop.operatorsList()).not.toContain(hour.numberOf('Fay'))
  })

  it('the codes that are left are sold, none that was handed out, and all that was paid for is accounted for', async () => {
    const reserved = [...paid, ...paidLater, ...open]
    const left = GAMES.length - earlier.size - reserved.length
    const late = Array.from({ length: left + 4 }, (_, at) => `late buyer ${at + 1}`)
    const made = await Promise.all(late.map((buyer) => hour.order(buyer)))
    expect(made.filter(({ isError }) => !isError)).toHaveLength(left)
    const lucky = late.filter((buyer) => hour.orders.has(buyer))
    for (const buyer of [...lucky, ...open]) await hour.pay(buyer)
    for (const buyer of [...lucky, ...reserved]) expect(await hour.deliver(buyer)).toMatchObject({ first_time: true })
    // It is open again, and its code is another's: paid, it is the operator's.
    await hour.pay('Leo')
    expect(await hour.deliver('Leo')).toMatchObject({ isError: true })

    const handed = judgeAnswers(shop.answers, GAMES)
    expect(handed.violations).toStrictEqual([])
    expect(sorted(handed.codes.values())).toStrictEqual(sorted(GAMES))
    const owed = (await keptAtAlipay(shop)).filter((number) => !handed.codes.has(number))
    expect(owed).toStrictEqual(hour.numbersOf(...openClosed, ...BUYERS.lostPaid, ...BUYERS.lostOpen))
    expect(await shop.operatorsList()).toStrictEqual(owed)
    const alerts = await shop.read((ledger) => ledger.unsentAlerts(1_000))
    const recovered = alerts.flatMap(({ kind, out_trade_no = '' }) => (kind === 'sale_recovered' ? [out_trade_no] : []))
    expect(sorted(recovered)).toStrictEqual(hour.numbersOf(...BUYERS.lostPaid, ...BUYERS.lostOpen, 'Mia'))
  })
})
