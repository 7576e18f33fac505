// What a ledger of a shop still knows that was restored from a backup: what was handed out lies beside it.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { ENGINES, engine } from '../../src/ledger/sqlite/engines.ts'
import { actor, NOON, opened, tempFolder, trade } from './places.ts'
import { accept, codesOf, deliver, sellPaid, TEXT } from './sold.ts'

const ASKED = { out_trade_no: 'A', buyer: 'alice', amount_fen: 10_000 }
const blocked = (why: string) => ({ outcome: 'blocked', why })

const ON_DISK = (await Promise.all(ENGINES.map(async (name) => ((await engine(name, 'file')) ? [name] : [])))).flat()

describe.each(ON_DISK)('restored from a backup, %s', (only) => {
  /** The file as it was, put back in the place of what came after it; what lies beside it stays. */
  async function restored(before: (ledger: Ledger) => Promise<void>, after: (ledger: Ledger) => Promise<void>) {
    const folder = tempFolder()
    const first = await opened({ folder, only })
    await before(first)
    first.close()
    copyFileSync(join(folder, 'ledger.db'), join(folder, 'backup.db'))
    const second = await opened({ folder, only })
    await after(second)
    second.close()
    for (const name of ['ledger.db', 'ledger.db-wal', 'ledger.db-shm']) rmSync(join(folder, name), { force: true })
    copyFileSync(join(folder, 'backup.db'), join(folder, 'ledger.db'))
    return { folder, ledger: await opened({ folder, only }) }
  }

  it('no code is handed out twice, and the order that had one gets the same again', async () => {
    const { ledger } = await restored(
      async (all) => {
        await accept(all, ['K1', 'K2', 'K3'])
        await sellPaid(all, 'A')
      },
      async (all) => {
        expect(await codesOf(all, 'A')).toStrictEqual(['K1'])
        await sellPaid(all, 'B', { buyer: 'bob' })
        expect(await codesOf(all, 'B')).toStrictEqual(['K2'])
      },
    )
    expect(await deliver(ledger, 'A')).toMatchObject({
      first_time: false,
      delivery: { codes: ['K1'], given_by: 'journal' },
    })
    await sellPaid(ledger, 'C', { buyer: 'carol' })
    expect(await codesOf(ledger, 'C')).toStrictEqual(['K3'])
    expect(await ledger.leftOf({ id: 'key', hasCodes: true })).toBe(0)
  })

  it('a text of an order that the backup does not know is shown again once the order is recovered', async () => {
    let number = ''
    const { ledger } = await restored(
      (all) => sellPaid(all, 'A', { terms: TEXT }),
      async (all) => {
        number = await all.newSaleNumber(NOON)
        await sellPaid(all, number, { terms: TEXT })
        await deliver(all, number)
      },
    )
    await ledger.recoverSale(trade(number), 'alice', actor())
    expect(await deliver(ledger, number)).toMatchObject({ first_time: false, delivery: { text: 'Turn left.' } })
  })

  it('what was handed out is not refunded by the policy, and a text is not handed out for the first time again', async () => {
    const { ledger } = await restored(
      (all) => sellPaid(all, 'A', { terms: TEXT }),
      async (all) => void (await deliver(all, 'A')),
    )
    expect(await ledger.askRefund(ASKED, actor())).toMatchObject({ outcome: 'delivered' })
    expect(await deliver(ledger, 'A')).toMatchObject({ first_time: false, delivery: { text: 'Turn left.' } })
  })

  it('an order of this shop that it does not know comes back by its claim code, and onto the list', async () => {
    let number = ''
    let code = ''
    const { ledger } = await restored(
      (all) => sellPaid(all, 'A', { terms: TEXT }),
      async (all) => {
        number = await all.newSaleNumber(NOON)
        await sellPaid(all, number, { terms: TEXT, item: 'lost' })
        code = (await all.sale(number))?.claim_code ?? ''
      },
    )
    expect(await ledger.sale(number)).toBeUndefined()
    expect(await ledger.claimSale({ claim_code: code }, 'bob', actor())).toBeUndefined()
    expect(await ledger.isClaimCode(number, code)).toBe(true)
    expect(
      await ledger.isClaimCode(
        number.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
        code,
      ),
    ).toBe(false)
    expect(await ledger.isClaimCode('A', code)).toBe(false)
    await ledger.recoverSale(trade(number), 'bob', actor())
    expect(await ledger.sale(number)).toMatchObject({ buyer: 'bob', item: undefined })
    expect(await deliver(ledger, number)).toMatchObject(blocked('recovered'))
    expect((await ledger.undelivered()).map(({ order }) => order.out_trade_no)).toContain(number)
    expect((await ledger.unsentAlerts(9)).map(({ kind }) => kind)).toContain('sale_recovered')
  })

  it('an order comes back by its notification, with what was given back of it', async () => {
    const ledger = await opened({ folder: tempFolder(), only })
    await accept(ledger, ['K1'])
    const out_trade_no = await ledger.newSaleNumber(NOON)
    const { trade_no, total_amount } = trade(out_trade_no)
    const fields = { app_id: '1', out_trade_no, trade_no, total_amount, trade_status: 'TRADE_SUCCESS' }
    const notified = new Map(Object.entries({ ...fields, refund_fee: '30.00', out_biz_no: 'BY_HAND' }))
    await ledger.recordNotification(notified, { app_ids: ['1'], seller_id: undefined }, actor())
    expect(await ledger.order({ out_trade_no })).toMatchObject({ trade_status: 'TRADE_SUCCESS', refunded_fen: 3_000 })
    expect((await ledger.unsentAlerts(9)).map(({ kind }) => kind)).toContain('sale_recovered')
  })

  it("of a number that is not this shop's nothing is recovered", async () => {
    const ledger = await opened({ folder: tempFolder(), only })
    await accept(ledger, ['K1'])
    const other = '20260302120000000aaaaaaaabbbbbbbb'
    await ledger.recoverSale(trade(other), 'bob', actor())
    expect(await ledger.sale(other)).toBeUndefined()
  })

  it('with another key, or none, it says so and does nothing; a half-written line stops nothing', async () => {
    const { folder, ledger } = await restored(
      (all) => accept(all, ['K1']).then(() => sellPaid(all, 'A')),
      async (all) => void (await deliver(all, 'A')),
    )
    ledger.close()
    writeFileSync(join(folder, 'deliveries.log'), `${readFileSync(join(folder, 'deliveries.log'), 'utf8')}{"of":"loc`)
    const again = await opened({ folder, only })
    expect(await codesOf(again, 'A')).toStrictEqual(['K1'])
    await sellPaid(again, 'B', { terms: TEXT, buyer: 'bob' })
    await deliver(again, 'B')
    again.close()
    const lines = readFileSync(join(folder, 'deliveries.log'), 'utf8').split('\n')
    expect(lines.map((line) => line.slice(0, 10))).toStrictEqual(['{"of":"loc', '{"of":"loc', '{"of":"loc', ''])
    for (const key of ['00'.repeat(32), undefined]) {
      if (key === undefined) rmSync(join(folder, 'shop-key'))
      else writeFileSync(join(folder, 'shop-key'), key)
      const wrong = await opened({ folder, only })
      await expect(wrong.buyerHash('alice')).rejects.toThrow(/shop-key beside ledger\.db is missing, or is not the one/)
      wrong.close()
    }
  })
})
