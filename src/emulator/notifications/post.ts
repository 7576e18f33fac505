// Posts one notification and reads whether the merchant took it.

const TIMEOUT_MS = 10_000
const MOST_QUOTED = 200

/** What the merchant answered: exactly `success` with HTTP 200 confirms, everything else is a failure. */
export interface Answer {
  confirmed: boolean
  quoted: string
}

/** Of this emulator nobody else should hear: its keys are no one's, and its orders are tests. */
export function isOnThisComputer(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { hostname, protocol } = new URL(address)
  return /^https?:$/.test(protocol) && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(hostname)
}

/** No redirects are followed. Never throws. */
export async function post(url: string, body: string | Uint8Array<ArrayBuffer>, closing: AbortSignal): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded; text/html; charset=utf-8' },
      body,
      signal: AbortSignal.any([closing, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    const text = await response.text()
    const quoted = `HTTP ${response.status} ${JSON.stringify(text.slice(0, MOST_QUOTED))}`
    return { confirmed: response.status === 200 && text === 'success', quoted }
  } catch (error) {
    return { confirmed: false, quoted: `no answer (${reason(error)})` }
  }
}

function reason(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string')
    return cause.code
  return cause instanceof Error ? cause.name : 'unknown'
}
