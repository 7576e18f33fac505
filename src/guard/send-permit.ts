// The last step before each send: the ledger is asked once more, writes it down, and what it allowed soon grows stale.
import type { Clock } from '../clock.ts'
import { LedgerError } from '../errors.ts'
import type { ChangeOptions, Refusal } from '../gateway/gateway.ts'
import type { Block, Intent, Ledger, Resolution } from '../ledger/ledger.ts'
import type { Call } from './call.ts'
import { SEND_MS } from './deadlines.ts'

// Two refunds of one order keep three seconds between them: one wait is what a call has time for.
const TURNS = 2

/** What a send needs to be done with; `blocked` where the ledger says no. Nothing was sent then. */
export type SendPermit =
  | { send: Pick<ChangeOptions, 'mayStillSend'>; blocked?: never }
  | { send?: never; blocked: Block }

/**
 * Commits `sent` and permits one send within five seconds of wall clock.
 * @throws LedgerError; then nothing may be sent
 */
export async function sendPermit(call: Call, intent: Intent, repeat = false): Promise<SendPermit> {
  const { clock } = call
  const ledger = await call.ledger()
  for (let turn = 1; ; turn++) {
    const actor = call.actor()
    const marked = await ledger.markSending(intent.id, repeat, actor)
    // From before the commit: this computer may sleep while the disk takes it.
    if (marked === 'go') return { send: { mayStillSend: soonAfter(actor.at, clock) } }
    if (marked.why !== 'too_soon' || turn === TURNS) return { blocked: marked }
    await clock.sleep(marked.wait)
  }
}

/** Whether it is so soon after what was written down that it still holds. */
export const soonAfter = (at: number, clock: Clock) => () => Math.abs(clock.now() - at) <= SEND_MS

/** The same for an identical repeat: without the ledger, or against its word, there is none. */
export async function repeatPermit(call: Call, intent: Intent): Promise<SendPermit['send']> {
  return ignoringLedgerErrors(call, async () => (await sendPermit(call, intent, true)).send)
}

/** A certain refusal, for the ledger. */
export function refusedOutcome({ not_sent, code, sub_code, trace_id }: Refusal): Resolution & { state: 'refused' } {
  return { state: 'refused', answer: not_sent ?? [code, sub_code].filter(Boolean).join(' '), trace_id }
}

/**
 * Writes how a send ended. A ledger that fails now must not hide the truth: it is told all the same, and the intent,
 * which is `sent` there, will be resolved by reading.
 * @returns what to add to the answer where it could not be written
 */
export async function saveOutcome(call: Call, intent: Intent, resolution: Resolution): Promise<string | undefined> {
  try {
    await (await call.ledger()).resolve(intent.id, resolution, call.actor(), intent.attempt)
    return undefined
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    return `the outcome could not be written into the ledger: ${error.message} It will be asked for again later.`
  }
}

/** What the ledger is asked or told after a send: it may fail, and must not make the answer say that nothing was sent. */
export async function ignoringLedgerErrors<T>(
  call: Pick<Call, 'ledger'>,
  operation: (ledger: Ledger) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await operation(await call.ledger())
  } catch (error) {
    if (error instanceof LedgerError) return undefined
    throw error
  }
}
