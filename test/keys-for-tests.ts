// The key pairs and signatures that openssl made (vectors/README.md), and answers signed as Alipay signs them.
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import type { Answered } from '../src/gateway/exchange.ts'
import vectors from './vectors/openssl.json' with { type: 'json' }

export { vectors }

export const app = {
  privateKey: createPrivateKey(vectors.app.private_pkcs8),
  publicKey: createPublicKey(vectors.app.public_spki),
}
export const alipay = {
  privateKey: createPrivateKey(vectors.alipay.private_pkcs8),
  publicKey: createPublicKey(vectors.alipay.public_spki),
}

/** A PEM text without its first and last line and without line breaks. */
export const bare = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '')

export const signatureOf = (raw: string | Buffer, key: KeyObject = alipay.privateKey) =>
  sign('RSA-SHA256', typeof raw === 'string' ? Buffer.from(raw) : raw, key).toString('base64')

/** `alipay_trade_query_response` for `alipay.trade.query`. */
export const rootOf = (method: string) => `${method.replaceAll('.', '_')}_response`

/** An answer in the shape of the documents: the object first, then its signature, if there is one. */
export function envelope(root: string, raw: string, signature?: string): string {
  return `{"${root}":${raw}${signature === undefined ? '' : `,"sign":"${signature}"`}}`
}

/** The same as it comes from the gateway. */
export const answered = (content: string | Buffer, status = 200): Answered => ({
  kind: 'answered',
  host: 'gateway.example',
  status,
  bytes: typeof content === 'string' ? Buffer.from(content) : content,
  trace_id: 'trace1',
})

/** Whether a text holds any 16 characters in a row of the body of a key. */
export function leaks(text: string, key: string): boolean {
  const body = bare(key)
  for (let at = 0; at + 16 <= body.length; at++) if (text.includes(body.slice(at, at + 16))) return true
  return false
}
