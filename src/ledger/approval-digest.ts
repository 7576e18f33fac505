// What a merchant's answer is bound to: a yes to every fact of the question, a no to the money that would move.
import { createHash } from 'node:crypto'
import type { Approval } from './entries.ts'

export const ANSWER_HOLDS_MS = 15 * 60_000

type Facts = readonly (string | number | null)[]

/** @param moves how much of which order, and what was refunded before @param asked under which number, by whom and why */
export function approvalDigestOf(moves: Facts, asked: Facts): string {
  return `${hashOf(moves)}:${hashOf([...moves, ...asked])}`
}

const hashOf = (facts: Facts) => createHash('sha256').update(JSON.stringify(facts)).digest('hex')

/**
 * The question or answer that stands for this digest: the last no to the same money, whatever the reason or the number,
 * unless exactly this was approved after it.
 * @param approvals of one order, oldest first
 */
export function standingAnswer(
  approvals: readonly Approval[],
  approvalDigest: string,
  at: number,
): Approval | undefined {
  const standing = approvals.filter((one) => one.state !== 'used' && isValid(one, at))
  const same = standing.findLast((one) => one.approvalDigest === approvalDigest)
  const moves = movesOf(approvalDigest)
  const noes = standing.filter((one) => one.state === 'denied' && movesOf(one.approvalDigest) === moves)
  const no = noes.toSorted((one, other) => decidedAt(one) - decidedAt(other)).at(-1)
  const isApprovedSince = no && same?.state === 'approved' && decidedAt(same) > decidedAt(no)
  return no && !isApprovedSince ? no : same
}

const movesOf = (approvalDigest: string) => approvalDigest.split(':')[0]
const decidedAt = ({ decided_at = 0 }: Approval) => decided_at

/** A clock that was set back makes nothing valid for longer. */
export function isValid({ asked_at, expires_at }: Approval, at: number): boolean {
  return at < expires_at && at > asked_at - ANSWER_HOLDS_MS
}
