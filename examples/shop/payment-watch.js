// Waits for an open order on behalf of its buyer, so that the chat shows by itself when it is paid.
import { setTimeout as pause } from 'node:timers/promises'

const WAIT = { seconds: 40 }
const PAUSE_MS = 10_000
/** After the end of the order's time: what was paid in its last minute is seen, too. */
const AFTER_MS = 60_000
const LONGEST_MS = 15 * 86_400_000

/** @param seen takes each answer of the server and gives the order @returns once the order is not open any more, or its time is over */
export async function watchPayment({ alipay, buyer, order, seen, signal }) {
  const end = Date.now() + Math.min(timeLeft(order), LONGEST_MS) + AFTER_MS
  while (!signal.aborted && Date.now() < end) {
    const answer = await ask(alipay, buyer, order.number)
    if (signal.aborted) return
    if (answer && seen(answer).state !== 'open') return
    if (!answer) await pause(PAUSE_MS, undefined, { signal }).catch(() => {})
  }
}

/** Times of the server are Beijing's. */
function timeLeft({ until }) {
  const left = Date.parse(`${until?.replace(' ', 'T')}:00+08:00`) - Date.now()
  return Number.isNaN(left) ? 0 : Math.max(0, left)
}

async function ask(alipay, buyer, out_trade_no) {
  try {
    return await alipay.callFor(buyer, 'wait_for_payment', { out_trade_no, ...WAIT })
  } catch (error) {
    console.error(`[shop] The wait for a payment failed: ${error.message}`)
    return undefined
  }
}
