// Reads one HTTP request within bounds: loopback host, limited body, parameters as one map.
import type { IncomingMessage } from 'node:http'
import { type Charset, charsetOf, decode } from './charset.ts'

const BODY_LIMIT = 1024 * 1024
/** Read and thrown away up to here, so that a client that is still sending can see the 413. */
const DRAIN_LIMIT = 16 * BODY_LIMIT
/** The authority of a target that is a whole address. */
const ABSOLUTE = /^http:\/\/([^/?#]*)/i
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i

export interface Incoming {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** Another Host means that a foreign web page reached us by DNS rebinding. */
export function hasLoopbackHost(request: IncomingMessage): boolean {
  const [, authority] = ABSOLUTE.exec(request.url ?? '') ?? []
  return LOOPBACK.test(request.headers.host ?? '') && (authority === undefined || LOOPBACK.test(authority))
}

/** Path and query; also of a whole address, as the official Python SDK and clients of a proxy send it (RFC 9112, 3.2.2). */
export function targetOf(request: IncomingMessage): URL | undefined {
  const path = (request.url ?? '/').replace(ABSOLUTE, '')
  // An origin before it would turn a target like //evil.example/ into another host.
  const address = `http://127.0.0.1${path.startsWith('?') || path === '' ? '/' : ''}${path}`
  return /^(\/|\?|$)/.test(path) && URL.canParse(address) ? new URL(address) : undefined
}

/** Absent (a program) or loopback; a foreign page or the opaque `null` may not drive us. */
export function hasLocalOrigin(headers: IncomingMessage['headers']): boolean {
  if (headers.origin === undefined) return true
  const match = /^https?:\/\/(.*)$/i.exec(headers.origin)
  return LOOPBACK.test(match?.[1] ?? '')
}

/** The whole body; undefined if it is larger than allowed. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= BODY_LIMIT) chunks.push(chunk)
    if (size > DRAIN_LIMIT) request.destroy()
  }
  return size <= BODY_LIMIT ? Buffer.concat(chunks) : undefined
}

export interface Params {
  readonly values: ReadonlyMap<string, string>
  /** The same, each character one byte as it came: what a signature is over. */
  readonly raw: ReadonlyMap<string, string>
  /** A key came with two values: no request can mean both. */
  readonly contradictory: boolean
  /** Of the request, which is the answer's, too. */
  readonly charset: Charset
}

/** Query and body together: the official PHP SDK sends charset in both. */
export async function readParams(incoming: Incoming): Promise<Params> {
  return collectParams([...urlEncodedEntries(incoming.url.search.slice(1)), ...(await bodyEntries(incoming))])
}

/** @param entries keys and values of one character a byte */
function collectParams(entries: readonly RawEntry[]): Params {
  const raw = new Map<string, string>()
  for (const [key, value] of entries) if (!raw.has(key)) raw.set(key, value)
  const charset = charsetOf(raw.get('charset')) ?? 'utf-8'
  const text = (value: string) => decode(Buffer.from(value, 'latin1'), charset)
  const values = new Map([...raw].map(([key, value]) => [text(key), text(value)]))
  return { values, raw, charset, contradictory: entries.some(([key, value]) => raw.get(key) !== value) }
}

export function readLink(link: URL): Params {
  return collectParams(urlEncodedEntries(link.search.slice(1)))
}

type RawEntry = readonly [key: string, value: string]

/** URLSearchParams would take every byte for UTF-8. */
function urlEncodedEntries(text: string): RawEntry[] {
  return text.split('&').flatMap((pair) => {
    const at = pair.includes('=') ? pair.indexOf('=') : pair.length
    return pair === '' ? [] : [[unescapeBytes(pair.slice(0, at)), unescapeBytes(pair.slice(at + 1))]]
  })
}

function unescapeBytes(text: string): string {
  const byte = (_: string, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))
  return text.replaceAll('+', ' ').replace(/%([0-9a-f]{2})/gi, byte)
}

async function bodyEntries({ headers, body }: Incoming): Promise<RawEntry[]> {
  const content_type = headers['content-type'] ?? ''
  const bytes = body.toString('latin1')
  if (!/^multipart\/form-data/i.test(content_type)) return urlEncodedEntries(bytes)
  // Official curl samples send biz_content with -F. It is read as UTF-8, so each byte goes in as a character.
  try {
    const form = await new Response(bytes, { headers: { 'content-type': content_type } }).formData()
    return [...form].flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : []))
  } catch {
    return []
  }
}
