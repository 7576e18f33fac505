// Posts to a hook of the shop's, signed over the time and the body, so that an old call is of no use to anybody.
import { createHmac } from 'node:crypto'
import { Exchange, type Exchanged, type ExchangeOptions } from '../gateway/exchange.ts'

const WITHIN_MS = 10_000

/** Posts to one address, without following redirects, and without a second try. */
export type PostTo = (url: string, body: string, options: ExchangeOptions) => Promise<Exchanged>

export const postToHook: PostTo = async (url, body, options) => {
  const exchange = new Exchange(url, 'application/json;charset=utf-8')
  try {
    return await exchange.post(new URL(url).search.slice(1), body, options)
  } finally {
    exchange.destroy()
  }
}

export interface SignedHook {
  url: string
  /** What the same call carries each time it is made again. */
  idempotency_key: string
  body: string
}

/** @returns why it was not taken; undefined: it was, with a 2xx */
export async function postSigned(
  { url, idempotency_key, body }: SignedHook,
  { secret, now, post }: { secret: Buffer; now: number; post: PostTo },
): Promise<string | undefined> {
  const t = Math.floor(now / 1000)
  const v1 = createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')
  const headers = { 'idempotency-key': idempotency_key, 'alipay-mcp-signature': `t=${t},v1=${v1}` }
  const exchanged = await post(url, body, { within: WITHIN_MS, headers })
  // The exchange was made for Alipay's gateway, and blames that.
  if (exchanged.kind !== 'answered') return `no answer (${exchanged.why.replaceAll('gateway', 'hook')})`
  return exchanged.status >= 200 && exchanged.status < 300 ? undefined : `HTTP ${exchanged.status}`
}
