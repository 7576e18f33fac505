// The other side of the demo: the buyer at the emulator's cashier, over HTTP, and the emulator's own trades.
import * as z from 'zod'
import { pagePathIn } from '../../checkout/short-link.ts'

const ACCOUNT = 'buyer1'

/**
 * Presses on the page of the order, or opens the link, or scans the code, and logs in: from now on Alipay knows the order.
 * Returns the cashier's address.
 */
export async function openCashier(linkOrCode: string): Promise<string> {
  const isPage = pagePathIn(new URL(linkOrCode).pathname) !== undefined
  const opened = await fetch(isPage ? `${linkOrCode}/page` : linkOrCode)
  if (!opened.ok) throw new Error(`The cashier answered ${opened.status}: ${await opened.text()}`)
  const cashier = opened.url
  await submit(`${cashier}/login`)
  return cashier
}

/** Confirms the payment on the opened cashier. */
export async function confirmPayment(cashier: string): Promise<void> {
  await submit(`${cashier}/pay`)
}

const totals = z.looseObject({ paid: z.string(), refunded: z.string() })

/** All that was paid and refunded so far, in yuan, as the emulator has it. */
export async function readTotals(emulator: string): Promise<{ paid: string; refunded: string }> {
  return totals.parse(await (await fetch(new URL('/control/trades', emulator))).json())
}

async function submit(url: string): Promise<void> {
  const body = new URLSearchParams({ account: ACCOUNT })
  const response = await fetch(url, { method: 'POST', body, redirect: 'manual' })
  if (response.headers.has('location')) return
  throw new Error(`The cashier answered ${response.status}: ${await response.text()}`)
}
