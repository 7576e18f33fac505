// Until when an order can be paid: time_expire, timeout_express and the defaults.
import { Refusal } from './answers.ts'
import { type BizContent, textOf } from './biz-content.ts'
import { nextBeijingMidnight, parseBeijingTime } from './clock.ts'

const MINUTE = 60_000
const UNITS: Readonly<Record<string, number>> = { m: MINUTE, h: 60 * MINUTE, d: 24 * 60 * MINUTE }
const LONGEST = { production: 15 * 24 * 60 * MINUTE, sandbox: 15 * 60 * MINUTE }

/** The expiry of a link first opened at `first`; time_expire wins over timeout_express. */
export function expiryOf(biz: BizContent, first: number, now: number, sandbox: boolean): number {
  const longest = sandbox ? LONGEST.sandbox : LONGEST.production
  const time_expire = textOf(biz, 'time_expire')
  if (time_expire !== undefined) {
    const at = parseBeijingTime(time_expire)
    if (at === undefined || at - now > longest) throw new Refusal('ACQ.INVALID_PARAMETER')
    return at
  }
  const timeout_express = textOf(biz, 'timeout_express')
  return timeout_express === undefined ? first + longest : expressExpiry(timeout_express, first, longest)
}

function expressExpiry(timeout_express: string, first: number, longest: number): number {
  const match = /^([1-9]\d*)([mhd])$/.exec(timeout_express)
  const at =
    timeout_express === '1c'
      ? nextBeijingMidnight(first)
      : first + Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN)
  if (Number.isNaN(at) || at - first > longest) throw new Refusal('ACQ.INVALID_PARAMETER')
  return at
}
