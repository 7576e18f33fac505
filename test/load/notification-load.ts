// Notifications by the thousand at the built front, which is killed again and again: what becomes of each of them.
import { setTimeout } from 'node:timers/promises'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { elsewhere } from '../e2e/hosts.ts'
import { app } from '../keys-for-tests.ts'
import { PAID, signedBody } from '../notifications/notification-bodies.ts'
import { GATEWAY, KilledFront, MERCHANT } from './killed-front.ts'

export interface NotificationLoad {
  /** Bodies sent, duplicates and forged ones included. */
  count: number
  atOnce: number
  kills: number
}

export interface NotificationOutcome {
  orders: number
  genuine: number
  forged: number
  sends: number
  kills: number
  /** What broke a promise, in words; none is expected. */
  violations: readonly string[]
  seconds: number
}

interface Body {
  text: string
  isGenuine: boolean
}

const FORGERIES: readonly ((fields: Readonly<Record<string, string>>) => string)[] = [
  (fields) => signedBody(fields, { key: app.privateKey }),
  (fields) => signedBody(fields).replace('total_amount=10.00', 'total_amount=1.00'),
  (fields) => signedBody({ ...fields, sign_type: 'RSA' }, { digest: 'sha1' }),
  (fields) => `${signedBody(fields)}&trade_status=TRADE_SUCCESS`,
  (fields) => signedBody(fields).replace(/&sign=.*/, ''),
]

/** Of every four orders one is paid, one is refunded in part, one in full, and of one there are forgeries only. */
function eventsOf(n: number): { genuine: readonly string[]; forged: readonly string[] } {
  const fields = {
    ...PAID,
    out_trade_no: `N${n}`,
    trade_no: `T${n}`,
    notify_id: `${n}-paid`,
    total_amount: '10.00',
    gmt_payment: '2026-11-20 10:00:04',
  }
  const part = { ...fields, notify_id: `${n}-part`, refund_fee: '3.00', out_biz_no: 'R1' }
  const full = {
    ...fields,
    notify_id: `${n}-full`,
    trade_status: 'TRADE_CLOSED',
    refund_fee: '10.00',
    out_biz_no: 'R2',
  }
  const all = [[fields], [fields, part], [fields, part, full], []][n % 4] ?? []
  const forge = FORGERIES[n % FORGERIES.length]
  return { genuine: all.map((one) => signedBody(one)), forged: forge ? [forge(fields), forge(full)] : [] }
}

const EXPECTED = [
  { trade_status: 'TRADE_SUCCESS', refunded_fen: 0 },
  { trade_status: 'TRADE_SUCCESS', refunded_fen: 300 },
  { trade_status: 'TRADE_CLOSED', refunded_fen: 1_000 },
  { trade_status: undefined, refunded_fen: 0 },
] as const

export async function loadNotifications({ count, atOnce, kills }: NotificationLoad): Promise<NotificationOutcome> {
  const begun = performance.now()
  const folder = elsewhere()
  const partition = { environment: 'local', gateway: GATEWAY, merchant: MERCHANT } as const
  const ledger = await openLedger({ folder, partition })
  const bodies = await prepare(ledger, count)
  const front = new KilledFront(folder)
  await front.start()
  const sender = new Sender(front, bodies)
  const killing = front.killAgain(kills, () => sender.share)
  await sender.run(atOnce)
  await killing
  await front.stop()
  const violations = [...sender.violations, ...(await wrongIn(ledger, bodies.orders))]
  ledger.close()
  const forged = bodies.all.filter(({ isGenuine }) => !isGenuine).length
  const seconds = Math.round((performance.now() - begun) / 1000)
  const { sends } = sender
  return {
    orders: bodies.orders,
    genuine: bodies.all.length - forged,
    forged,
    sends,
    kills: front.kills,
    violations,
    seconds,
  }
}

interface Prepared {
  orders: number
  all: readonly Body[]
}

async function prepare(ledger: Ledger, count: number): Promise<Prepared> {
  const all: Body[] = []
  let orders = 0
  while (all.length < count) {
    const { genuine, forged } = eventsOf(orders)
    const out_trade_no = `N${orders++}`
    const made = { out_trade_no, total_amount: '10.00', subject: 'Tea', channel: 'page' } as const
    const links = { time_expire: '2026-12-31 00:00:00', pay_url: 'x' }
    await ledger.reserveOrder({ ...made, ...links }, {}, { at: Date.now(), owner: 'test', host: 'test' })
    all.push(
      ...genuine.map((text) => ({ text, isGenuine: true })),
      ...forged.map((text) => ({ text, isGenuine: false })),
    )
    // Every third comes once more, by itself.
    if (orders % 3 === 0) all.push(...genuine.map((text) => ({ text, isGenuine: true })))
  }
  return { orders, all: shuffled(all) }
}

/** The same at each run. */
function shuffled<T>(list: readonly T[]): T[] {
  let seed = 1
  const next = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed
  }
  return list
    .map((one) => ({ one, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one)
}

/** As Alipay: again until it hears success; a forger tries a few times, and hears it never. */
class Sender {
  sends = 0
  readonly violations: string[] = []
  #next = 0

  constructor(
    readonly front: KilledFront,
    readonly bodies: Prepared,
  ) {}

  get share(): number {
    return this.#next / this.bodies.all.length
  }

  async run(atOnce: number): Promise<void> {
    await Promise.all(Array.from({ length: atOnce }, () => this.#work()))
  }

  async #work(): Promise<void> {
    for (let body = this.bodies.all[this.#next++]; body; body = this.bodies.all[this.#next++]) await this.#deliver(body)
  }

  async #deliver({ text, isGenuine }: Body): Promise<void> {
    for (let tries = 0; tries < 2_000; tries++) {
      this.sends++
      const answer = await post(this.front.address, text)
      if (answer === 'success' && !isGenuine) this.violations.push(`success for a forged one: ${text.slice(0, 80)}`)
      if (answer === 'success' || (answer !== undefined && !isGenuine)) return
      await setTimeout(20)
    }
    this.violations.push(`never taken: ${text.slice(0, 80)}`)
  }
}

async function post(address: string, body: string): Promise<string | undefined> {
  try {
    const answer = await fetch(address, { method: 'POST', body })
    const text = await answer.text()
    return answer.status === 200 ? text : `HTTP ${answer.status}`
  } catch {
    return undefined
  }
}

/** Each genuine event applied once, no forged one, and everything that was answered success is there. */
async function wrongIn(ledger: Ledger, orders: number): Promise<string[]> {
  const wrong: string[] = []
  for (let n = 0; n < orders; n++) {
    const out_trade_no = `N${n}`
    const { trade_status, refunded_fen } = (await ledger.order({ out_trade_no })) ?? {}
    const expected = EXPECTED[n % 4]
    if (trade_status !== expected?.trade_status || refunded_fen !== expected?.refunded_fen)
      wrong.push(`${out_trade_no} is ${trade_status}, ${refunded_fen} refunded`)
    const events = (await ledger.events({ out_trade_no })).filter(({ what }) =>
      /^order is |refunded in all$/.test(what),
    )
    const whats = events.map(({ what }) => what)
    if (new Set(whats).size !== whats.length) wrong.push(`${out_trade_no} twice: ${whats.join(', ')}`)
  }
  return wrong
}
