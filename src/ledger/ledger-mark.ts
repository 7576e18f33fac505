// Proves that another process has the same ledger: it reads there what this one has just written.
import { randomBytes } from 'node:crypto'
import type { Actor, Ledger } from './ledger.ts'

export interface LedgerMark {
  name: string
  value: string
}

/** How one that listens is asked for it, and what it answers before it. */
export const MARK_PARAMETER = 'mark'
/** Beside the pages of orders and of subscriptions; of notifications it is asked for at their own address. */
export const MARK_PATHS = { orders: '/p/mark', subscriptions: '/s/mark' } as const
export type PageKind = keyof typeof MARK_PATHS
export const POSTS_HERE = 'Alipay posts here.'

const LASTS_MS = 60_000
const leaseFor = (name: string) => `mark:${name}`

export async function writeMark(ledger: Ledger, actor: Actor): Promise<LedgerMark> {
  const [name, value] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')]
  await ledger.takeLease(leaseFor(name), LASTS_MS, { ...actor, owner: value })
  return { name, value }
}

export async function readMark(ledger: Ledger, name: string, at: number): Promise<string | undefined> {
  return /^[0-9a-f]{32}$/.test(name) ? ledger.leaseOwner(leaseFor(name), at) : undefined
}
