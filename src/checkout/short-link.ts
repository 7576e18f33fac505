// Short links: a token that nobody can guess, under the address of the merchant's own pages.
import { randomBytes } from 'node:crypto'
import type { Call } from '../guard/call.ts'
import type { PageKind } from '../ledger/ledger-mark.ts'

/** Where the pages of this ledger's orders are, as buyers reach them. */
export interface CheckoutPages {
  /** Without a slash at its end. */
  readonly at: string
  /** Whether the page that buyers reach there is of this ledger; it is asked before the first order, and now and then. */
  proven(call: Call, kind?: PageKind): Promise<{ at: string } | { why: string }>
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const LENGTH = 22

/** 128 random bits, in letters and digits alone: nothing that a chat could take for markup. */
export function newToken(): string {
  let rest = BigInt(`0x${randomBytes(16).toString('hex')}`)
  let token = ''
  while (token.length < LENGTH) {
    token = `${DIGITS[Number(rest % 62n)]}${token}`
    rest /= 62n
  }
  return token
}

export const shortLink = (at: string, token: string) => `${at}/p/${token}`

/** Of its own path and without a query: Alipay adds names that must not meet others. */
export const returnAddress = (at: string, token: string) => `${shortLink(at, token)}/return`

const STEPS = ['page', 'mobile', 'return', 'state', 'goods'] as const
const PATH = /\/p\/([0-9A-Za-z]{22})(?:\/(page|mobile|return|state|goods))?$/

export interface PagePath {
  token: string
  /** Absent: the page itself. */
  step?: 'page' | 'mobile' | 'return' | 'state' | 'goods'
}

/** Undefined for anything else; a prefix of the public address may come before it. */
export function pagePathIn(path: string): PagePath | undefined {
  const [, token, step] = PATH.exec(path) ?? []
  if (token === undefined) return undefined
  const known = STEPS.find((one) => one === step)
  return known === undefined ? { token } : { token, step: known }
}

const LOOPBACK = /^https?:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:|\/|$)/

/** It opens on this computer only: no phone can come there. */
export const isOnThisComputer = (at: string) => LOOPBACK.test(at)
