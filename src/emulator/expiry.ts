// Until when an order can be paid and a code be scanned: time_expire, the express forms and the defaults.
import { Refusal } from './answers.ts'
import { type BizContent, readField } from './biz-content.ts'
import { nextBeijingMidnight, parseBeijingTime } from './clock.ts'

const MINUTE = 60_000
const UNITS: Readonly<Record<string, number>> = { m: MINUTE, h: 60 * MINUTE, d: 24 * 60 * MINUTE }
const LONGEST = { production: 15 * 24 * 60 * MINUTE, sandbox: 15 * 60 * MINUTE }

/** Face-to-face orders live three hours if nothing is said; links as long as any may. */
export const USUAL_FACE_TO_FACE = 3 * 60 * MINUTE
/** However long its order lives, a code dies after two hours. */
const LONGEST_CODE = 2 * 60 * MINUTE

/** The expiry of an order first asked for at `first`; time_expire wins over timeout_express. */
export function expiryOf(
  biz: BizContent,
  first: number,
  now: number,
  { sandbox, usual }: { sandbox: boolean; usual?: number },
): number {
  const longest = sandbox ? LONGEST.sandbox : LONGEST.production
  const time_expire = readField(biz, 'time_expire')
  if (time_expire !== undefined) {
    const at = parseBeijingTime(time_expire)
    if (at === undefined || at - now > longest) throw new Refusal('ACQ.INVALID_PARAMETER')
    return at
  }
  const timeout_express = readField(biz, 'timeout_express')
  return timeout_express === undefined ? first + (usual ?? longest) : expressExpiry(timeout_express, first, longest)
}

/** Until when a code issued at `now` can be scanned; never longer than its order lives. */
export function codeExpiryOf(biz: BizContent, now: number, order_expires_at: number): number {
  const express = readField(biz, 'qr_code_timeout_express')
  const asked = express === undefined ? order_expires_at : expressExpiry(express, now, LONGEST.production)
  return Math.min(asked, now + LONGEST_CODE, order_expires_at)
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
