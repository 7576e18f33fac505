// Asks Alipay about an order that cannot exist: the one verified refusal that proves app, keys and permission right.
import { createPublicKey } from 'node:crypto'
import type { Outcome, Refusal, Trade } from '../gateway/gateway.ts'
import { adviceFor } from '../gateway/refusals/refusals.ts'
import type { Both } from '../language.ts'
import type { Check, Ready } from './context.ts'
import { type Finding, failed, type Item, ok, translated, warning } from './finding.ts'
import { explainForeign } from './gateway-answer.ts'
import { AGAIN, describeRefusal, forThePerson, redactText } from './refusal-finding.ts'

// Made by nobody: our own numbers begin with a date.
const NO_SUCH_ORDER = 'ALIPAY_MCP_DOCTOR'

export const SIGNATURE_CHECK: Check<Ready> = {
  title: { en: 'App and signatures', zh: '应用与签名' },
  async run(ready) {
    const { gateway } = await ready.connect()
    return judgeQuery(await gateway.query({ out_trade_no: NO_SUCH_ORDER }, { within: ready.within }), ready)
  },
}

function judgeQuery(outcome: Outcome<Trade>, ready: Ready): Finding {
  if (outcome.outcome === 'unknown') return failed(explainDistrust(redactText(outcome.why, ready), ready))
  const refusal = outcome.outcome === 'refused' ? outcome.refusal : undefined
  if (!refusal || (refusal.verified && refusal.sub_code === 'ACQ.TRADE_NOT_EXIST')) {
    return ok({
      en: "Alipay accepts this app and its signature, and Alipay's own signature verifies.",
      zh: '支付宝接受这个应用及其签名，支付宝的签名也验证通过。',
    })
  }
  const app = ready.config.credentials?.app_id ?? ''
  const item = describeRefusal({ en: `the query of app ${app}`, zh: `应用 ${app} 的查询` }, refusal, ready)
  // The limit came after app and signature were accepted.
  if (refusal.code === '40005') return warning(item)
  return failed(addKeyHint(item, refusal, ready))
}

function explainDistrust(why: string, { config, address }: Ready): Item {
  if (why.includes("instead of Alipay's JSON")) return explainForeign(why, address)
  const reason = translated(why)
  const found: Both = { en: `No answer that can be trusted: ${reason.en}.`, zh: `没有可信的响应：${reason.zh}。` }
  if (why.includes('another certificate')) {
    return {
      found,
      fix: {
        en: "download Alipay's certificate (支付宝公钥证书) again from 接口加签方式 of the app into ALIPAY_PUBLIC_CERT_FILE.",
        zh: '在控制台应用的「接口加签方式」重新下载支付宝公钥证书，换到 ALIPAY_PUBLIC_CERT_FILE。',
      },
    }
  }
  if (why.includes('names no certificate')) {
    return {
      found,
      fix: {
        en: "look at 接口加签方式 of the app: if it says 公钥, set ALIPAY_PUBLIC_KEY to Alipay's public key and remove the three ..._CERT_FILE; if it says 公钥证书, the app id is another app's.",
        zh: '查看应用的「接口加签方式」：若为「公钥」，请设置 ALIPAY_PUBLIC_KEY（支付宝公钥），并删掉三个 ..._CERT_FILE；若为「公钥证书」，说明 APPID 是另一个应用的。',
      },
    }
  }
  if (why.includes('does not fit ALIPAY_PUBLIC_KEY')) {
    if (config.environment === 'local') return { found, fix: OF_EMULATOR }
    return {
      found,
      fix: {
        en: `copy 支付宝公钥 (Alipay's public key, not 应用公钥) from 接口加签方式 of this very app in ${config.environment} into ALIPAY_PUBLIC_KEY; if it is that key already, a proxy on the way changes the answers.`,
        zh: '在这个应用、这个环境（沙箱/正式）的控制台「接口加签方式」里重新复制「支付宝公钥」（不是应用公钥）到 ALIPAY_PUBLIC_KEY；如果本来就是它，说明途中的代理改动了响应。',
      },
    }
  }
  const [, code, sub_code] = /^Alipay answered (\d+) (\S+)/.exec(why) ?? []
  return { found, fix: code === undefined ? AGAIN : forThePerson(adviceFor(sub_code, code).remedy) }
}

const OF_EMULATOR: Both = {
  en: 'copy ALIPAY_PUBLIC_KEY as the emulator printed it; if it is that key already, a proxy on the way changes the answers.',
  zh: '按模拟器输出的内容重新复制 ALIPAY_PUBLIC_KEY；如果本来就是它，说明途中的代理改动了响应。',
}

/** To compare with the console, which shows the public key whole. */
function addKeyHint(item: Item, { sub_code }: Refusal, { config }: Ready): Item {
  const { credentials } = config
  if (sub_code !== 'isv.invalid-signature' || !credentials || credentials.certificates) return item
  const half = createPublicKey(credentials.privateKey.reveal()).export({ type: 'spki', format: 'der' })
  const end = half.toString('base64').slice(-14)
  return {
    ...item,
    fix: {
      en: `${item.fix?.en} The 应用公钥 there must end in ...${end}, as the public half of this private key does.`,
      zh: `${item.fix?.zh}控制台里的应用公钥应以 …${end} 结尾，与这把私钥成对。`,
    },
  }
}
