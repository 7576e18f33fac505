// Which requests for approval get a page in the browser: each that was made here, once, and not too many at a time.
import type { Act, Approval, Ledger } from '../ledger/ledger.ts'
import type { ApprovalsOptions } from './approvals.ts'
import type { ApprovalWindow } from './browser-window.ts'

// A model that asks for refund after refund must not bury the screen.
const MOST_AT_ONCE = 5

export class ApprovalWindows {
  readonly #options: ApprovalsOptions
  /** Of the requests made here; undefined until there is room for its window. */
  readonly #windows = new Map<number, ApprovalWindow | undefined>()

  constructor(options: ApprovalsOptions) {
    this.#options = options
  }

  isOpen(id: number): boolean {
    return this.#windows.get(id) !== undefined
  }

  /** Opens the page of a request that was just made by this act; whose request it was not, and who knows it, opens none. */
  async show(approval: Approval, ledger: Ledger, act: Act): Promise<void> {
    const { openPage } = this.#options
    const { id, state, asked_at } = approval
    if (!openPage || state !== 'asked') return
    // Loaded when it is needed: hardly any start needs it. Before anything is looked at, so that one window is opened.
    const { ApprovalWindow } = await import('./browser-window.ts')
    const isDue = this.#windows.has(id) ? !this.isOpen(id) : asked_at === act.at
    if (!isDue) return
    const open = [...this.#windows.values()].filter((one) => one?.isWaiting)
    if (open.length >= MOST_AT_ONCE) return void this.#windows.set(id, undefined)
    const window = new ApprovalWindow(this.#options, approval, ledger, act, () => this.#windows.delete(id))
    this.#windows.set(id, window)
    const url = await window.listen().catch(() => window.close())
    // Where no browser can be started, the terminal remains.
    if (url !== undefined) (async () => openPage(url))().catch(() => window.close())
  }

  /** Its request is decided or has expired. */
  end(id: number): void {
    const window = this.#windows.get(id)
    if (window) window.end()
    else this.#windows.delete(id)
  }

  close(): void {
    for (const window of this.#windows.values()) window?.close()
  }
}
