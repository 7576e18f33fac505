// The ledger as one process sees it: each operation is an event of its life, and before each send the moment is noted.
import { LedgerError } from '../../src/errors.ts'
import type { Approval, Ledger } from '../../src/ledger/ledger.ts'
import type { Life } from './life.ts'
import type { Merchant } from './merchant.ts'
import { instead, passing } from './relay.ts'
import type { VirtualTime } from './virtual-time.ts'

/** @param merchant who hears of each question in it; undefined: nobody */
export function watchedLedger(inner: Ledger, life: Life, time: VirtualTime, merchant: Merchant | undefined): Ledger {
  const watched = passing(inner, async (what, operation) => {
    await life.event()
    if (life.ledgerFails) {
      life.ledgerFails = false
      throw new LedgerError('The simulated disk is full.', 'Free some space.')
    }
    if (what === 'markSending') life.asked.push({ moment: time.moment(), at: time.now() })
    const done = await operation()
    await life.event()
    return done
  })
  return instead(watched, {
    async requestApproval(request, actor): Promise<Approval> {
      const approval = await watched.requestApproval(request, actor)
      if (approval.asked_at === actor.at) merchant?.notified(approval)
      return approval
    },
  })
}
