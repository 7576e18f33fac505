// What was handed out stays with its order, and with its merchant, when the ledger comes from a backup or is begun anew.
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { actor, opened, tempFolder } from './places.ts'
import { accept, codesOf, deliver, pay, sell, sellPaid } from './sold.ts'

const FILES = ['ledger.db', 'ledger.db-wal', 'ledger.db-shm']
function removed(folder: string): void {
  for (const name of FILES) rmSync(join(folder, name), { force: true })
}

it('a restored order shows the code that it got, and not the one that the backup had reserved for it, too', async () => {
  const folder = tempFolder()
  const first = await opened({ folder })
  await accept(first, ['K1', 'K2', 'K3'])
  await sell(first, 'A')
  first.close()
  copyFileSync(join(folder, 'ledger.db'), join(folder, 'backup.db'))
  const second = await opened({ folder })
  await second.recordTrade({ out_trade_no: 'A', certainlyUnpaid: true }, actor())
  await sell(second, 'B', { buyer: 'bob' })
  await pay(second, 'A')
  expect(await codesOf(second, 'A')).toStrictEqual(['K2'])
  second.close()
  removed(folder)
  copyFileSync(join(folder, 'backup.db'), join(folder, 'ledger.db'))
  const third = await opened({ folder })
  await pay(third, 'A')
  expect(await codesOf(third, 'A')).toStrictEqual(['K2'])
})

it('the journal is read by merchant, and not by a row number that another ledger gives to another', async () => {
  const folder = tempFolder()
  const gateway = 'https://openapi.alipay.com/gateway.do'
  const at = (environment: 'sandbox' | 'production') =>
    openLedger({ folder, partition: { environment, gateway, merchant: '2088' } })
  const sandbox = await at('sandbox')
  await accept(sandbox, ['T1'])
  sandbox.close()
  const shop = await at('production')
  await accept(shop, ['K1', 'K2'])
  await sellPaid(shop, 'A')
  expect(await codesOf(shop, 'A')).toStrictEqual(['K1'])
  shop.close()
  removed(folder)
  const again = await at('production')
  await accept(again, ['K1', 'K2'])
  await sellPaid(again, 'B', { buyer: 'bob' })
  expect(await codesOf(again, 'B')).toStrictEqual(['K2'])
})

it('of an order that the operator marked as delivered by hand the chat shows no code that was only reserved', async () => {
  const ledger = await opened({ folder: tempFolder() })
  await accept(ledger, ['K1', 'K2'])
  await sellPaid(ledger, 'A')
  expect(await ledger.markDelivered('A', actor())).toBe(true)
  expect(await deliver(ledger, 'A')).toMatchObject({ first_time: false, delivery: { codes: [] } })
})

it('a code of such an order that goes to another after a restore was shown to nobody before', async () => {
  const folder = tempFolder()
  const first = await opened({ folder })
  await accept(first, ['K1', 'K2'])
  first.close()
  copyFileSync(join(folder, 'ledger.db'), join(folder, 'backup.db'))
  const second = await opened({ folder })
  await sellPaid(second, 'A')
  await second.markDelivered('A', actor())
  const shown = await codesOf(second, 'A')
  second.close()
  removed(folder)
  copyFileSync(join(folder, 'backup.db'), join(folder, 'ledger.db'))
  const third = await opened({ folder })
  await sellPaid(third, 'B', { buyer: 'bob' })
  expect(shown).not.toContain((await codesOf(third, 'B'))[0])
})
