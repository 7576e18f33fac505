// Checks on the way to the gateway: proxy, name, connection, who answers, and at what time. Each step ends in time.
import { lookup } from 'node:dns/promises'
import { connect, isIP } from 'node:net'
import type { Both } from '../language.ts'
import { type Check, proxyFor, type Ready } from './context.ts'
import { type Finding, failed, type Item, ok, skipped, translated, warning } from './finding.ts'
import { judgeHello } from './gateway-answer.ts'

const proxy: Check<Ready> = {
  title: { en: 'Proxy', zh: '代理' },
  run({ address }) {
    const through = proxyFor(address)
    if (through) {
      return ok({
        en: `requests go through the proxy ${through.host} (HTTPS_PROXY).`,
        zh: `请求经过代理 ${through.host}（HTTPS_PROXY）。`,
      })
    }
    if (address.protocol === 'http:') {
      return ok({ en: 'none: what is on this computer is reached directly.', zh: '没有：本机上的服务直接访问。' })
    }
    return ok({
      en: `none: HTTPS_PROXY is not set, or NO_PROXY names ${address.hostname}.`,
      zh: `没有：未设置 HTTPS_PROXY，或 NO_PROXY 包含 ${address.hostname}。`,
    })
  },
}

const names: Check<Ready> = {
  title: { en: 'Name resolution', zh: '域名解析' },
  async run({ address, within }) {
    const { host, isProxy } = firstHop(address)
    if (isIP(host)) {
      return ok({ en: `${host} is an address, there is nothing to look up.`, zh: `${host} 是 IP 地址，不需要解析。` })
    }
    const found = await inTime(lookup(host), within).catch((error: unknown) => errorCode(error))
    if (typeof found === 'string') return failLookup(host, translated(found), isProxy)
    return ok({ en: `${host} is ${found.address}.`, zh: `${host} 解析为 ${found.address}。` })
  },
}

function failLookup(host: string, why: Both, isProxy: boolean): Finding {
  const found: Both = {
    en: `the name ${host} ${isProxy ? 'of the proxy ' : ''}was not found (${why.en}).`,
    zh: `${isProxy ? '代理的' : ''}域名 ${host} 查不到（${why.zh}）。`,
  }
  if (isProxy) return failed({ found, fix: CORRECT_PROXY })
  return failed({
    found,
    fix: {
      en: 'check the network and its DNS, and ALIPAY_GATEWAY if it is set; behind a company proxy set HTTPS_PROXY.',
      zh: '检查网络和 DNS；若设置了 ALIPAY_GATEWAY，核对其中的域名；公司网络要设置 HTTPS_PROXY。',
    },
  })
}

const CORRECT_PROXY: Both = {
  en: 'correct or start the proxy that HTTPS_PROXY names, or unset HTTPS_PROXY, or set NO_PROXY to the host of the gateway.',
  zh: '改正或启动 HTTPS_PROXY 所指的代理；不需要代理时取消 HTTPS_PROXY，或把网关域名写进 NO_PROXY。',
}

const connection: Check<Ready> = {
  title: { en: 'Connection', zh: '网络连接' },
  async run({ address, within }) {
    const { host, port, isProxy } = firstHop(address)
    const code = await tryConnect(host, port, within)
    const where = `${host}:${port}`
    const whom: Both = isProxy ? { en: `the proxy ${where}`, zh: `代理 ${where}` } : { en: where, zh: where }
    if (code === undefined) return ok({ en: `${whom.en} takes connections.`, zh: `${whom.zh} 可以连接。` })
    const why = translated(code)
    const found: Both = { en: `${whom.en} cannot be reached (${why.en}).`, zh: `${whom.zh} 连不上（${why.zh}）。` }
    return failed({ found, fix: isProxy ? CORRECT_PROXY : fixUnreachable(address) })
  },
}

function fixUnreachable({ protocol }: URL): Both {
  if (protocol === 'http:') {
    return {
      en: 'start the emulator again with the same --port and --keys (alipay-mcp emulator), or remove ALIPAY_GATEWAY and the keys for the built-in emulator.',
      zh: '用原来的 --port 和 --keys 重新启动模拟器（alipay-mcp emulator），或删掉 ALIPAY_GATEWAY 和密钥的配置，改用内置模拟器。',
    }
  }
  return {
    en: 'let this computer reach that host and port (firewall), or set HTTPS_PROXY where a proxy is needed; correct ALIPAY_GATEWAY if it is set.',
    zh: '在防火墙里放行这个主机和端口；需要代理时设置 HTTPS_PROXY；若设置了 ALIPAY_GATEWAY，核对地址。',
  }
}

const answer: Check<Ready> = {
  title: { en: "Gateway's answer", zh: '网关响应' },
  async run(ready) {
    const finding = judgeHello(await ready.hello(), ready.address, proxyFor(ready.address))
    return finding.status === 'ok' && isBlind(ready) ? warning(BLIND) : finding
  },
}

const BLIND: Item = {
  found: {
    en: 'Something answers as Alipay does, but NODE_TLS_REJECT_UNAUTHORIZED=0 lets anybody pretend to be it.',
    zh: '有服务像支付宝一样响应，但 NODE_TLS_REJECT_UNAUTHORIZED=0 使任何人都能冒充它。',
  },
  fix: {
    en: "unset NODE_TLS_REJECT_UNAUTHORIZED; a company's own root certificate goes into NODE_EXTRA_CA_CERTS.",
    zh: '取消 NODE_TLS_REJECT_UNAUTHORIZED；公司自己的根证书用 NODE_EXTRA_CA_CERTS 给出。',
  },
}

function isBlind({ address, settings }: Ready): boolean {
  const name = 'NODE_TLS_REJECT_UNAUTHORIZED'
  const isReal = settings.origins.get(name)?.text === 'the environment'
  return address.protocol === 'https:' && isReal && settings.variables[name] === '0'
}

// Links and codes expire by the gateway's clock.
const FAR_MS = 120_000

const clock: Check<Ready> = {
  title: { en: 'Clock', zh: '时钟' },
  async run({ hello }) {
    const answer = await hello()
    // The header is cut to whole seconds.
    const gateway = Date.parse((answer.kind === 'answered' && answer.date) || '') + 500
    if (Number.isNaN(gateway)) {
      return skipped({ found: { en: 'the gateway did not say what time it is.', zh: '网关没有给出时间。' } })
    }
    const ahead = Date.now() - gateway
    const by = roundTime(Math.abs(ahead))
    const found: Both = {
      en: `this computer is ${by.en} ${ahead < 0 ? 'behind' : 'ahead of'} the gateway.`,
      zh: `本机时钟与网关相差${by.zh}（本机${ahead < 0 ? '慢' : '快'}）。`,
    }
    if (Math.abs(ahead) <= FAR_MS) return ok(found)
    return warning({
      found,
      fix: {
        en: "set the clock of this computer by the network (NTP); until then orders expire by Alipay's clock, and limits go by this one.",
        zh: '打开系统的网络校时（NTP）；在此之前，订单按支付宝的时钟过期，限额按本机时钟计算。',
      },
    })
  },
}

function roundTime(ms: number): Both {
  const seconds = Math.round(ms / 1000)
  if (seconds <= 2) return { en: 'less than 3 seconds', zh: '不到 3 秒' }
  if (seconds < 120) return { en: `${seconds} seconds`, zh: `${seconds} 秒` }
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return { en: `${minutes} minutes`, zh: `${minutes} 分钟` }
  const hours = Math.round(minutes / 60)
  return { en: `${hours} hours (${minutes} minutes)`, zh: `${hours} 小时（${minutes} 分钟）` }
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
