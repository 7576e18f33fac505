// Who answers at the gateway's address: Alipay, or a proxy, a login page of some network, another server.
import { openEnvelope } from '../gateway/envelope.ts'
import type { Exchanged } from '../gateway/exchange.ts'
import { describeForeign } from '../gateway/foreign-answer.ts'
import type { Both } from '../language.ts'
import { type Finding, failed, type Item, ok, translated } from './finding.ts'

/** The method that is asked for, without a signature. */
const HELLO = 'alipay.trade.query'

export function judgeHello(hello: Exchanged, address: URL, proxy: URL | undefined): Finding {
  if (hello.kind !== 'answered') return failed(explainSilence(hello.why, address, proxy))
  const { status, bytes } = hello
  const { host } = address
  if (!openEnvelope(bytes, HELLO)) {
    return failed(explainForeign(describeForeign(hello), address))
  }
  if (status !== 200) {
    const found: Both = {
      en: `${host} answers HTTP ${status}; Alipay's gateway answers 200 even to what it refuses.`,
      zh: `${host} 返回 HTTP ${status}；支付宝网关即使拒绝请求也返回 200。`,
    }
    return failed({ found, fix: isWrongPath(address) ? correctEmulator(address) : CORRECT_GATEWAY })
  }
  const isSecured = address.protocol === 'https:'
  return ok({
    en: `${host} answers as a gateway of Alipay does${isSecured ? ', and its TLS certificate was verified' : ''}.`,
    zh: `${host} 的响应符合支付宝网关的形式${isSecured ? '，TLS 证书已验证' : ''}。`,
  })
}

/** Only on this computer a gateway may be reached without TLS. */
const isWrongPath = ({ protocol, pathname }: URL) => protocol === 'http:' && pathname !== '/gateway.do'

/** @param words as describeForeign has them; Alipay's addresses and strange networks are no matter on this computer */
export function explainForeign(words: string, address: URL): Item {
  const short = isWrongPath(address) ? words.replace(/: either [\s\S]*$/, '') : words
  const what = translated(short)
  const fix = isWrongPath(address) ? correctEmulator(address) : CORRECT_GATEWAY
  return { found: { en: `${what.en}.`, zh: `${what.zh}。` }, fix }
}

function correctEmulator({ origin }: URL): Both {
  const whole = `${origin}/gateway.do`
  return {
    en: `the emulator's address ends in /gateway.do: set ALIPAY_GATEWAY=${whole}, and see that the emulator is what runs there.`,
    zh: `模拟器的地址以 /gateway.do 结尾：请设 ALIPAY_GATEWAY=${whole}，并确认在那里运行的是模拟器。`,
  }
}

const CORRECT_GATEWAY: Both = {
  en: 'log in to the network in a browser, and give the final address up to gateway.do in ALIPAY_GATEWAY, or remove it.',
  zh: '先在浏览器里完成网络登录（认证页面）；再核对 ALIPAY_GATEWAY 是否为网关的最终地址（以 gateway.do 结尾），或删掉它。',
}

function explainSilence(why: string, address: URL, proxy: URL | undefined): Item {
  if (/proxy refused/.test(why)) return explainProxyRefusal(why, address)
  if (/CERT|SIGNATURE|ISSUER|TLS certificate/.test(why)) return explainCertificate(why, address)
  const reason = translated(why)
  if (proxy?.protocol === 'https:') {
    return {
      found: {
        en: `Nothing came back through the proxy ${proxy.host}, which is spoken to by TLS: ${reason.en}.`,
        zh: `经代理 ${proxy.host}（用 TLS 连接）没有收到响应：${reason.zh}。`,
      },
      fix: {
        en: 'most proxies are spoken to by plain http: write HTTPS_PROXY as http://host:port.',
        zh: '多数代理用明文 http 连接：把 HTTPS_PROXY 写成 http://主机:端口。',
      },
    }
  }
  return {
    found: { en: `${address.host} gave no answer: ${reason.en}.`, zh: `${address.host} 没有响应：${reason.zh}。` },
    fix: {
      en: 'run doctor again; if it stays so, check firewall and proxy, and ALIPAY_TIMEOUT_MS on a slow network.',
      zh: '再运行一次 doctor；仍然如此时检查防火墙和代理，网络慢时调大 ALIPAY_TIMEOUT_MS。',
    },
  }
}

function explainProxyRefusal(why: string, { hostname }: URL): Item {
  const reason = translated(why)
  const found: Both = { en: `Nothing was sent: ${reason.en}.`, zh: `没有发出请求：${reason.zh}。` }
  if (why.includes('HTTP 407')) {
    return {
      found,
      fix: {
        en: 'give the user name and password of the proxy: HTTPS_PROXY=http://user:password@host:port.',
        zh: '代理需要登录：HTTPS_PROXY=http://用户名:密码@主机:端口。',
      },
    }
  }
  return {
    found,
    fix: {
      en: `have ${hostname} allowed at the proxy, name another one in HTTPS_PROXY, or set NO_PROXY=${hostname} to go without.`,
      zh: `请网络管理员在代理上放行 ${hostname}，或在 HTTPS_PROXY 换一个代理，或设 NO_PROXY=${hostname} 直连。`,
    },
  }
}

function explainCertificate(why: string, { host }: URL): Item {
  const reason = translated(why)
  return {
    found: {
      en: `The TLS certificate of ${host} is not to be trusted, and nothing was sent: ${reason.en}.`,
      zh: `${host} 的 TLS 证书不可信，没有发出请求：${reason.zh}。`,
    },
    fix: {
      en: 'where a company inspects TLS, give its root certificate in NODE_EXTRA_CA_CERTS=/path/to/ca.pem; otherwise correct ALIPAY_GATEWAY.',
      zh: '公司网络检查 TLS 时，用 NODE_EXTRA_CA_CERTS=/路径/ca.pem 给出公司根证书；否则核对 ALIPAY_GATEWAY。不要关闭证书校验。',
    },
  }
}
