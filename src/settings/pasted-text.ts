// What people paste where a key or a certificate belongs: cleaned, or named for what it is instead, never quoted.

import { decodeText } from './named-file.ts'
import { unwrapped } from './wrappings.ts'

/** Says what a text is instead of what it should be; neither message nor fix holds any part of the text. */
export class PastedTextError extends Error {
  override name = 'PastedTextError'
  constructor(
    message: string,
    readonly fix = 'paste it again, whole, from the file of the key tool 密钥工具 or the page where it is shown.',
  ) {
    super(message)
  }
}

export interface Block {
  /** `RSA PRIVATE KEY`; undefined for base64 without a frame. */
  label: string | undefined
  der: Buffer
}

const OUTER_QUOTES = /^["'`“”‘’]+|["'`“”‘’,;]+$/g

/** The keys and certificates of a text or a file in their order: PEM, base64 without a frame, or DER. */
export function blocksOf(pasted: string | Buffer, fileVariable: string): Block[] {
  if (typeof pasted !== 'string') {
    const length = wholeLength(pasted)
    if (length !== undefined && length <= pasted.length) return [{ label: undefined, der: pasted.subarray(0, length) }]
    return blocksOf(decodeText(pasted), fileVariable)
  }
  const outer = pasted.replace(/[\p{Cf}]/gu, '').trim()
  refuseOtherThings(outer.slice(0, 2_048).replace(OUTER_QUOTES, '').trim(), fileVariable)
  const text = unwrapped(outer)
  refuseOtherThings(text, fileVariable)
  const framed = framedBlocks(text)
  return framed.length > 0 ? framed : bareBlocks(text)
}

const WORDS = '(?:[A-Z0-9]{1,20}[ \\t]{1,4}){0,4}(?:KEY|CERTIFICATE|REQUEST)(?![A-Za-z0-9+/=])'
/** First and last lines of PEM; those of a known kind without their dashes, too. */
const FRAME = new RegExp(
  `-----[ \\t]?(BEGIN|END)[ \\t]{0,4}([A-Z0-9 ]{1,60}?)[ \\t]?-----|(?:-----[ \\t]?)?\\b(BEGIN|END)[ \\t]{1,4}(${WORDS})(?:[ \\t]?-----)?`,
  'gi',
)
const MOST_BLOCKS = 100

function framedBlocks(text: string): Block[] {
  const frames = [...text.matchAll(FRAME)].slice(0, 2 * MOST_BLOCKS + 1)
  if (frames.length > 2 * MOST_BLOCKS) throw new PastedTextError(`it holds more than ${MOST_BLOCKS} keys.`, KEEP_ONE)
  return frames.flatMap((frame, at) => {
    const isBegin = isBeginning(frame)
    if (isBegin !== (at % 2 === 0)) throw new PastedTextError(isBegin ? NO_END : NO_BEGIN)
    if (!isBegin) return []
    const end = frames[at + 1]
    if (!end) throw new PastedTextError(NO_END)
    return [blockOf(frame[2] ?? frame[4], text.slice(frame.index + frame[0].length, end.index))]
  })
}

const isBeginning = ([, framed, , bare]: RegExpMatchArray) => /begin/i.test(framed ?? bare ?? '')
const NO_END = 'its last line, -----END ...-----, is missing: it was cut off.'
const NO_BEGIN = 'its first line, -----BEGIN ...-----, is missing.'
export const KEEP_ONE = 'keep the one that is meant.'

/** Nothing may stand behind the key: it may be a second one, and nobody could say which is meant. */
function blockOf(label: string | undefined, body: string): Block {
  const block = { label: label?.toUpperCase(), der: fromBase64(body) }
  const length = wholeLength(block.der)
  if (length !== undefined && length < block.der.length) throw new PastedTextError(TOO_LONG, KEEP_ONE)
  return block
}

const TOO_LONG = 'more than one key stands in it, or something was pasted behind it.'

// As each RSA key and certificate begins: a DER sequence of more than 127 bytes.
const START = /(?<![A-Za-z0-9+/_-])MI[GHIJ][A-Za-z0-9+/_-]/g

/** Base64 without a frame; its DER tells how long it is, so that words may stand before and behind it. */
function bareBlocks(text: string): Block[] {
  const blocks: Block[] = []
  for (let start = nextStart(text, 0); start !== undefined; ) {
    const { block, end } = bareBlockAt(text, start)
    blocks.push(block)
    if (blocks.length > MOST_BLOCKS) throw new PastedTextError(`it holds more than ${MOST_BLOCKS} keys.`, KEEP_ONE)
    start = nextStart(text, end)
  }
  return blocks.length > 0 ? blocks : [blockOf(undefined, text)]
}

function nextStart(text: string, from: number): number | undefined {
  START.lastIndex = from
  return START.exec(text)?.index
}

function bareBlockAt(text: string, start: number): { block: Block; end: number } {
  const length = wholeLength(Buffer.from(text.slice(start, start + 8), 'base64')) ?? text.length
  const letters = Math.ceil((length * 8) / 6)
  let [end, found] = [start, 0]
  for (; found < letters && /[\w+/=\s-]/.test(text[end] ?? ''); end++) if (/[\w+/-]/.test(text[end] ?? '')) found++
  const body = text.slice(start, end)
  if (found < letters) refuseCut(body, letters - found, text.slice(end))
  if (found === letters && /^=*[A-Za-z0-9+/_-]/.test(text.slice(end, end + 4)))
    throw new PastedTextError(TOO_LONG, KEEP_ONE)
  return { block: blockOf(undefined, `${body.replace(/=/g, '')}${'='.repeat((4 - (letters % 4)) % 4)}`), end }
}

/** Of a text that breaks off: what broke it, if that shows. */
function refuseCut(body: string, missing: number, rest: string): void {
  if (body.trim().split(/ /).length - 1 === missing) {
    throw new PastedTextError('its + signs have become blanks, as happens to an address (URL).')
  }
  const [sign] = rest
  if (sign === undefined) return
  const signName = sign.charCodeAt(0) > 32 ? `the sign ${JSON.stringify(sign)}` : 'a sign that is not seen'
  throw new PastedTextError(`this is neither a PEM text nor base64: ${signName} stands in the middle of the key.`)
}

/** Why OpenSSL could not read a block, as far as its length tells. */
export function whatIsMissing({ der }: Block): string | undefined {
  const whole = wholeLength(der)
  if (whole === undefined || whole <= der.length) return undefined
  return `a part of it is missing: ${der.length} of ${whole} bytes are there.`
}

const SSH = /^(ssh-(rsa|dss|ed25519)|ecdsa-sha2-\S+) |BEGIN (OPENSSH PRIVATE|SSH2)|^PuTTY-User-Key-File/
const PATH = /^(~?[\\/]|\.{1,2}[\\/]|[A-Za-z]:[\\/]|file:)|\.(pem|key|txt|cer|crt|der|pfx|p12|json)$/i

function refuseOtherThings(text: string, fileVariable: string): void {
  if (/\0/.test(text)) {
    const fix = 'export it as PEM text; from a .pfx or .p12: openssl pkcs12 -in FILE -nodes.'
    throw new PastedTextError('this is a binary file, such as .pfx, .p12, .jks or .der, not text.', fix)
  }
  if (SSH.test(text)) {
    const fix =
      "make a pair with Alipay's key tool 支付宝开放平台密钥工具, or convert a copy: ssh-keygen -p -m PEM -f COPY."
    throw new PastedTextError("this is in OpenSSH's own format, made for logging in to computers.", fix)
  }
  if (/^[{[]/.test(text)) {
    const fix = 'take only the text itself out of it; a JSON file of settings is given with --config FILE.'
    throw new PastedTextError('this is JSON.', fix)
  }
  if (/<(RSAKeyValue|Modulus)/i.test(text)) {
    throw new PastedTextError('this is a key in XML, as .NET writes it.', 'export it as PEM text, PKCS#8 or PKCS#1.')
  }
  if (isPath(text)) {
    throw new PastedTextError('this is the path of a file.', `set ${fileVariable} to the path instead.`)
  }
  if (text.includes('ENCRYPTED')) throw passwordError()
}

// A base64 text may begin with a slash, so that a slash alone is not enough.
const isPath = (text: string) =>
  text.length < 1_024 && !/\n|"|BEGIN/.test(text) && PATH.test(text) && (/[.\\~:]/.test(text) || text.length < 64)

export function passwordError(): PastedTextError {
  const fix = 'take the password off a copy: openssl pkey -in FILE -out COPY.'
  return new PastedTextError('it is protected by a password; give one without.', fix)
}

function fromBase64(body: string): Buffer {
  const base64 = body.replace(/\s+/g, '')
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return Buffer.from(base64, 'base64')
  // The alphabet for addresses; one text has one of the two.
  if (/^[A-Za-z0-9_-]+={0,2}$/.test(base64)) return Buffer.from(base64, 'base64url')
  throw new PastedTextError(`this is neither a PEM text nor base64: ${describeOdd(base64)}`)
}

function describeOdd(text: string): string {
  if (/\.\.\.|…|\*{3}|•{2}|x{8}/i.test(text)) return 'a part of it is left out or hidden (... or ***).'
  if (text.includes('\uFFFD')) return 'it is in an encoding that cannot be read; save it as UTF-8.'
  return 'a part may be missing or not belong here.'
}

/** The length that a DER sequence says it has. */
function wholeLength(der: Buffer): number | undefined {
  const [tag, first = 0] = der
  const bytes = first & 0x7f
  if (tag !== 0x30 || der.length < 2) return undefined
  if (first < 0x80) return 2 + first
  return bytes < 1 || bytes > 3 || der.length < 2 + bytes ? undefined : 2 + bytes + der.readUIntBE(2, bytes)
}
