// Other SDKs' requests and their ways to verify an answer, built by hand from how each of them puts bytes on the wire.
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { request } from 'node:http'
import type { Emulator } from '../../src/emulator/emulator.ts'

export type Pairs = Record<string, string>

export interface Wire {
  /** Path and query, or a whole address. */
  target: string
  method: 'GET' | 'POST'
  headers?: Pairs
  body?: Buffer | string
}

/** What came back: its bytes, as one character each. */
export interface Received {
  bytes: string
  content_type: string
}

/** What an SDK cuts out of an answer, to verify it over these bytes. */
export interface Cut {
  content: string
  sign: string
}

export interface OtherSdk {
  name: string
  request(method: string, biz: object, emulator: Emulator): Wire
  /** @param bytes of the answer, @param root its key */
  cut(bytes: string, root: string): Cut
}

export const form = (pairs: Pairs) => new URLSearchParams(pairs).toString()
export const URL_ENCODED = { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' }

export function send(wire: Wire, { gateway }: Emulator): Promise<Received> {
  const { port } = new URL(gateway)
  return new Promise((resolve, reject) => {
    const options = { port, path: wire.target, method: wire.method, headers: wire.headers ?? {}, agent: false }
    const sent = request(options, async (answer) => {
      let bytes = ''
      for await (const chunk of answer.setEncoding('latin1')) bytes += chunk
      resolve({ bytes, content_type: answer.headers['content-type'] ?? '' })
    })
    sent.on('error', reject).end(wire.body)
  })
}

/** Sorted by key, as every SDK signs; which empty ones stay out is the SDK's own affair. */
export function signed(pairs: Pairs, emulator: Emulator, write: (text: string) => Buffer = Buffer.from): string {
  const keys = Object.keys(pairs).sort()
  const text = write(keys.map((key) => `${key}=${pairs[key]}`).join('&'))
  const der = Buffer.from(emulator.private_key, 'base64')
  return sign('RSA-SHA256', text, createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).toString('base64')
}

export function isGenuine({ content, sign: signature }: Cut, { alipay_public_key }: Emulator): boolean {
  const key = createPublicKey({ key: Buffer.from(alipay_public_key, 'base64'), format: 'der', type: 'spki' })
  return verify('RSA-SHA256', Buffer.from(content, 'latin1'), key, Buffer.from(signature, 'base64'))
}

const common = ({ app_id }: Emulator, method: string): Pairs => {
  return { app_id, method, sign_type: 'RSA2', timestamp: '2026-11-20 10:00:00', version: '1.0' }
}
const signOf = (bytes: string): string => JSON.parse(Buffer.from(bytes, 'latin1').toString()).sign

/** Of PHP and Go: from two characters behind the key to the comma before the last of "sign" and "alipay_cert_sn". */
function cutToLastName(bytes: string, root: string): Cut {
  const from = bytes.lastIndexOf(root) + root.length + 2
  const ends = ['"sign"', '"alipay_cert_sn"'].map((name) => bytes.lastIndexOf(name)).filter((at) => at > 0)
  return { content: bytes.slice(from, Math.min(...ends) - 1), sign: signOf(bytes) }
}

/** Of Java, EasySDK and python-alipay-sdk: to the brace that closes the first one, quotes and escapes looked at. */
function cutToClosingBrace(bytes: string, root: string): Cut {
  const from = bytes.indexOf('{', bytes.indexOf(root))
  const [content = ''] =
    /^\{(?:"(?:\\.|[^"\\])*"|[^"{}]|\{(?:"(?:\\.|[^"\\])*"|[^"{}])*\})*\}/.exec(bytes.slice(from)) ?? []
  return { content, sign: signOf(bytes) }
}

/** Of yansongda/pay: PHP's JSON of the parsed answer, which escapes slashes and keeps Chinese. */
function encodeAgain(bytes: string, root: string): Cut {
  const answer = JSON.parse(Buffer.from(bytes, 'latin1').toString())
  const content = JSON.stringify(answer[root]).replaceAll('/', '\\/')
  return { content: Buffer.from(content).toString('latin1'), sign: answer.sign }
}

/** Of the official Python SDK: to the last `},"sign":"`. */
function cutBySignPattern(bytes: string, root: string): Cut {
  const from = bytes.search(/"[a-zA-Z_]+_response"\s*:\s*\{/)
  const [, content = '', signature = ''] =
    /^"\w+"\s*:\s*(\{.*\})\s*,\s*"sign"\s*:\s*"([^"]*)/.exec(bytes.slice(from)) ?? []
  if (!bytes.includes(root)) throw new Error(bytes)
  return { content, sign: signature }
}

/** Common parameters in the query, biz_content in the body. */
function split(all: Pairs, signature: string, inBody: readonly string[], base = '/gateway.do'): Wire {
  const entries = Object.entries(all)
  const query = Object.fromEntries(entries.filter(([key]) => !inBody.includes(key)))
  const body = Object.fromEntries(entries.filter(([key]) => inBody.includes(key)))
  return {
    target: `${base}?${form({ ...query, sign: signature })}`,
    method: 'POST',
    headers: URL_ENCODED,
    body: form(body),
  }
}

const biz_contentOf = (biz: object) => JSON.stringify(biz)
/** Python's json.dumps with its usual settings. */
const asciiJson = (biz: object) =>
  JSON.stringify(biz).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

const phpOfficial: OtherSdk = {
  name: 'alipay-sdk-php-all, execute',
  request(method, biz, emulator) {
    const more = { format: 'json', charset: 'UTF-8', alipay_sdk: 'alipay-sdk-PHP-4.20.718.ALL', terminal_type: 'web' }
    const all = { ...common(emulator, method), ...more, prod_code: 'P', biz_content: biz_contentOf(biz) }
    return split(all, signed(all, emulator), ['biz_content'])
  },
  cut: cutToLastName,
}

const phpForm: OtherSdk = {
  name: 'alipay-sdk-php-all and .NET, all in a form, charset also in its address',
  request(method, biz, emulator) {
    const all = { ...common(emulator, method), format: 'json', charset: 'UTF-8', biz_content: biz_contentOf(biz) }
    const body = form({ ...all, sign: signed(all, emulator) })
    return { target: '/gateway.do?charset=UTF-8', method: 'POST', headers: URL_ENCODED, body }
  },
  cut: cutToLastName,
}

const easySdk: OtherSdk = {
  name: 'EasySDK of PHP, Java and C#: notify_url and app_auth_token beside biz_content in the body',
  request(method, biz, emulator) {
    const more = { format: 'json', charset: 'UTF-8', alipay_sdk: 'alipay-easysdk-php-2.2.0' }
    const text = { notify_url: 'https://m.example/n?a=1', app_auth_token: '202611BB' }
    const all = { ...common(emulator, method), ...more, ...text, biz_content: biz_contentOf(biz) }
    return split(all, signed(all, emulator), ['biz_content', 'notify_url', 'app_auth_token'])
  },
  cut: cutToClosingBrace,
}

const pythonOfficial: OtherSdk = {
  name: 'alipay-sdk-python-all: a whole address as target',
  request(method, biz, emulator) {
    const all = { ...common(emulator, method), charset: 'utf-8', format: 'json', biz_content: biz_contentOf(biz) }
    const wire = split(all, signed(all, emulator), ['biz_content'], 'http://127.0.0.1/gateway.do')
    return { ...wire, headers: { ...URL_ENCODED, host: '127.0.0.1', 'log-uuid': 'x', 'cache-control': 'no-cache' } }
  },
  cut: cutBySignPattern,
}

const pythonMultipart: OtherSdk = {
  name: 'alipay-sdk-python-all, multipart',
  request(method, biz, emulator) {
    const all = { ...common(emulator, method), charset: 'utf-8', format: 'json', biz_content: biz_contentOf(biz) }
    const boundary = 'ALIPAY_SDK_PYTHON_BOUNDARY'
    const part = ['Content-Disposition: form-data; name="biz_content"', 'Content-Type: text/plain; charset=utf-8']
    const body = [`--${boundary}`, ...part, '', all.biz_content, `--${boundary}--`, ''].join('\r\n')
    const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
    return { ...split(all, signed(all, emulator), ['biz_content']), headers, body }
  },
  cut: cutBySignPattern,
}

const pythonOther: OtherSdk = {
  name: 'python-alipay-sdk: GET, Chinese as \\u escapes',
  request(method, biz, emulator) {
    const all = { ...common(emulator, method), charset: 'utf-8', biz_content: asciiJson(biz) }
    const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))
    return { target: `/gateway.do?${form({ ...sorted, sign: signed(all, emulator) })}`, method: 'GET' }
  },
  cut: cutToClosingBrace,
}

const allInBody = (all: Pairs, empty: readonly string[], emulator: Emulator): string =>
  form({ ...all, ...Object.fromEntries(empty.map((key) => [key, ''])), sign: signed(all, emulator) })

const yansongda: OtherSdk = {
  name: 'yansongda/pay: all in the body, unset parameters empty, charset in the address, too',
  request(method, biz, emulator) {
    const all = { ...common(emulator, method), format: 'JSON', charset: 'utf-8', biz_content: biz_contentOf(biz) }
    const body = allInBody(all, ['return_url', 'notify_url', 'app_auth_token'], emulator)
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'yansongda/pay-v3' }
    return { target: '/gateway.do?charset=utf-8', method: 'POST', headers, body }
  },
  cut: encodeAgain,
}

const smartwalle: OtherSdk = {
  name: 'smartwalle/alipay: all in the body, empty notify_url',
  request(method, biz, emulator) {
    const all = { ...common(emulator, method), format: 'JSON', charset: 'utf-8', biz_content: biz_contentOf(biz) }
    const body = allInBody(all, ['notify_url'], emulator)
    return { target: '/gateway.do', method: 'POST', headers: URL_ENCODED, body }
  },
  cut: cutToLastName,
}

const java: OtherSdk = {
  name: 'alipay-sdk-java: auth tokens apart, biz_content with blanks',
  request(method, biz, emulator) {
    const must = { terminal_type: 'web', terminal_info: 'ip', notify_url: 'https://m.example/n', charset: 'UTF-8' }
    const optional = { format: 'json', auth_token: 'T', alipay_sdk: 'alipay-sdk-java-dynamicVersionNo', prod_code: 'P' }
    const content = { app_auth_token: '202611BB', biz_content: JSON.stringify(biz, undefined, 2) }
    const all = { ...common(emulator, method), ...must, ...optional, ...content }
    return split(all, signed(all, emulator), ['biz_content', 'app_auth_token'])
  },
  cut: cutToClosingBrace,
}

export const OTHER_SDKS: readonly OtherSdk[] = [
  phpOfficial,
  phpForm,
  easySdk,
  pythonOfficial,
  pythonMultipart,
  pythonOther,
  yansongda,
  smartwalle,
  java,
]
