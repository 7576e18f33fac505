// Whether Alipay's servers can reach an address at all: not one of this computer, of a private network, or of nobody.
import { BlockList, isIP } from 'node:net'

/** Networks that the internet does not route (RFC 6890, 6598, 4193, 4291). */
const UNROUTED = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '::/127',
  '100::/64',
  '2001:db8::/32',
  'fc00::/7',
  'fe80::/9',
  'ff00::/8',
]

function isUnrouted(address: string, family: number): boolean {
  const list = new BlockList()
  for (const network of UNROUTED) {
    const [first = '', bits] = network.split('/')
    list.addSubnet(first, Number(bits), typeOf(isIP(first)))
  }
  // One of IPv4 in IPv6 is compared as the first.
  return list.check(address, typeOf(family))
}

const typeOf = (family: number) => (family === 6 ? 'ipv6' : 'ipv4')

/** Ends of names that no public server has (RFC 2606, 6761, 6762, 8375, and those of routers and offices). */
const PRIVATE_NAME =
  /(^|\.)(local|localhost|localdomain|internal|intranet|lan|home|home\.arpa|corp|private|test|example|invalid|onion|example\.(com|net|org|cn)|localtest\.me|lvh\.me)$/
/** Names that mean the address in them. */
const NAMED_ADDRESS = /(?:^|[.-])(\d{1,3})[.-](\d{1,3})[.-](\d{1,3})[.-](\d{1,3})\.(?:nip|sslip|xip)\.io$/

export function canAlipayReach({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase()
  const [, ...inName] = NAMED_ADDRESS.exec(host) ?? []
  const address = inName.length > 0 ? inName.join('.') : host
  const family = isIP(address)
  if (family !== 0) return !isUnrouted(address, family)
  return host.includes('.') && !PRIVATE_NAME.test(host)
}
