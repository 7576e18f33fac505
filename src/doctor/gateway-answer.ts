// Who answers at the gateway's address: Alipay, or a proxy, a login page of some network, another server.
import { openEnvelope } from '../gateway/envelope.ts'
import type { Exchanged } from '../gateway/exchange.ts'
import { describeForeign } from '../gateway/foreign-answer.ts'
import { type Finding, failed, type Item, ok } from './finding.ts'

/** The method that is asked for, without a signature. */
const HELLO = 'alipay.trade.query'

export function judgeHello(hello: Exchanged, address: URL, proxy: URL | undefined): Finding {
  if (hello.kind !== 'answered') return failed(explainSilence(hello.why, address, proxy))
  const { status, bytes } = hello
  if (!openEnvelope(bytes, HELLO)) return failed({ found: `${describeForeign(hello)}.`, ...CORRECT_GATEWAY })
  if (status !== 200) {
    const found = `${address.host} answers HTTP ${status}; Alipay's gateway answers 200 even to what it refuses.`
    return failed({ found, ...CORRECT_GATEWAY })
  }
  const secured = address.protocol === 'https:' ? ', and its TLS certificate was verified' : ''
  return ok(`${address.host} answers as a gateway of Alipay does${secured}.`)
}

export const CORRECT_GATEWAY = {
  fix: 'log in to the network in a browser, and give the final address up to gateway.do in ALIPAY_GATEWAY, or remove it.',
  fix_zh:
    '先在浏览器里完成网络登录（认证页面）；再核对 ALIPAY_GATEWAY 是否为网关的最终地址（以 gateway.do 结尾），或删掉它。',
}

function explainSilence(why: string, address: URL, proxy: URL | undefined): Item {
  if (/proxy refused/.test(why)) return explainProxyRefusal(why, address)
  if (/CERT|SIGNATURE|ISSUER|TLS certificate/.test(why)) return explainCertificate(why, address)
  if (proxy?.protocol === 'https:') {
    return {
      found: `Nothing came back through the proxy ${proxy.host}, which is spoken to by TLS: ${why}.`,
      fix: 'most proxies are spoken to by plain http: write HTTPS_PROXY as http://host:port.',
      fix_zh: '多数代理用明文 http 连接：把 HTTPS_PROXY 写成 http://主机:端口。',
    }
  }
  return {
    found: `${address.host} gave no answer: ${why}.`,
    fix: 'run doctor again; if it stays so, check firewall and proxy, and ALIPAY_TIMEOUT_MS on a slow network.',
    fix_zh: '再运行一次 doctor；仍然如此时检查防火墙和代理，网络慢时调大 ALIPAY_TIMEOUT_MS。',
  }
}

function explainProxyRefusal(why: string, { hostname }: URL): Item {
  const found = `Nothing was sent: ${why}.`
  if (why.includes('HTTP 407')) {
    return {
      found,
      fix: 'give the user name and password of the proxy: HTTPS_PROXY=http://user:password@host:port.',
      fix_zh: '代理需要登录：HTTPS_PROXY=http://用户名:密码@主机:端口。',
    }
  }
  return {
    found,
    fix: `have ${hostname} allowed at the proxy, name another one in HTTPS_PROXY, or set NO_PROXY=${hostname} to go without.`,
    fix_zh: `请网络管理员在代理上放行 ${hostname}，或在 HTTPS_PROXY 换一个代理，或设 NO_PROXY=${hostname} 直连。`,
  }
}

function explainCertificate(why: string, { host }: URL): Item {
  return {
    found: `The TLS certificate of ${host} is not to be trusted, and nothing was sent: ${why}.`,
    fix: 'where a company inspects TLS, give its root certificate in NODE_EXTRA_CA_CERTS=/path/to/ca.pem; otherwise correct ALIPAY_GATEWAY.',
    fix_zh:
      '公司网络检查 TLS 时，用 NODE_EXTRA_CA_CERTS=/路径/ca.pem 给出公司根证书；否则核对 ALIPAY_GATEWAY。不要关闭证书校验。',
  }
}
