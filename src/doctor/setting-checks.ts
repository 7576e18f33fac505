// Checks on this computer alone: Node, where settings come from, keys that belong together, environment and gateway.
import { X509Certificate } from 'node:crypto'
import type { Problem } from '../errors.ts'
import type { Both } from '../language.ts'
import type { Credentials } from '../settings/credentials.ts'
import { GATEWAYS } from '../settings/environments.ts'
import { NAMES } from '../settings/variables.ts'
import { fixOf, NO_SECRET } from '../shop/item-fields.ts'
import { readItemsFile } from '../shop/items-file.ts'
import { inChinese } from './chinese/in-chinese.ts'
import type { Check, Context } from './context.ts'
import { describeProblem, type Finding, failed, type Item, ok, translated, warning } from './finding.ts'

const LEAST_NODE = 20
/** What we ask for: it brings the SQLite of the ledger. */
const WANTED_NODE = '22.13'

const describeOldNode = (hasLibsql: boolean): Both => ({
  en: `on this one the demo and local run, but a ledger on disk (sandbox, production) needs libsql beside it, which is ${hasLibsql ? 'there' : 'NOT there'}.`,
  zh: `当前版本可以运行演示和 local；磁盘上的账本（沙箱、正式环境）还需要 libsql，${hasLibsql ? '已安装' : '没有安装'}。`,
})

const node: Check<Context> = {
  title: { en: 'Node.js', zh: 'Node.js' },
  async run({ nodeVersion, hasLibsql }) {
    const [major = 0, minor = 0] = nodeVersion.split('.').map(Number)
    const version: Both = { en: `version ${nodeVersion}.`, zh: `版本 ${nodeVersion}。` }
    if (major > 22 || (major === 22 && minor >= 13)) return ok(version)
    if (major >= LEAST_NODE) {
      const { en, zh } = describeOldNode(await hasLibsql())
      return ok({
        en: `version ${nodeVersion}; ${WANTED_NODE} or newer is recommended: ${en}`,
        zh: `版本 ${nodeVersion}；建议 ${WANTED_NODE} 或更高：${zh}`,
      })
    }
    return failed({
      found: { en: `version ${nodeVersion} is too old.`, zh: `版本 ${nodeVersion} 太旧。` },
      fix: {
        en: `install Node.js ${WANTED_NODE} or newer from nodejs.org, and see that the host starts that one.`,
        zh: `从 nodejs.org 安装 Node.js ${WANTED_NODE} 或更高版本，并确认宿主程序启动的是它。`,
      },
    })
  },
}

type Group = 'settings' | 'keys' | 'environment'

/** Each problem of the configuration belongs to one of three checks; files as such belong to the settings. */
function selectProblems({ settings, read }: Context, group: Group): Item[] {
  if ('config' in read) return []
  return read.problems.flatMap((problem) => {
    const name = findVariable(problem, settings.origins)
    const its = settings.problems.includes(problem) ? 'settings' : chooseGroup(name)
    return its === group ? [describeProblem(problem)] : []
  })
}

/** The variable behind the name under which somebody set it. */
function findVariable({ variable }: Problem, origins: Context['settings']['origins']): string {
  return [...origins].find(([, { label }]) => label === variable)?.[0] ?? variable
}

function chooseGroup(name: string): Group {
  if (/^ALIPAY_(PRIVATE_KEY|PUBLIC_KEY|\w+_CERT_FILE)/.test(name)) return 'keys'
  return name === 'ALIPAY_ENV' || name === 'ALIPAY_GATEWAY' ? 'environment' : 'settings'
}

const settings: Check<Context> = {
  title: { en: 'Settings', zh: '配置' },
  run(context) {
    const problems = selectProblems(context, 'settings')
    const notices = context.read.notices.map(describeProblem)
    const items = [...problems, ...notices, ...findIdleProxies(context)]
    if (problems.length > 0) return failed(...items)
    return items.length > 0 ? warning(...items) : ok(listSources(context))
  },
}

const FROM: Readonly<Record<string, string>> = {
  'the environment': '环境变量',
  'the command line': '命令行',
  'settings file': '配置文件',
}

/** A file of JSON once, whichever of its own words its keys are. */
const sourceText = (text = 'the environment') => text.replace(/^((?:settings file|--config) .*) \([a-z_]+\)$/, '$1')

/** `the environment: ALIPAY_APP_ID, ALIPAY_ENV; --config /etc/shop.json: ...` */
function listSources({ settings: { variables, origins } }: Context): Both {
  const bySource = new Map<string, string[]>()
  for (const name of NAMES) {
    if (variables[name] === undefined) continue
    const text = sourceText(origins.get(name)?.text)
    bySource.set(text, [...(bySource.get(text) ?? []), name])
  }
  if (bySource.size === 0) return { en: 'none is set; the defaults apply.', zh: '没有设置，全部使用默认值。' }
  const inZh = (text: string) =>
    text.replace(/^(the environment|the command line|settings file)/, (en) => FROM[en] ?? en)
  const sources = [...bySource]
  return {
    en: `from ${sources.map(([text, names]) => `${text}: ${names.join(', ')}`).join('; ')}.`,
    zh: `${sources.map(([text, names]) => `${inZh(text)}：${names.join('、')}`).join('；')}。`,
  }
}

/** The libraries for proxies read the environment of the process itself. */
function findIdleProxies({ settings: { origins } }: Context): Item[] {
  const idle = [...origins].filter(
    ([name, { text }]) => /^(https?|all|no)_proxy$/i.test(name) && !text.startsWith('the environment'),
  )
  return idle.map(([name, { text }]) => ({
    found: { en: `${name} has no effect in ${text}.`, zh: `${name} 写在 ${text} 里不起作用。` },
    fix: {
      en: `set ${name} in the environment, where the host's settings name it under "env".`,
      zh: `请在环境变量（宿主程序配置里的 "env"）中设置 ${name}。`,
    },
  }))
}

const keys: Check<Context> = {
  title: { en: 'Keys', zh: '密钥' },
  run(context) {
    const problems = selectProblems(context, 'keys')
    if (problems.length > 0) return failed(...problems)
    if (!('config' in context.read)) return ok(hasKeys(context) ? NO_FAULT : NO_KEYS_YET)
    const { credentials } = context.read.config
    return ok(credentials ? describeKeys(credentials) : NO_KEYS)
  },
}

const hasKeys = ({ settings: { variables } }: Context) =>
  NAMES.some((name) => chooseGroup(name) === 'keys' && variables[name] !== undefined)

const NO_FAULT: Both = { en: 'no fault was found in their forms.', zh: '格式没有发现问题。' }
const NO_KEYS_YET: Both = { en: 'none is set yet, so there is none to check.', zh: '还没有设置密钥，没有可检查的。' }
const NO_KEYS: Both = {
  en: 'none are needed: the built-in emulator makes its own.',
  zh: '不需要：内置模拟器使用自己的密钥。',
}

function describeKeys({ privateKey, alipayPublicKey, certificates }: Credentials): Both {
  const bits = (key: typeof privateKey) => key.reveal().asymmetricKeyDetails?.modulusLength
  const [own, alipays] = [bits(privateKey), bits(alipayPublicKey)]
  const both: Both = {
    en: `the private key has ${own} bits, Alipay's public key ${alipays}`,
    zh: `应用私钥 ${own} 位，支付宝公钥 ${alipays} 位`,
  }
  if (!certificates) {
    return {
      en: `${both.en}; they do not belong together, which is right: one is the application's, the other is Alipay's.`,
      zh: `${both.zh}；两者不成对，这是对的：一把是应用的，另一把是支付宝的。`,
    }
  }
  const until = new Date(new X509Certificate(certificates.app).validTo).toISOString().slice(0, 10)
  return {
    en: `${both.en}; certificate mode: the application's certificate fits the private key and ends on ${until}.`,
    zh: `${both.zh}；公钥证书模式：应用公钥证书与私钥成对，${until} 到期。`,
  }
}

const environment: Check<Context> = {
  title: { en: 'Environment and gateway', zh: '环境与网关' },
  async run(context) {
    const problems = selectProblems(context, 'environment')
    if (problems.length > 0) return failed(...problems)
    if (!('config' in context.read)) return ok({ en: 'they do not contradict each other.', zh: '两者没有矛盾。' })
    const { environment: name, gateway } = context.read.config
    if (gateway === undefined) {
      const { address } = await context.connect()
      return ok({
        en: `${name}: the built-in emulator was started at ${address}; no real money moves.`,
        zh: `${name}：内置模拟器已启动，地址 ${address}；不涉及真实资金。`,
      })
    }
    if (name === 'production' && gateway !== GATEWAYS.production) return warnOfGateway(gateway)
    const isReal = name === 'production'
    return ok({
      en: `${name}: ${gateway}; ${isReal ? 'REAL money moves.' : 'no real money moves.'}`,
      zh: `${name}：${gateway}；${isReal ? '涉及真实资金！' : '不涉及真实资金。'}`,
    })
  },
}

function warnOfGateway(gateway: string): Finding {
  return warning({
    found: {
      en: `production: ${gateway} is not Alipay's own address, and counts as real money.`,
      zh: `production：${gateway} 不是支付宝的地址，按真实资金处理。`,
    },
    fix: {
      en: 'remove ALIPAY_GATEWAY, unless this address is meant.',
      zh: '除非确实要用这个地址，否则删掉 ALIPAY_GATEWAY。',
    },
  })
}

export const SETTING_CHECKS = [node, settings, keys, environment] as const

/** None where no items file is set. */
export function itemsChecks({ read }: Context): readonly Check<Context>[] {
  const shop = 'config' in read ? read.config.shop : undefined
  const path = shop?.itemsFile
  if (path === undefined) return []
  return [
    {
      title: { en: 'Items', zh: '商品' },
      run() {
        const found = readItemsFile(path, shop?.deliverySecret !== undefined)
        if ('faults' in found) {
          return failed(...found.faults.map(describeItemsFault))
        }
        const codes = found.codes.reduce((count, one) => count + one.codes.length, 0)
        const [items, plans, hash] = [found.items.length, found.plans.length, found.hash.slice(0, 12)]
        const planned = { en: plans === 1 ? ', 1 plan' : `, ${plans} plans`, zh: `、${plans} 个订阅方案` }
        const { en, zh } = plans > 0 ? planned : { en: '', zh: '' }
        return ok({
          en: `${items} ${items === 1 ? 'item' : 'items'}${en}, ${codes} codes in the files, version ${hash}.`,
          zh: `${items} 个商品${zh}，文件中共 ${codes} 个卡密，版本 ${hash}。`,
        })
      },
    },
  ]
}

function describeItemsFault(fault: string): Item {
  const zh = fault.includes(NO_SECRET) ? inChinese(fault) : `商品文件有误：${fault}`
  return { found: { en: fault, zh }, fix: translated(fixOf(fault)) }
}
