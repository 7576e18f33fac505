// Which of the three environments is meant: real money only when spelt out, and never by accident.
import type { Environment } from '../gateway/gateway.ts'
import type { SettingsReader } from './settings-reader.ts'

/** Alipay's own gateways (common/097l48; the SDK's default). */
export const GATEWAYS = {
  production: 'https://openapi.alipay.com/gateway.do',
  sandbox: 'https://openapi-sandbox.dl.alipaydev.com/gateway.do',
} as const
const environments = ['production', 'sandbox'] as const
const RETIRED_SANDBOX = 'openapi.alipaydev.com'
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Real money only on request; what cannot be told apart from production counts as production. */
export function environmentOf(read: SettingsReader, gateway: URL | undefined, wantsAlipay: boolean): Environment {
  const named = read.oneOf('ALIPAY_ENV', ['local', 'sandbox', 'production'])
  if (!gateway) return named ?? (wantsAlipay ? 'sandbox' : 'local')
  if (gateway.hostname === RETIRED_SANDBOX) {
    read.problem('ALIPAY_GATEWAY', 'is the sandbox that Alipay has switched off.', 'remove ALIPAY_GATEWAY.')
  }
  const actual = environmentAt(gateway)
  const contradiction = named === undefined ? isAlipaysHost(gateway, 'production') : named !== actual
  const unreadable = named === undefined && read.text('ALIPAY_ENV') !== undefined
  if (contradiction && !unreadable && !(named === 'sandbox' && isForeign(gateway))) {
    read.problem(
      'ALIPAY_ENV',
      `is ${named ?? 'not set'}, but ALIPAY_GATEWAY (${gateway.host}) means ${actual}.`,
      // Never "local" to somebody who means real money: a proxy on this computer may lead to Alipay.
      named === 'production' && actual === 'local'
        ? 'remove ALIPAY_GATEWAY.'
        : `set ALIPAY_ENV=${actual}${actual === 'production' ? ' if real money is meant' : ''}, or remove ALIPAY_GATEWAY.`,
    )
  }
  return actual
}

export function gatewayOf(read: SettingsReader): URL | undefined {
  const gateway = read.url('ALIPAY_GATEWAY', LOOPBACK)
  if (!gateway) return undefined
  const alipays = environments.find((environment) => isAlipaysHost(gateway, environment))
  if (alipays && gateway.pathname !== '/gateway.do') {
    const fix = 'remove ALIPAY_GATEWAY: ALIPAY_ENV brings the right address.'
    return read.problem(
      'ALIPAY_GATEWAY',
      'names a host of Alipay, but not its gateway, whose path is /gateway.do.',
      fix,
    )
  }
  if (!gateway.search && !gateway.hash) return gateway
  return read.problem('ALIPAY_GATEWAY', 'has a query (?) or a fragment (#).', 'give the address up to gateway.do.')
}

function environmentAt(gateway: URL): Environment {
  if (LOOPBACK.test(gateway.hostname)) return 'local'
  return isAlipaysHost(gateway, 'sandbox') ? 'sandbox' : 'production'
}

function isAlipaysHost(gateway: URL, environment: keyof typeof GATEWAYS): boolean {
  // A trailing dot names the same host.
  return gateway.hostname.replace(/\.$/, '') === new URL(GATEWAYS[environment]).hostname
}

function isForeign(gateway: URL): boolean {
  return environmentAt(gateway) === 'production' && !isAlipaysHost(gateway, 'production')
}
