// What people paste where a key or a certificate belongs: cleaned, or named for what it is instead, never quoted.

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

const FRAME = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END [A-Z0-9 ]+-----/g
// Zero-width signs and byte order marks, as web pages and Windows editors add them.
const UNSEEN = /[\u200b-\u200d\u2060\ufeff]/gu
const QUOTES = /^["'`“”‘’]+|["'`“”‘’,;]+$/g

/** The PEM blocks of a text in their order, or the one block that is base64 without a frame. */
export function blocksOf(pasted: string, fileVariable: string): Block[] {
  const text = cleaned(pasted)
  refuseOtherThings(text, fileVariable)
  const framed = [...text.matchAll(FRAME)].map(([, label, body = '']) => ({ label, der: fromBase64(body) }))
  if (framed.length > 0) return framed
  if (text.includes('-----BEGIN ')) {
    throw new PastedTextError('its last line, -----END ...-----, is missing: it was cut off.')
  }
  if (text.includes('-----END ')) throw new PastedTextError('its first line, -----BEGIN ...-----, is missing.')
  return [{ label: undefined, der: fromBase64(text) }]
}

/** Why OpenSSL could not read a block, as far as its length tells. */
export function whatIsMissing({ der }: Block): string | undefined {
  const whole = wholeLength(der)
  if (whole === undefined || whole <= der.length) return undefined
  return `a part of it is missing: ${der.length} of ${whole} bytes are there.`
}

function cleaned(pasted: string): string {
  const lines = pasted.replaceAll('\\n', '\n').replaceAll('\\r', '').replace(UNSEEN, '')
  return lines.trim().replace(QUOTES, '').trim()
}

const SSH = /^(ssh-(rsa|dss|ed25519)|ecdsa-sha2-\S+) |BEGIN (OPENSSH PRIVATE|SSH2)|^PuTTY-User-Key-File/
const PATH = /^(~?[\\/]|\.{1,2}[\\/]|[A-Za-z]:[\\/]|file:)|\.(pem|key|txt|cer|crt|der|pfx|p12|json)$/i

function refuseOtherThings(text: string, fileVariable: string): void {
  if (/[\0\uFFFD]/.test(text)) {
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
  if (isPath(text)) {
    throw new PastedTextError('this is the path of a file.', `set ${fileVariable} to the path instead.`)
  }
  if (text.includes('ENCRYPTED')) throw passwordError()
}

// A base64 text may begin with a slash, so that a slash alone is not enough.
const isPath = (text: string) =>
  text.length < 1_024 && !/\n/.test(text) && PATH.test(text) && (/[.\\~:]/.test(text) || text.length < 64)

export function passwordError(): PastedTextError {
  const fix = 'take the password off a copy: openssl pkey -in FILE -out COPY.'
  return new PastedTextError('it is protected by a password; give one without.', fix)
}

function fromBase64(body: string): Buffer {
  const base64 = body.replace(/\s+/g, '')
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return Buffer.from(base64, 'base64')
  throw new PastedTextError('this is neither a PEM text nor base64: a part may be missing or not belong here.')
}

/** The length that a DER sequence says it has. */
function wholeLength(der: Buffer): number | undefined {
  const [tag, first = 0] = der
  const bytes = first & 0x7f
  if (tag !== 0x30 || first < 0x80 || bytes < 1 || bytes > 3 || der.length < 2 + bytes) return undefined
  return 2 + bytes + der.readUIntBE(2, bytes)
}
