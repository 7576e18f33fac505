// What the tools work with is made late; the host may be gone by then.
import { expect, it } from 'vitest'
import { LazyServices } from '../../src/cli/services.ts'
import { readConfig } from '../../src/config.ts'

it('sends nothing that changes something when the host has gone while it was being made', async () => {
  const read = readConfig({})
  if (!('config' in read)) throw new Error('an empty configuration is good')
  const lazy = new LazyServices(read.config, () => {})
  const making = lazy.get()
  lazy.stopChanging()
  const { gateway } = await making
  const closed = await gateway.close({ out_trade_no: 'X' })
  expect(closed).toMatchObject({ outcome: 'refused', refusal: { not_sent: 'the server is shutting down' } })
  expect(await gateway.query({ out_trade_no: 'X' })).toMatchObject({
    refusal: { sub_code: 'ACQ.TRADE_NOT_EXIST' },
  })
  await lazy.shutDown(0)
})
