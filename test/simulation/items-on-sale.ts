// What a shop of a story sells: the items file with its codes, in every version that it ever had, for servers and judges.
import { createHash } from 'node:crypto'
import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fenOf } from './agent.ts'
import type { PolicyName, Version } from './steps-shop.ts'
import type { VirtualTime } from './virtual-time.ts'

/** A text, codes, a hook, what the model hands out, and nothing at all. */
export const ITEMS = ['poem', 'key', 'seat', 'advice', 'tip'] as const
export const KEY = 1
export type ItemName = (typeof ITEMS)[number]

export const HOOK_ADDRESS = 'https://goods.example/hooks/4711'
export const CODES: readonly string[] = Array.from(
  { length: 12 },
  (_, at) => `KEY-${String(at + 1).padStart(3, '0')}-${(at * 7_919 + 104_729).toString(36).toUpperCase()}`,
)

const MOST_AT_ONCE: Readonly<Record<ItemName, number>> = { poem: 2, key: 2, seat: 2, advice: 1, tip: 1 }
const PRICES: Readonly<Record<Exclude<ItemName, 'tip'>, readonly [string, string]>> = {
  poem: ['19.90', '24.90'],
  key: ['30.00', '35.00'],
  seat: ['25.00', '28.00'],
  advice: ['15.00', '18.00'],
}
export const TIP = { min: '1.00', max: '50.00' } as const
const TEXTS = ['The moon before my bed (POEM-BODY 1)', 'The moon behind my bed (POEM-BODY 2)'] as const
export const POEM_BODY = 'POEM-BODY'

/** Minutes and fen within which a buyer gets his money back by himself. */
export type Policy = { policy: 'auto'; minutes: number; max_fen: number } | { policy: 'operator' | 'never' }

const AUTO: Readonly<Record<Exclude<PolicyName, 'operator' | 'never'>, { minutes: number; max: string }>> = {
  auto: { minutes: 60, max: '70.00' },
  short: { minutes: 2, max: '70.00' },
  small: { minutes: 60, max: '25.00' },
}

export function policyOf(name: PolicyName | undefined): Policy {
  if (name === undefined || name === 'operator' || name === 'never') return { policy: name ?? 'operator' }
  const { minutes, max } = AUTO[name]
  return { policy: 'auto', minutes, max_fen: fenOf(max) }
}

/** The items file as somebody wrote it. */
export interface Written {
  version: Version
  hash: string
  moment: number
}

export class ItemsOnSale {
  readonly folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-simulation-'))
  readonly path = join(this.folder, 'items.json')
  readonly written: Written[] = []

  constructor(
    readonly time: VirtualTime,
    first: Version,
  ) {
    this.write(first)
  }

  write(version: Version): void {
    this.#put('keys.txt', `${CODES.slice(0, version.codes).join('\n')}\n`)
    const text = JSON.stringify({ items: ITEMS.map((name, at) => itemIn(version, name, at)) })
    this.#put('items.json', text)
    const hash = createHash('sha256').update(text).digest('hex')
    this.written.push({ version, hash, moment: this.time.moment() })
  }

  /** Whatever a server may go by that reads the file at some moment between these; a broken one leaves those before. */
  inForce(from: number, until: number): readonly Written[] {
    const before = this.written.findLastIndex(({ moment }) => moment <= from)
    const read = this.written.filter(({ moment }, at) => at >= before && moment <= until)
    const isBroken = read.some(({ version }) => version.broken)
    return (isBroken ? this.written.filter(({ moment }) => moment <= until) : read).filter(isUsable)
  }

  /** Those with the bytes of the one under which an order was made. */
  ofHash(hash: string | undefined): Written | undefined {
    return this.written.find((one) => one.hash === hash)
  }

  /** How many codes were ever offered until then. */
  codesUntil(moment: number): number {
    const usable = this.written.filter((one) => isUsable(one) && one.moment <= moment)
    return Math.max(...usable.map(({ version }) => version.codes))
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Laid in its place, with a time of its own: whoever looks sees that it is another one. */
  #put(name: string, text: string): void {
    const path = join(this.folder, name)
    writeFileSync(`${path}.new`, text, { mode: 0o600 })
    utimesSync(`${path}.new`, 1_700_000_000, 1_700_000_000 + this.written.length)
    renameSync(`${path}.new`, path)
  }
}

const isUsable = ({ version }: Written) => !version.broken

function itemIn(version: Version, id: ItemName, at: number) {
  const refund = refundIn(version.policies[at])
  const common = { id, subject: `Some ${id}`, max_quantity: MOST_AT_ONCE[id], refund }
  if (id === 'tip') return { ...common, tip: true, ...TIP }
  const price = version.broken ? '-1.00' : PRICES[id][version.dear ? 1 : 0]
  if (id === 'poem') return { ...common, price, stock: version.stock, deliver: { text: textOf(version) } }
  if (id === 'key') return { ...common, price, deliver: { codes_file: 'keys.txt' } }
  return id === 'seat' ? { ...common, price, deliver: { url: HOOK_ADDRESS } } : { ...common, price }
}

function refundIn(name: PolicyName | undefined) {
  const policy = policyOf(name)
  if (policy.policy !== 'auto') return policy.policy
  return { policy: 'auto', minutes: policy.minutes, max: (policy.max_fen / 100).toFixed(2) }
}

export const textOf = ({ dear }: Version): string => TEXTS[dear ? 1 : 0]

/** Of one; of a tip the buyer names it. */
export function priceFen({ dear }: Version, name: ItemName): number | undefined {
  return name === 'tip' ? undefined : fenOf(PRICES[name][dear ? 1 : 0])
}

export const isItem = (name: unknown): name is ItemName => ITEMS.some((one) => one === name)

/** Codes and texts that stand in a page or an answer. */
export function goodsIn(text: string): readonly string[] {
  return [...CODES, ...TEXTS].filter((goods) => text.includes(goods))
}
