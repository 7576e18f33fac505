// Asks after a subscription on behalf of its buyer, so that the chat shows by itself that it is signed, or has ended.
import { setTimeout as pause } from 'node:timers/promises'

/** Until the next question, by the state; of any other nothing is to be heard. */
const PAUSE_MS = { offered: 3_000, live: 15_000, paused: 15_000, cancelling: 15_000 }

/** No offer stands longer. */
const LONGEST_OFFER_MS = 25 * 3_600_000

/**
 * @param isLooked whether the buyer looks at the chat: only an offer is asked after all the same
 * @param seen takes each answer of the server and gives the subscription
 */
export async function watchSubscription({ alipay, buyer, subscription, isLooked, seen, signal }) {
  let { state } = subscription
  const end = Date.now() + LONGEST_OFFER_MS
  while (PAUSE_MS[state] !== undefined && (state !== 'offered' || Date.now() < end)) {
    await pause(PAUSE_MS[state], undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    if (state !== 'offered' && !isLooked()) continue
    const answer = await ask(alipay, buyer, subscription.number)
    if (signal.aborted) return
    if (answer) ({ state } = seen(answer))
  }
}

async function ask(alipay, buyer, external_agreement_no) {
  try {
    return await alipay.callFor(buyer, 'query_subscription', { external_agreement_no })
  } catch (error) {
    console.error(`[shop] A subscription was not asked after: ${error.message}`)
    return undefined
  }
}
