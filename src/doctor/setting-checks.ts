// Checks on this computer alone: Node, where settings come from, keys that belong together, environment and gateway.
import { X509Certificate } from 'node:crypto'
import type { Problem } from '../errors.ts'
import type { Credentials } from '../settings/credentials.ts'
import { GATEWAYS } from '../settings/environments.ts'
import { NAMES } from '../settings/variables.ts'
import type { Check, Context } from './context.ts'
import { describeProblem, type Finding, failed, type Item, ok, warning } from './finding.ts'

const LEAST_NODE = 20
/** What we ask for: it brings the SQLite of the ledger. */
const WANTED_NODE = '22.13'

const OLD_NODE =
  `Node.js ${WANTED_NODE} or newer is recommended: on this one the demo and local run, and a ledger on disk needs libsql ` +
  `beside it. 建议使用 Node.js ${WANTED_NODE} 或更高版本：当前版本可运行演示和 local，磁盘上的账本还需要 libsql。`

const node: Check<Context> = {
  title: 'Node.js',
  run({ nodeVersion }) {
    const [major = 0, minor = 0] = nodeVersion.split('.').map(Number)
    if (major > 22 || (major === 22 && minor >= 13)) return ok(`version ${nodeVersion}.`)
    if (major >= LEAST_NODE) return ok(`version ${nodeVersion}.`, OLD_NODE)
    return failed({
      found: `version ${nodeVersion} is too old.`,
      fix: `install Node.js ${WANTED_NODE} or newer from nodejs.org, and see that the host starts that one.`,
      fix_zh: `从 nodejs.org 安装 Node.js ${WANTED_NODE} 或更新的版本，并确认宿主程序启动的是它。`,
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
    return its === group ? [describeProblem(problem, name)] : []
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
  title: 'Settings 设置',
  run(context) {
    const { origins } = context.settings
    const problems = selectProblems(context, 'settings')
    const notices = context.read.notices.map((notice) => describeProblem(notice, findVariable(notice, origins)))
    const items = [...problems, ...notices, ...findIdleProxies(context), { found: listSources(context) }]
    if (problems.length > 0) return failed(...items)
    return items.length > 1 ? warning(...items) : ok(listSources(context))
  },
}

/** `the environment: ALIPAY_APP_ID, ALIPAY_ENV; --config /etc/shop.json: ...` */
function listSources({ settings: { variables, origins } }: Context): string {
  const bySource = new Map<string, string[]>()
  for (const name of NAMES) {
    if (variables[name] === undefined) continue
    const text = origins.get(name)?.text ?? 'the environment'
    bySource.set(text, [...(bySource.get(text) ?? []), name])
  }
  const sources = [...bySource].map(([text, names]) => `${text}: ${names.join(', ')}`)
  return sources.length > 0 ? `From ${sources.join('; ')}.` : 'None is set: everything is as by default.'
}

/** The libraries for proxies read the environment of the process itself. */
function findIdleProxies({ settings: { origins } }: Context): Item[] {
  const idle = [...origins].filter(
    ([name, { text }]) => /^(https?|all|no)_proxy$/i.test(name) && !text.startsWith('the environment'),
  )
  return idle.map(([name, { text }]) => ({
    found: `${name} has no effect in ${text}.`,
    fix: `set ${name} in the environment, where the host's settings name it under "env".`,
    fix_zh: `请在环境变量（宿主程序设置里的 "env"）中设置 ${name}。`,
  }))
}

const keys: Check<Context> = {
  title: 'Keys 密钥',
  run(context) {
    const problems = selectProblems(context, 'keys')
    if (problems.length > 0) return failed(...problems)
    if (!('config' in context.read)) return ok('no fault was found in their forms.')
    const { credentials } = context.read.config
    return credentials ? ok(describeKeys(credentials)) : ok('none are needed: the built-in emulator makes its own.')
  },
}

function describeKeys({ privateKey, alipayPublicKey, certificates }: Credentials): string {
  const bits = (key: typeof privateKey) => key.reveal().asymmetricKeyDetails?.modulusLength
  const both = `The private key has ${bits(privateKey)} bits, Alipay's public key ${bits(alipayPublicKey)}`
  if (!certificates) return `${both}; they are not the two halves of one pair, as it must be.`
  const until = new Date(new X509Certificate(certificates.app).validTo).toISOString().slice(0, 10)
  return `${both}; certificate mode: the application's certificate fits the private key and ends on ${until}.`
}

const environment: Check<Context> = {
  title: 'Environment and gateway 环境与网关',
  async run(context) {
    const problems = selectProblems(context, 'environment')
    if (problems.length > 0) return failed(...problems)
    if (!('config' in context.read)) return ok('they do not contradict each other.')
    const { environment: name, gateway } = context.read.config
    if (gateway === undefined) {
      const { address } = await context.connect()
      return ok(`${name}: the built-in emulator was started at ${address}; no real money moves.`)
    }
    return name === 'production' && gateway !== GATEWAYS.production
      ? warnOfGateway(gateway)
      : ok(`${name}: ${gateway}; ${name === 'production' ? 'REAL money moves.' : 'no real money moves.'}`)
  },
}

function warnOfGateway(gateway: string): Finding {
  return warning({
    found: `production: ${gateway} is not Alipay's own address, and counts as real money.`,
    fix: 'remove ALIPAY_GATEWAY, unless this address is meant.',
    fix_zh: '除非确实要用这个地址，否则删掉 ALIPAY_GATEWAY。',
  })
}

export const SETTING_CHECKS = [node, settings, keys, environment] as const
