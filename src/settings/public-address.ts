// Addresses: the public one of `alipay-mcp listen`, where notifications go, and where people are told of problems.
import { isIP } from 'node:net'
import type { Environment } from '../gateway/gateway.ts'
import { ownCall } from '../pasteable-call.ts'
import { shortLine } from '../text.ts'
import { Secret } from './keys.ts'
import { quoteValue } from './placeholder.ts'
import { canAlipayReach } from './reachable.ts'
import type { SettingsReader } from './settings-reader.ts'

const ANY = /./
export const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Without a slash at its end: paths are put behind it. */
export function publicUrlOf(read: SettingsReader, environment: Environment): string | undefined {
  const url = read.url('ALIPAY_PUBLIC_URL', environment === 'production' ? LOOPBACK : ANY)
  if (!url) return undefined
  if (url.pathname.includes('//'))
    return read.problem('ALIPAY_PUBLIC_URL', 'has two slashes in its path.', 'give the address with single ones.')
  if (!url.search && !url.hash) return url.href.replace(/\/+$/, '')
  return read.problem('ALIPAY_PUBLIC_URL', 'has a query (?) or a fragment (#).', 'give the address without them.')
}

/** The one that is set; else that of `listen`, where Alipay can reach it. */
export function notifyUrlOf(
  read: SettingsReader,
  environment: Environment,
  publicUrl: string | undefined,
): string | undefined {
  const address = read.url('ALIPAY_NOTIFY_URL', ANY)
  const own = publicUrl === undefined ? undefined : `${publicUrl}/notify`
  const reaches = (url: URL) => environment === 'local' || canAlipayReach(url)
  if (!address) return own !== undefined && reaches(new URL(own)) ? own : undefined
  if (!reaches(address)) {
    const problem = `names ${shortLine(address.hostname, 60)}, which Alipay cannot reach: it is not on the internet.`
    const fix = "give an address that is open to the internet, such as a tunnel's, or remove it."
    read.notice('ALIPAY_NOTIFY_URL', problem, fix)
  } else if (own !== undefined && address.href !== own) {
    const problem = 'is set, so Alipay notifies that address, and not ALIPAY_PUBLIC_URL.'
    read.notice('ALIPAY_NOTIFY_URL', problem, `remove it if "${ownCall('listen')}" is to get the notifications.`)
  }
  return address.href
}

/** The built-in emulator's server serves its pages itself. */
export function ownPages(read: SettingsReader): undefined {
  if (read.text('ALIPAY_PUBLIC_URL') === undefined) return
  const problem = 'has no effect with the built-in emulator, whose server serves the pages of its orders itself.'
  read.notice('ALIPAY_PUBLIC_URL', problem, 'remove it, or set the credentials of an app.')
}

export function returnUrlOf(read: SettingsReader, publicUrl: string | undefined): string | undefined {
  const url = read.url('ALIPAY_RETURN_URL', ANY)
  if (url && publicUrl !== undefined) {
    const problem = 'is set, so buyers return to that address after paying, and not to the page of their order.'
    read.notice('ALIPAY_RETURN_URL', problem, 'remove it if they are to come back to their page.')
  }
  return url?.href
}

export interface ListenAddress {
  host: string
  port: number
}

const USUAL: ListenAddress = { host: '127.0.0.1', port: 8421 }

/** `127.0.0.1:8421`, `[::1]:8421`, `8421`. */
export function listenAddressOf(read: SettingsReader): ListenAddress | undefined {
  const value = read.text('ALIPAY_LISTEN')
  if (value === undefined) return USUAL
  const [, bracketed, plain, digits] = /^(?:(?:\[([^\]]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(value) ?? []
  const host = bracketed ?? plain ?? USUAL.host
  const port = Number(digits)
  if (port <= 65_535 && (host === 'localhost' || isIP(host) !== 0)) return { host, port }
  return read.problem(
    'ALIPAY_LISTEN',
    `is ${quoteValue(value)}.`,
    'give an IP address and a port, such as 127.0.0.1:8421.',
  )
}

export interface AlertSettings {
  readonly alertUrl: Secret<URL> | undefined
  readonly alertSecret: Secret<string> | undefined
  readonly alertOn: 'problems' | 'payments'
}

export function alertSettings(read: SettingsReader): AlertSettings {
  const url = read.url('ALIPAY_ALERT_URL', LOOPBACK)
  const secret = read.text('ALIPAY_ALERT_SECRET')
  if (secret !== undefined && url === undefined) {
    read.notice('ALIPAY_ALERT_SECRET', 'has no effect without ALIPAY_ALERT_URL.', 'set ALIPAY_ALERT_URL, or remove it.')
  }
  return {
    alertUrl: url && new Secret(url),
    alertSecret: secret === undefined ? undefined : new Secret(secret),
    alertOn: read.oneOf('ALIPAY_ALERT_ON', ['problems', 'payments']) ?? 'problems',
  }
}
