// Says what answered in Alipay's place: nothing, a web page, another server's JSON, in the words of tools and doctor.
import { isUtf8 } from 'node:buffer'
import { GATEWAYS } from '../settings/environments.ts'
import type { Answered } from './exchange.ts'
import { decodeGb } from './gb18030.ts'

/** A sentence without its full stop, for an answer that is not in the form that Alipay documents. */
export function describeForeign({ host, status, bytes }: Answered): string {
  const what = status >= 300 && status < 400 ? 'a redirect to another address' : kindOf(bytes)
  const found = `${host} answers with ${what} (HTTP ${status}) instead of Alipay's JSON`
  if (status >= 500)
    return `${found}: the gateway, or a proxy before it, fails at the moment; if it stays so, check ALIPAY_GATEWAY`
  return (
    `${found}: either ALIPAY_GATEWAY is not` +
    ` ${GATEWAYS.production} (for the sandbox ${GATEWAYS.sandbox}),` +
    ' or a proxy or the login page of a network (captive portal) answers in its place'
  )
}

function kindOf(bytes: Buffer): string {
  const start = bytes
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .slice(0, 1_000)
  if (start === '') return 'an empty body'
  if (/^<\?xml(?!.*<(!doctype )?html)/is.test(start)) return 'XML'
  if (start.startsWith('<')) return 'a web page'
  const text = isUtf8(bytes) ? bytes.toString('utf8') : decodeGb(bytes)
  if (text === undefined) return 'bytes that are neither UTF-8 nor GBK (GB18030) text'
  if (!/^[[{]/.test(start)) return 'plain text'
  return isJson(text) ? 'JSON of another form' : 'JSON that is cut off or broken'
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\ufeff/, ''))
    return true
  } catch {
    return false
  }
}
