// What happens in a shop, as plain data: what buyers ask for, what the shop changes, and what goes on at once.
import type { Device } from './buyers.ts'
import type { FrontTrouble } from './front.ts'
import type { HookMood } from './hook.ts'
import type { Call, Meanwhile, Mood } from './steps.ts'

/** Who gets his money back: by himself within an hour, within minutes, of small orders only; by the shop, or nobody. */
export type PolicyName = 'auto' | 'short' | 'small' | 'operator' | 'never'

/** The items file as it is from some moment on. */
export interface Version {
  /** Everything costs more. */
  dear: boolean
  /** By the places of the items. */
  policies: readonly PolicyName[]
  /** Of poems; undefined: any number. */
  stock: number | undefined
  /** How many codes are in their file. */
  codes: number
  /** It cannot be used, and the one before goes on. */
  broken: boolean
}

export interface ShopSettings {
  first: Version
  hook: HookMood
  /** Whether a person at the server's computer is asked on a page, too. */
  desk: boolean
  /** What one buyer may get back on a day by policy. */
  buyerDailyFen: number
  /** What was bought before anything goes wrong. */
  bought: readonly { buyer: number; item: number; quantity: number; paid: boolean }[]
}

/** Of who asks, the newest first; of anybody; or the one that a race is about, by whose it is. */
export type Whose = 'own' | 'any' | 'raced'

/** Names a price, takes a thousand, takes what is not sold, or names a buyer as the model would. */
export type Trick = 'price' | 'many' | 'nothing' | 'name'

export type BuyerOperation =
  | { ask: 'items' }
  | { ask: 'create'; item: number; quantity: number; tip: number; trick: Trick | undefined; pays: boolean }
  | { ask: 'query' | 'close' | 'deliver' | 'refund'; order: number; whose: Whose }
  | { ask: 'wait'; order: number; whose: Whose; seconds: number }
  /** With a code that its page shows, or would show; `named`: with the number of the order, too. */
  | { ask: 'claim'; order: number; right: boolean; named: boolean }

/** One of several things that begin so many milliseconds one after the other. */
export type Part = { after: number } & (
  | { does: 'ask'; buyer: number; operation: BuyerOperation; place: number; meanwhile: readonly Meanwhile[] }
  /** Somebody with the link of the page wants to see what was bought; `insists`: once more after Alipay was asked. */
  | { does: 'show'; order: number; device: Device; insists: boolean; trouble: FrontTrouble | undefined }
  /** A person at a terminal answers a request of a buyer, the oldest first. */
  | { does: 'answer'; request: number; yes: boolean; killedAt: number | undefined }
  | { does: 'look'; place: number; looks: number; killedAt: number | undefined }
  /** The merchant's own assistant. */
  | { does: 'merchant'; call: Call }
)

export type ShopStep =
  /** `race`: all parts are about one order, the newest but so many that is paid and neither handed out nor given back. */
  | { does: 'together'; race: number | undefined; mood: Mood; parts: readonly Part[] }
  | { does: 'items'; version: Version }
  | { does: 'hook'; mood: HookMood }
  /** Another program of the merchant uses the number of an order, and that is paid: one fen. */
  | { does: 'elsewhere'; order: number }
  /** Of the ledger on its disk, and the copy is put in its place; what lies beside it stays. */
  | { does: 'copy' | 'restore' }

export function toldPart({ after, ...part }: { after: number }): string {
  return `${after > 0 ? `${after} ms later ` : ''}${JSON.stringify(part)}`
}
