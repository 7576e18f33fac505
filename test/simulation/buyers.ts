// The buyers: they come to the page of an order with any device, press, and pay by the links that they got, now or later.

import { ENDED } from '../../src/checkout/checkout-words.ts'
import { pagePathIn } from '../../src/checkout/short-link.ts'
import { isPress, type Visit } from '../../src/checkout/visitor.ts'
import type { LinkChannel } from '../../src/gateway/gateway.ts'
import type { KnownOrder } from './agent.ts'
import { AT, type FrontTrouble } from './front.ts'
import { goodsIn } from './items-on-sale.ts'
import type { Revealed, Visited } from './page-records.ts'
import { FOREIGN_TOKEN } from './stage.ts'
import type { World } from './world.ts'

/**
 * What somebody does at a page. `goods`: wants to see what was bought. `ahead`, `goods_ahead`: a browser fetches what may be
 * pressed next. `unknown`, `foreign`: another token.
 */
export type Way = LinkChannel | 'look' | 'goods' | 'state' | 'return' | Ahead | 'head' | 'unknown' | 'foreign'

type Ahead = 'ahead' | 'goods_ahead'

export type Device = keyof typeof AGENTS

const AGENTS = {
  computer: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0',
  phone: 'Mozilla/5.0 (Linux; Android 14) Mobile Safari/537.36',
  wechat: 'Mozilla/5.0 (Linux; Android 14) Mobile MicroMessenger/8.0.50',
  alipay: 'Mozilla/5.0 (iPhone) Mobile AlipayClient/10.6.0',
} as const

const UNKNOWN_TOKEN = '0'.repeat(22)
// The watcher has more to do than to ask for whoever is at a page.
const ASKING_LOOKS = 3

export class Buyers {
  constructor(readonly world: World) {}

  /** @returns the link that it led to */
  async visit(order: KnownOrder, way: Way, device: Device, trouble?: FrontTrouble): Promise<Revealed | undefined> {
    const token = way === 'unknown' ? UNKNOWN_TOKEN : way === 'foreign' ? FOREIGN_TOKEN : order.token
    const path = token === undefined ? undefined : pagePathIn(`/p/${token}${STEPS[way]}`)
    if (!path) return undefined
    const { stage, records, front } = this.world
    const visit = visitOf(way, device)
    const isStranger = way === 'unknown' || way === 'foreign'
    const visited: Visited = {
      life: await front.life(),
      out_trade_no: isStranger ? undefined : order.out_trade_no,
      step: path.step,
      way,
      isPress: isPress(visit) && (path.step === 'page' || path.step === 'mobile'),
      ...{ began: stage.time.moment(), ended: 0, at: stage.time.now() },
    }
    records.pages.visits.push(visited)
    const answer = await front.page(path, visit, trouble)
    if (answer === 'lost') return undefined
    visited.ended = stage.time.moment()
    visited.status = answer.status
    visited.location = answer.headers.location
    visited.saysOver = saysOver(path.step, answer.text)
    visited.shown = goodsIn(answer.text)
    visited.claim_code = CLAIM_CODE.exec(answer.text)?.[0]
    return this.#reveal(visited, way === 'mobile' ? 'mobile' : 'page')
  }

  /** Wants to see what was bought, once more after Alipay was asked if he insists, and looks at the page then. */
  async wantGoods(order: KnownOrder, device: Device, insists: boolean, trouble?: FrontTrouble): Promise<void> {
    await this.visit(order, 'goods', device, trouble)
    if (insists) {
      await this.world.watchers.look(0, ASKING_LOOKS)
      await this.visit(order, 'goods', device)
    }
    await this.visit(order, 'look', device)
  }

  /** Presses on the page, and pays at once. */
  async buy(order: KnownOrder, channel: LinkChannel, trouble?: FrontTrouble): Promise<void> {
    const revealed = await this.visit(order, channel, channel === 'page' ? 'computer' : 'phone', trouble)
    if (revealed) this.#pay('pay', order, { pay_url: revealed.link }, revealed)
  }

  /** With the newest link or code, or an old one; who has none yet presses first. */
  async pay(does: 'pay' | 'scan', order: KnownOrder, back: number): Promise<void> {
    if (this.#got(order).length === 0) await this.visit(order, back % 2 === 0 ? 'page' : 'mobile', 'computer')
    this.payNow(does, order, back)
  }

  /** The same by who has a link already. */
  payNow(does: 'pay' | 'scan', order: KnownOrder, back: number): void {
    const got = this.#got(order)
    const one = got.at(-1 - (back % Math.max(1, got.length)))
    if (one) this.#pay(does, order, 'link' in one ? { pay_url: one.link } : one, 'link' in one ? one : undefined)
  }

  #got({ out_trade_no, links }: KnownOrder) {
    return [...links, ...this.world.records.pages.revealed.filter((one) => one.out_trade_no === out_trade_no)]
  }

  #pay(does: 'pay' | 'scan', { out_trade_no }: KnownOrder, by: object, revealed: Revealed | undefined): void {
    const { stage, records } = this.world
    const isTaken = stage.alipay.control(does, by)
    if (does === 'pay' && isTaken) records.pages.payments.push({ out_trade_no, moment: stage.time.moment(), revealed })
  }

  #reveal({ out_trade_no, location, began, ended }: Visited, channel: LinkChannel): Revealed | undefined {
    if (out_trade_no === undefined || !isAlipayLink(location)) return undefined
    const { presses, revealed } = this.world.records.pages
    const pressed = presses.find((one) => one.link === location && one.began > began && one.ended < ended)
    const one = { out_trade_no, channel, link: location, moment: pressed?.began ?? ended }
    revealed.push(one)
    return one
  }
}

const STEPS: Readonly<Record<Way, string>> = {
  page: '/page',
  mobile: '/mobile',
  look: '',
  goods: '/goods',
  goods_ahead: '/goods',
  state: '/state',
  return: '/return',
  ahead: '/page',
  head: '/mobile',
  unknown: '/page',
  foreign: '/page',
}

function visitOf(way: Way, device: Device): Visit {
  const ahead = (way === 'ahead' || way === 'goods_ahead') && { 'sec-purpose': 'prefetch' }
  return {
    method: way === 'head' ? 'HEAD' : 'GET',
    headers: { 'user-agent': AGENTS[device], 'accept-language': 'en', ...ahead },
  }
}

/** Of the page itself, its heading; of its state, the first word. */
function saysOver(step: Visited['step'], text: string): boolean {
  if (step === 'state') return /^(closed|expired)\//.test(text)
  return OVER.some((heading) => text.includes(`<h1>${heading}</h1>`))
}

const CLAIM_CODE = /\b(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}\b/

const OVER = [ENDED.en.closed.heading, ENDED.en.expired.heading]

export function isAlipayLink(address: string | undefined): address is string {
  return address !== undefined && /\/gateway\.do\?/.test(address)
}

/** The token of a short link. */
export function tokenIn(pay_url: string): string | undefined {
  return pay_url.startsWith(AT) ? pagePathIn(pay_url)?.token : undefined
}
