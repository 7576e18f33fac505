// The page on which a refund is approved, under the fuzzer of pages: whoever is not that page decides nothing.
import { ApprovalWindows } from '../../src/approval/browser-window.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { at, PARTITION } from '../cli/ledger/full-ledger.ts'
import { TestClock } from '../shop.ts'
import { MARKUP } from './hostile.ts'
import type { Input, Shown } from './pages.ts'
import { formOf, type HttpAnswer, RawHttp } from './raw-http.ts'

type ApprovalInput = Extract<Input, { to: 'approval' }>

const FORM = 'application/x-www-form-urlencoded'
const NOW = at('2026-11-02 12:30:00')
const QUESTION = ['同意退款吗？ Approve?', ...MARKUP.map((text) => `${text}: ${text}`)].join('\n')

export async function openApproval() {
  const ledger = await openLedger({ folder: undefined, partition: PARTITION })
  const clock = new TestClock()
  const pages: string[] = []
  const openPage = async (url: string) => pages.push(url)
  const { environment } = PARTITION
  const windows = new ApprovalWindows({ environment, clock, ledger: async () => ledger, openPage })
  let asked = 0

  /** A question of its own, and its page. */
  const ask = async () => {
    const digest = `digest ${asked++}`
    // Questions of before are not asked any more: only a few pages are open at once.
    windows.close()
    const now = { ...NOW, at: clock.now() }
    const approval = await ledger.requestApproval(
      { approvalDigest: digest, out_trade_no: '<x7q>"x7q=', amount_fen: 100, question: QUESTION },
      now,
    )
    await windows.show(approval, ledger, now)
    const page = new URL(pages.at(-1) ?? '')
    const http = new RawHttp(Number(page.port))
    const shown = await http.send({ method: 'GET', path: page.pathname, headers: [], body: '' })
    const token = /name="token" value="([^"]+)"/.exec(shown.text)?.[1] ?? ''
    return { id: approval.id, page, http, token, shown }
  }
  let open = await ask()

  return {
    async send(input: ApprovalInput): Promise<Omit<Shown, 'text'>> {
      const { page, http, token, id } = open
      const form = input.form.map(
        ([name, value]) => [name, name === 'token' && value === 'own' ? token : value] as const,
      )
      const own = (value: string, right: string) => (value === 'own' ? right : value)
      const request = {
        method: input.method,
        path: own(input.path, page.pathname),
        headers: [
          ['host', own(input.host, page.host)],
          ['origin', own(input.origin, page.origin)],
          ['content-type', own(input.type, FORM)],
        ] as const,
        body: formOf(form),
      }
      const answers: HttpAnswer[] = [await http.send(request)]
      const state = (await ledger.approval(id))?.state
      if (state === 'asked') return { answers, decided: undefined }
      http.close()
      open = await ask()
      return { answers: [...answers, open.shown], decided: isOwn(input) ? undefined : `${state} by another request` }
    },
    async close() {
      open.http.close()
      windows.close()
      ledger.close()
    },
  }
}

/** A request that the page itself would make. */
function isOwn({ method, path, host, origin, type, form }: ApprovalInput): boolean {
  const decision = form.find(([name]) => name === 'decision')?.[1] ?? ''
  return (
    method === 'POST' &&
    [path, host, origin, type].every((one) => one === 'own') &&
    form.some(([name, value]) => name === 'token' && value === 'own') &&
    ['yes', 'no'].includes(decision)
  )
}
