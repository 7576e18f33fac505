// Signs with RSA2. alipay-sdk (imported here only) knows keys, certificates and what goes with every request, and signs
// the links. Requests are put together and signed here as it does: it signs on the main thread, one request after the
// other, and that is a third of what a call costs; while several calls are under way, Node's thread pool signs them.
import { type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { AlipaySdk } from 'alipay-sdk'
import { beijingTime, type Clock } from '../clock.ts'
import type { Fields } from './envelope.ts'
import type { AgreementTerms } from './gateway.ts'

/** What it takes to talk to one gateway as one app. */
export interface Connection {
  gateway: string
  app_id: string
  privateKey: KeyObject
  alipayPublicKey: KeyObject
  notify_url?: string | undefined
  return_url?: string | undefined
  /** One exchange, milliseconds. */
  timeout: number
  /** PEM texts, in certificate mode 公钥证书模式. */
  certificates?: { app: string; alipay: string; root: string } | undefined
  /** For those who act for a merchant. */
  app_auth_token?: string | undefined
  /** Which product of precreate the merchant has signed for. */
  qrProductCode?: string | undefined
  /** Which product of agreements, if any. */
  agreements?: AgreementTerms | undefined
}

export interface Unsigned {
  method: string
  /** What becomes biz_content. */
  content: Fields
  urls?: Record<string, string>
}

/** Both URL-encoded; as the SDK's own exec divides it, only biz_content goes into the body. */
export interface SignedRequest {
  query: string
  body: string
}

type Parameters = Readonly<Record<string, string>>

const RSA2 = 'RSA-SHA256'
const signInThreadPool = promisify(sign)
// Far more than a queue of signatures takes.
const POOL_MS = 250

export class Signing {
  readonly #sdk: AlipaySdk
  readonly #common: Parameters

  constructor(
    readonly connection: Connection,
    readonly clock: Clock,
  ) {
    this.#sdk = signer(connection)
    this.#common = commonParameters(this.#bySdk({ method: '', content: {} }))
  }

  /** The number of Alipay's certificate; undefined in key mode. */
  get alipayCertSn(): string | undefined {
    return this.connection.certificates && this.#sdk.config.alipayCertSn
  }

  /** URL-encoded parameters with their signature, for a link. */
  link(unsigned: Unsigned): string {
    return spelledForLink(this.#bySdk(unsigned))
  }

  /**
   * What is signed is every parameter by the order of the names, values not encoded (opendocs common/02kf5q).
   * @param besideOthers whether other calls are under way; a call alone would only wait for the thread
   */
  async request({ method, content, urls }: Unsigned, besideOthers: boolean): Promise<SignedRequest> {
    const biz_content = JSON.stringify(content)
    const inQuery: Parameters = { ...this.#common, ...urls, method, timestamp: this.#timestamp() }
    const signed = Buffer.from(sortedPairs({ ...inQuery, biz_content }))
    const signature = (besideOthers && (await this.#inThreadPool(signed))) || this.#onThisThread(signed)
    const query = encodedPairs({ ...inQuery, sign: signature.toString('base64') })
    return { query, body: encodedPairs({ biz_content }) }
  }

  /** @returns undefined where the pool is busy with what cannot be ended: names that are looked up, a disk that hangs */
  #inThreadPool(signed: Buffer): Promise<Buffer | undefined> {
    return soon(signInThreadPool(RSA2, signed, this.connection.privateKey))
  }

  #onThisThread(signed: Buffer): Buffer {
    return sign(RSA2, signed, this.connection.privateKey)
  }

  #bySdk({ method, content, urls }: Unsigned): string {
    // Undefined members must not be signed as such; JSON drops them. The time is given because the SDK's own follows
    // the zone of this computer. The option belongs in the third argument: in the second it would be sent.
    const bizContent = JSON.parse(JSON.stringify(content))
    const { app_auth_token } = this.connection
    const common = { ...urls, ...(app_auth_token && { app_auth_token }) }
    const parameters = { ...common, timestamp: this.#timestamp(), bizContent }
    return this.#sdk.sdkExecute(method, parameters, { bizContentAutoSnakeCase: false })
  }

  #timestamp(): string {
    return beijingTime(this.clock.now())
  }
}

const sortedPairs = (parameters: Parameters): string =>
  Object.keys(parameters)
    .sort()
    .map((name) => `${name}=${parameters[name]}`)
    .join('&')

const encodedPairs = (parameters: Parameters): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')

/**
 * What follows a & is read as a sign by pages that decode HTML: `&timestamp` becomes `×tamp`, `&notify_url` `¬ify_url`.
 * So the time stands first, and the other name begins with an escape.
 * [guess G21] That Alipay reads escapes in names as it does in values, as forms are read (URL standard, 5.1).
 * And nothing is left in values at which Markdown, chats or shells end a link; the last letters are the signature's.
 */
function spelledForLink(query: string): string {
  const pairs = query
    .split('&')
    .map((pair) => pair.replace(/[!'()*~]/g, escaped).replace(/^notify_url=/, '%6Eotify_url='))
  const place = (pair: string) => (pair.startsWith('timestamp=') ? 0 : pair.startsWith('sign=') ? 2 : 1)
  return pairs.sort((one, other) => place(one) - place(other)).join('&')
}

const escaped = (letter: string) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`

const TOKEN = /([?&]app_auth_token=)[^&]*/

/** A secret of the merchant's, which is part of what is signed: the link is of no use without it. */
export const withoutToken = (link: string): string => link.replace(TOKEN, '$1')

export const withToken = (kept: string, token = ''): string =>
  kept.replace(TOKEN, (_, name: string) => name + encodeURIComponent(token).replace(/[!'()*~]/g, escaped))

async function soon<T>(result: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), POOL_MS)
  })
  return Promise.race([result, late]).finally(() => clearTimeout(timer))
}

/**
 * The SDK parses a PEM text at every signature. It signs with whatever its config holds, so a parsed key goes in
 * after construction; the guard keeps that from failing silently after an update.
 */
function signer({ app_id, privateKey, certificates }: Connection): AlipaySdk {
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString().trim()
  const sdk = new AlipaySdk({
    appId: app_id,
    privateKey: pem,
    ...(certificates && {
      appCertContent: certificates.app,
      alipayPublicCertContent: certificates.alipay,
      alipayRootCertContent: certificates.root,
    }),
  })
  if (typeof sdk.config.privateKey !== 'string') throw new TypeError('alipay-sdk keeps its key elsewhere now')
  Object.assign(sdk.config, { privateKey })
  return sdk
}

/** What goes with every request: the app, the numbers of its certificates, how it is signed and written. */
function commonParameters(signed: string): Parameters {
  const { method, timestamp, biz_content, sign, ...common } = Object.fromEntries(new URLSearchParams(signed))
  return common
}
