// Checks on the way to the gateway: proxy, name, connection, who answers, and at what time. Each step ends in time.
import { lookup } from 'node:dns/promises'
import { connect, isIP } from 'node:net'
import { type Check, proxyFor, type Ready } from './context.ts'
import { type Finding, failed, ok, skipped, warning } from './finding.ts'
import { judgeHello } from './gateway-answer.ts'

const proxy: Check<Ready> = {
  title: 'Proxy 代理',
  run({ address }) {
    const through = proxyFor(address)
    if (through) return ok(`requests go through the proxy ${through.host} (HTTPS_PROXY).`)
    return ok(
      address.protocol === 'http:'
        ? 'none: what is on this computer is reached directly.'
        : `none: HTTPS_PROXY is not set, or NO_PROXY names ${address.hostname}.`,
    )
  },
}

const names: Check<Ready> = {
  title: 'Name resolution 域名解析',
  async run({ address, within }) {
    const { host, isProxy } = firstHop(address)
    if (isIP(host)) return ok(`${host} is an address, there is nothing to look up.`)
    const found = await inTime(lookup(host), within).catch((error: unknown) => errorCode(error))
    return typeof found === 'object' ? ok(`${host} is ${found.address}.`) : failLookup(host, found, isProxy)
  },
}

function failLookup(host: string, code: string, isProxy: boolean): Finding {
  const found = `The name ${host} ${isProxy ? 'of the proxy ' : ''}was not found (${code}).`
  if (isProxy) return failed({ found, ...CORRECT_PROXY })
  return failed({
    found,
    fix: 'check the network and its DNS, and ALIPAY_GATEWAY if it is set; behind a company proxy set HTTPS_PROXY.',
    fix_zh: '检查网络和 DNS；若设置了 ALIPAY_GATEWAY，核对其中的域名；公司网络要设置 HTTPS_PROXY。',
  })
}

const CORRECT_PROXY = {
  fix: 'correct or start the proxy that HTTPS_PROXY names, or unset HTTPS_PROXY, or set NO_PROXY to the host of the gateway.',
  fix_zh: '改正或启动 HTTPS_PROXY 所指的代理；不需要代理时取消 HTTPS_PROXY，或把网关域名写进 NO_PROXY。',
}

const connection: Check<Ready> = {
  title: 'Connection 网络连接',
  async run({ address, within }) {
    const { host, port, isProxy } = firstHop(address)
    const code = await tryConnect(host, port, within)
    const whom = isProxy ? `the proxy ${host}:${port}` : `${host}:${port}`
    if (code === undefined) return ok(`${whom} takes connections.`)
    const found = `${whom} cannot be reached (${code}).`
    if (isProxy) return failed({ found, ...CORRECT_PROXY })
    return failed({ found, ...fixUnreachable(address) })
  },
}

function fixUnreachable({ protocol }: URL): { fix: string; fix_zh: string } {
  if (protocol === 'http:') {
    return {
      fix: 'start what ALIPAY_GATEWAY names (alipay-mcp emulator --port N), or remove ALIPAY_GATEWAY for the built-in emulator.',
      fix_zh:
        '启动 ALIPAY_GATEWAY 所指的模拟器（alipay-mcp emulator --port N），或删掉 ALIPAY_GATEWAY，改用内置模拟器。',
    }
  }
  return {
    fix: 'let this computer reach that host and port (firewall), or set HTTPS_PROXY where a proxy is needed; correct ALIPAY_GATEWAY if it is set.',
    fix_zh: '在防火墙里放行这个主机和端口；需要代理时设置 HTTPS_PROXY；若设置了 ALIPAY_GATEWAY，核对地址。',
  }
}

const answer: Check<Ready> = {
  title: "Gateway's answer 网关应答",
  async run(ready) {
    const finding = judgeHello(await ready.hello(), ready.address, proxyFor(ready.address))
    return finding.status === 'ok' && isBlind(ready) ? warning(BLIND) : finding
  },
}

const BLIND = {
  found: 'Something answers as Alipay does, but NODE_TLS_REJECT_UNAUTHORIZED=0 lets anybody pretend to be it.',
  fix: "unset NODE_TLS_REJECT_UNAUTHORIZED; a company's own root certificate goes into NODE_EXTRA_CA_CERTS.",
  fix_zh: '取消 NODE_TLS_REJECT_UNAUTHORIZED；公司自己的根证书用 NODE_EXTRA_CA_CERTS 给出。',
}

function isBlind({ address, settings }: Ready): boolean {
  const name = 'NODE_TLS_REJECT_UNAUTHORIZED'
  const isReal = settings.origins.get(name)?.text === 'the environment'
  return address.protocol === 'https:' && isReal && settings.variables[name] === '0'
}

// Links and codes expire by the gateway's clock.
const FAR_MS = 120_000

const clock: Check<Ready> = {
  title: 'Clock 时钟',
  async run({ hello }) {
    const answer = await hello()
    // The header is cut to whole seconds.
    const gateway = Date.parse((answer.kind === 'answered' && answer.date) || '') + 500
    if (Number.isNaN(gateway)) return skipped({ found: 'the gateway did not say what time it is.' })
    const ahead = Date.now() - gateway
    const side = ahead < 0 ? 'behind' : 'ahead of'
    const found = `This computer is ${roundTime(Math.abs(ahead))} ${side} the gateway.`
    if (Math.abs(ahead) <= FAR_MS) return ok(found)
    return warning({
      found,
      fix: "set the clock of this computer by the network (NTP); until then orders expire by Alipay's clock, and limits go by this one.",
      fix_zh: '打开系统的网络校时（NTP）；在此之前，订单按支付宝的时钟过期，限额按本机时钟计算。',
    })
  },
}

function roundTime(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds <= 2) return 'less than 3 seconds'
  if (seconds < 120) return `${seconds} seconds`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} minutes`
  return `${Math.round(minutes / 60)} hours (${minutes} minutes)`
}

/** With a proxy it is the proxy that looks the gateway up and connects to it. */
function firstHop(address: URL): { host: string; port: number; isProxy: boolean } {
  const through = proxyFor(address)
  const { hostname, port, protocol } = through ?? address
  const usual = protocol === 'https:' ? 443 : 80
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || usual,
    isProxy: through !== undefined,
  }
}

/** Undefined where the connection was made, otherwise why not. */
function tryConnect(host: string, port: number, within: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: within })
    const end = (code?: string) => {
      socket.destroy()
      resolve(code)
    }
    socket.on('connect', () => end())
    socket.on('timeout', () => end(`no answer within ${within} ms`))
    socket.on('error', (error) => end(errorCode(error)))
  })
}

async function inTime<T>(promise: Promise<T>, within: number): Promise<T | string> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${within} ms`), within)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

const errorCode = (error: unknown) =>
  error instanceof Error && 'code' in error ? String(error.code) : 'no reason given'

export const NETWORK_CHECKS = [proxy, names, connection, answer, clock] as const
