// Whoever asks Alipay for pages, as the server of pages does: for so long by the clock of the shop.
import { NO_APPROVER } from '../../src/guard/call.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { Watcher } from '../../src/watcher/watcher.ts'
import type { ShopWithPages } from '../checkout/shop-with-page.ts'

export async function watchPages(
  { gateway, clock }: ShopWithPages,
  ledger: Ledger,
  say: (line: string) => void,
  ms: number,
): Promise<void> {
  const rules = { environment: 'local', readOnly: false, channels: [], limits: { callsPerMinute: 0 } } as const
  const actor = () => ({ at: clock.now(), owner: 'watcher', host: 'a watcher' })
  const call = { gateway, clock, rules, ledger: async () => ledger, actor, approver: NO_APPROVER }
  const watcher = new Watcher(call, (line) => say(JSON.stringify(line)))
  for (let left = ms; left > 0; ) {
    const pause = await watcher.step()
    await clock.sleep(pause)
    left -= pause
  }
}
