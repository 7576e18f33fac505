// Where the story of two years is played: a shop with two servers on one ledger, a watcher, pages, a hook, and Alipay's clock.
import { beijingTime, fromBeijingTime } from '../../../src/clock.ts'
import type { Fields } from '../../e2e/hosts.ts'

export interface Stage {
  /** @param who a buyer in his own chat; undefined: the merchant in his */
  ask(who: string | undefined, tool: string, args: Fields): Promise<Fields>
  /** alipay-mcp charge-due --json */
  chargeDue(): Promise<Fields>
  control(path: string, body: Fields): Promise<Fields>
  /** What Alipay has. */
  books(): Promise<Books>
  /** Moves Alipay's clock to that time, which the merchant's server hears. */
  until(at: number): Promise<void>
  /** A watcher is at work until that is so. */
  watch(isSo: () => Promise<boolean>): Promise<void>
  /** Where the pages are. */
  readonly at: string
  readonly announced: () => readonly { body: string; key: string }[]
  sell(plans: readonly Fields[]): void
}

export interface Books {
  now: string
  agreements: readonly BookedAgreement[]
  /** Of all trades. */
  paid: string
}

export interface BookedAgreement {
  external_agreement_no: string
  planned_day: string
  in_force: boolean
  attempts: readonly { at: string; planned_day: string; answer: string }[]
  charges: readonly {
    out_trade_no: string
    trade_status: string
    planned_day: string
    total_amount: string
    subject: string
  }[]
}

const PHONE = {
  'user-agent': 'Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36',
}

/** A press on the page, as on a phone. @returns Alipay's own link */
export async function press(sign_url: unknown): Promise<string> {
  const pressed = await fetch(`${sign_url}/mobile`, { redirect: 'manual', headers: PHONE })
  const link = pressed.headers.get('location')
  if (link === null) throw new Error(`a press led nowhere: ${pressed.status}`)
  return link
}

/** The button of the page, and the second press on what it asks. */
export async function cancelOnPage(sign_url: unknown): Promise<void> {
  const asked = await fetch(`${sign_url}/cancel`, { headers: PHONE })
  if (!(await asked.text()).includes('method="post"')) throw new Error(`the page asks nothing: ${asked.status}`)
  const cancelled = await fetch(`${sign_url}/cancel`, { method: 'POST', redirect: 'manual', headers: PHONE })
  if (cancelled.status !== 303) throw new Error(`the button did nothing: ${cancelled.status}`)
}

export async function booksOf(control_url: string): Promise<Books> {
  const read = async (path: string) =>
    Object(await (await fetch(`${control_url}/${path}`, { headers: { connection: 'close' } })).json())
  const [{ now, agreements }, { paid }] = [await read('agreements'), await read('trades')]
  return { now, agreements, paid }
}

const DAY_MS = 86_400_000

export const startOf = (day: string) => fromBeijingTime(`${day} 00:00:00`)
export const dayAfter = (day: string, days: number) => beijingTime(startOf(day) + days * DAY_MS).slice(0, 10)
