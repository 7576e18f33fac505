// Looks whether the address that Alipay is to notify answers, and whether it is ours that does.
import { lookAt } from '../checkout/front-proof.ts'
import type { Both } from '../language.ts'
import { MARK_PARAMETER, MARK_PATHS, POSTS_HERE } from '../ledger/ledger-mark.ts'
import { ownCall } from '../pasteable-call.ts'
import { shortLine } from '../text.ts'
import type { Check, Ready } from './context.ts'
import { type Finding, type Item, ok, warning } from './finding.ts'

export const NOTIFY_CHECK: Check<Ready> = {
  title: { en: 'Notifications', zh: '异步通知' },
  async run({ config: { notify_url, publicUrl, gateway, subscriptions }, within, mark }) {
    if (gateway === undefined) return ok(BUILT_IN)
    const found =
      notify_url === undefined
        ? ok(publicUrl === undefined ? NONE : HERE)
        : await lookAtFront(new URL(notify_url), within, mark)
    if (!subscriptions || publicUrl === undefined) return found
    return { ...found, items: [...found.items, { found: toGatewayAddress(`${publicUrl}/notify`) }] }
  },
}

/** Nobody can see from here whether it is entered there. */
const toGatewayAddress = (at: string): Both => ({
  en: `of subscriptions Alipay tells the app's gateway address 应用网关 only: enter ${at} there, in the console; else an end inside Alipay is heard within a day.`,
  zh: `订阅的签约和解约只通知到应用网关：请在控制台把应用网关填成 ${at}；不填则用户在支付宝里的解约最迟一天后才知道。`,
})

/** Where the pages of orders are, whoever gets the notifications. */
export const PAGE_CHECK: Check<Ready> = {
  title: { en: 'Payment page', zh: '付款页' },
  async run({ config: { publicUrl, gateway, environment, payee, subscriptions }, within, mark, ledger }) {
    if (gateway === undefined) return ok(BUILT_IN_PAGES)
    if (publicUrl === undefined) return ok(NO_PAGES)
    const found = await lookAtFront(new URL(`${publicUrl}${MARK_PATHS.orders}`), within, mark)
    if (found.status !== 'ok') return found
    const { watched = true } = await ledger().catch((): { watched?: boolean } => ({}))
    const isNameless = environment === 'production' && payee === undefined
    const unreachedBelow = subscriptions && (await withoutSubscriptions(publicUrl, within))
    const problems = [watched ? undefined : UNWATCHED, isNameless ? NAMELESS : undefined, unreachedBelow]
    const items = problems.filter((item) => item !== undefined)
    return items.length > 0 ? warning(...items) : found
  },
}

/** A web server that was set up before may pass on pages of orders alone. */
async function withoutSubscriptions(publicUrl: string, within: number): Promise<Item | undefined> {
  const answer = await lookAt(new URL(`${publicUrl}${MARK_PATHS.subscriptions}`), within)
  return 'text' in answer && answer.text.startsWith(POSTS_HERE) ? undefined : NO_SUBSCRIPTIONS
}

const NO_SUBSCRIPTIONS: Item = {
  found: {
    en: 'pages of subscriptions, below /s/, do not reach "listen": nobody can sign or cancel there.',
    zh: '/s/ 下的订阅页没有转发到 listen：用户无法在那里签约或取消。',
  },
  fix: {
    en: `let the web server pass on what is below /s/ to "${ownCall('listen')}", as it does with /p/, and restart an older "listen".`,
    zh: `请让 Web 服务器像 /p/ 一样把 /s/ 下的请求转发给 ${ownCall('listen')}；listen 版本较旧时请重启。`,
  },
}

async function lookAtFront(url: URL, within: number, mark: Ready['mark']): Promise<Finding> {
  const at = shortLine(`${url.origin}${url.pathname}`, 100)
  const written = await mark().catch(() => 'unusable' as const)
  if (typeof written === 'object') url.searchParams.set(MARK_PARAMETER, written.name)
  const answer = await lookAt(url, within)
  if ('failed' in answer) return warning(unreached(at, answer.failed))
  if (answer.status === 405 && answer.text.startsWith(POSTS_HERE)) {
    if (written === 'unusable') return ok({ en: `"listen" answers at ${at}.`, zh: `listen 在 ${at} 正常响应。` })
    const isSame = written !== undefined && answer.text.trim() === `${POSTS_HERE} ${written.value}`
    return isSame ? ok(sameLedger(at)) : warning(otherLedger(at))
  }
  const isBroken = answer.status >= 500 || (answer.status >= 300 && answer.status < 400)
  if (isBroken) return warning(broken(at, answer.status))
  return ok({
    en: `${at} answers (HTTP ${answer.status}); whether it takes notifications only a payment shows.`,
    zh: `${at} 有响应（HTTP ${answer.status}）；能否收到通知，付一笔款才知道。`,
  })
}

const BUILT_IN: Both = {
  en: 'with the built-in emulator the server takes them itself.',
  zh: '使用内置模拟器时，由服务器自己接收。',
}

const BUILT_IN_PAGES: Both = {
  en: 'with the built-in emulator the server serves them itself, on this computer.',
  zh: '使用内置模拟器时，由服务器自己在本机提供。',
}

const UNWATCHED: Item = {
  found: {
    en: 'no watcher is at work: nobody asks Alipay about unpaid orders, nor before a buyer changes from one cashier to the other.',
    zh: '没有 watcher 在工作：没有人向支付宝查询待付款的订单，买家换一个收银台之前也没有人查询。',
  },
  fix: {
    en: `run "${ownCall('listen')}", or "${ownCall('listen', '--watcher')}" beside a front of its own.`,
    zh: `请运行 ${ownCall('listen')}，或在单独的前端之外运行 ${ownCall('listen', '--watcher')}。`,
  },
}

const NAMELESS: Item = {
  found: {
    en: 'pages do not say who is paid (ALIPAY_PAYEE is not set).',
    zh: '付款页没有写明收款方（ALIPAY_PAYEE 未设置）。',
  },
  fix: { en: 'set ALIPAY_PAYEE for "listen".', zh: '请给 listen 配置 ALIPAY_PAYEE。' },
}

const NO_PAGES: Both = {
  en: "none: orders have Alipay's own links (ALIPAY_PUBLIC_URL is not set).",
  zh: '没有配置：订单用支付宝自己的链接（ALIPAY_PUBLIC_URL 未设置）。',
}

const HERE: Both = {
  en: 'none: Alipay cannot reach ALIPAY_PUBLIC_URL, which is on this computer; the watcher of "listen" asks.',
  zh: '没有：ALIPAY_PUBLIC_URL 在本机，支付宝访问不到；由 listen 的 watcher 查询。',
}

const NONE: Both = {
  en: 'none: payments are seen when somebody asks (ALIPAY_PUBLIC_URL is not set).',
  zh: '没有配置（ALIPAY_PUBLIC_URL 未设置）：查询时才知道付款。',
}

const sameLedger = (at: string): Both => ({
  en: `"listen" answers at ${at} and writes to this ledger.`,
  zh: `listen 在 ${at} 正常响应，写入的就是这个账本。`,
})

const otherLedger = (at: string): Item => ({
  found: {
    en: `"listen" answers at ${at}, but with another ledger than this one: payments of the orders made here are not seen there.`,
    zh: `listen 在 ${at} 有响应，但用的是另一个账本：这里创建的订单付款后，它不会记到这个账本里。`,
  },
  fix: {
    en: 'give both the same ALIPAY_DATA_DIR, ALIPAY_ENV, ALIPAY_GATEWAY, ALIPAY_APP_ID and ALIPAY_SELLER_ID, on the same computer and as the same user, and restart them.',
    zh: '请让两者在同一台电脑上、由同一个用户运行，并使用相同的 ALIPAY_DATA_DIR、ALIPAY_ENV、ALIPAY_GATEWAY、ALIPAY_APP_ID 和 ALIPAY_SELLER_ID，然后都重启。',
  },
})

const unreached = (at: string, why: string): Item => ({
  found: { en: `${at} cannot be reached from here (${why}).`, zh: `从这里连不上 ${at}（${why}）。` },
  fix: {
    en: `start "${ownCall('listen')}" and the web server that leads to it; look at DNS, firewall and certificate. Some networks cannot reach their own public address: then try it from elsewhere.`,
    zh: `请启动 ${ownCall('listen')} 和指向它的 Web 服务器；检查 DNS、防火墙和证书。有的网络访问不了自己的公网地址，请换一处再试。`,
  },
})

const broken = (at: string, status: number): Item => ({
  found: {
    en: `${at} answers HTTP ${status}: Alipay follows no redirect and takes this for a failure.`,
    zh: `${at} 返回 HTTP ${status}：支付宝不跟随重定向，会当作失败。`,
  },
  fix: {
    en: `let the web server pass this address on to "${ownCall('listen')}".`,
    zh: `请让 Web 服务器把这个地址转发给 ${ownCall('listen')}。`,
  },
})
