// The second product of a page: a press for it waits until Alipay was asked whether a trade waits in the first.
import { describe, expect, it } from 'vitest'
import type { Ledger, NewOrder } from '../../src/ledger/ledger.ts'
import { GO, ledgerWithPage, press, TOKEN } from './pages.ts'
import { actor, NOON, PLACES, trade } from './places.ts'

describe.each(PLACES)('with $name', ({ open }) => {
  const opened = (changes: Partial<NewOrder> = {}): Promise<Ledger> => ledgerWithPage(open, changes)

  describe('the second product', () => {
    const ask = async (ledger: Ledger, at: number) => {
      await ledger.requestQuery('A', actor(at), 1)
      for (const request of await ledger.queryRequests()) await ledger.endQueryRequest(request)
    }

    it('waits for an answer of Alipay that is newer than the press of the first, and fresh', async () => {
      const ledger = await opened()
      await ask(ledger, NOON - 1)
      await press(ledger, 'page')
      expect(await press(ledger, 'mobile')).toStrictEqual({ outcome: 'ask_first' })
      await ledger.requestQuery('A', actor(NOON + 5), 1)
      expect(await press(ledger, 'mobile', NOON + 6)).toStrictEqual({ outcome: 'ask_first' })
      await ask(ledger, NOON + 7)
      expect(await press(ledger, 'mobile', NOON + 10_008)).toStrictEqual({ outcome: 'ask_first' })
      expect(await press(ledger, 'mobile', NOON + 8)).toStrictEqual(GO.mobile)
    })

    it('is refused while a trade waits, and the first goes on', async () => {
      const ledger = await opened()
      await press(ledger, 'page')
      await ledger.recordTrade({ trade: trade('A', 'WAIT_BUYER_PAY') }, actor())
      await ask(ledger, NOON + 1)
      expect(await press(ledger, 'mobile', NOON + 2)).toStrictEqual({ outcome: 'waits_elsewhere' })
      expect(await press(ledger, 'page', NOON + 3)).toStrictEqual(GO.page)
    })

    it('goes on after both were opened, and so does the first', async () => {
      const ledger = await opened()
      await press(ledger, 'page')
      await ask(ledger, NOON + 1)
      expect(await press(ledger, 'mobile', NOON + 2)).toStrictEqual(GO.mobile)
      expect(await press(ledger, 'mobile', NOON + 60_000)).toStrictEqual(GO.mobile)
      // Both links are out: pressing one again reveals nothing.
      expect(await press(ledger, 'page', NOON + 60_001)).toStrictEqual(GO.page)
      await ledger.recordTrade({ trade: trade('A', 'WAIT_BUYER_PAY') }, actor())
      expect(await press(ledger, 'page', NOON + 60_002)).toStrictEqual(GO.page)
      expect(await press(ledger, 'mobile', NOON + 60_003)).toStrictEqual(GO.mobile)
    })

    it('is asked about so many times for one order, and then once a minute', async () => {
      const ledger = await opened()
      let asked = 0
      for (let turn = 0; turn < 100; turn++) {
        if (await ledger.requestQuery('A', actor(NOON + turn * 1_000), 1, true)) asked++
      }
      // The last of forty at 39 s, and one more at 99 s.
      expect(asked).toBe(41)
      expect(await ledger.requestQuery('A', actor(NOON + 101_000), 1, true)).toBe(false)
      expect(await ledger.requestQuery('A', actor(NOON + 101_000), 1)).toBe(true)
    })

    it('says whether anybody would ask', async () => {
      const ledger = await opened()
      await ledger.takeLease('watcher', 30_000, actor())
      expect(await ledger.checkout(TOKEN, NOON + 1)).toMatchObject({ watched: true })
      expect(await ledger.checkout(TOKEN, NOON + 30_001)).toMatchObject({ watched: false })
    })
  })
})
