// Reads what a shop sells: one JSON file and the files of codes that it names, with all that is wrong with them at once.
import { createHash } from 'node:crypto'
import { dirname } from 'node:path'
import * as z from 'zod'
import { beijingTime, DAY_MS, fromBeijingTime } from '../clock.ts'
import type { ItemCodes } from '../ledger/ledger.ts'
import { MOST, toFen } from '../money.ts'
import { plainPath, quotePath, readNamedFile, relativeFrom } from '../settings/named-file.ts'
import { eachOneLine, shortLine } from '../text.ts'
import { amount, shownText, subject } from '../written-input.ts'
import type { Item } from './item.ts'
import { entryName, faultLines, isHookAddress, NO_SECRET, whole } from './item-fields.ts'
import { type Plan, planList, plansIn } from './plan.ts'

export interface ItemsFile {
  /** Of the file itself. */
  hash: string
  items: readonly Item[]
  plans: readonly Plan[]
  codes: readonly ItemCodes[]
  /** Every file that was read, the items file first. */
  paths: readonly string[]
}

/** A line for each fault, with the item and the field it is in. */
export type ItemsRead = ItemsFile | { faults: readonly string[]; paths: readonly string[] }

const MOST_ITEMS = 500
const MOST_CODES = 200_000
/** Its page opens no cashier in the last minute. */
const LEAST_MINUTES = 3

const until = z.string({ error: 'must be a text.' }).transform((text, ctx) => {
  const [, day, minutes = ''] = /^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d))?$/.exec(text) ?? []
  const at = fromBeijingTime(`${day} ${minutes || '00:00'}:00`)
  const isSound = !Number.isNaN(at) && beijingTime(at) === `${day} ${minutes || '00:00'}:00`
  if (isSound) return minutes ? at : at + DAY_MS
  ctx.addIssue({
    code: 'custom',
    message: 'must be a Beijing day or time, such as "2026-12-31" or "2026-12-31 18:00".',
  })
  return z.NEVER
})

const yuan = amount('').transform(toFen)
const auto = z.strictObject({ policy: z.literal('auto'), minutes: whole(1, 525_600), max: yuan })
const REFUNDS = 'must be "operator", "never", or {"policy": "auto", "minutes": 30, "max": "20.00"}.'
const refund = z.union([z.enum(['operator', 'never']), auto], { error: REFUNDS }).transform((given) => {
  if (typeof given === 'string') return { policy: given } as const
  return { policy: given.policy, minutes: given.minutes, max_fen: given.max }
})

/** Of several lines, if it likes; nothing else that is not seen. */
const goods = z
  .string({ error: 'must be a text.' })
  .max(2_000, { error: 'is longer than 2000 characters.' })
  .refine((text) => text.trim() !== '', { error: 'is empty.' })
  .refine((text) => eachOneLine(text) === text, { error: 'has control characters, or signs that turn the direction.' })

const DELIVERS =
  'must be {"text": "..."}, {"codes_file": "..."} or {"url": "https://..."}; leave it out where the shop delivers.'
const deliver = z.union(
  [
    z.strictObject({ text: goods }),
    z.strictObject({ codes_file: z.string().min(1, { error: 'is empty.' }) }),
    z.strictObject({ url: z.string().refine(isHookAddress, { error: 'must be an https address.' }) }),
  ],
  { error: DELIVERS },
)

const item = z.strictObject({
  id: z
    .string({ error: 'must be a text.' })
    .regex(/^[\w-]{1,40}$/, { error: 'must be 1 to 40 letters, digits, _ or -.' }),
  subject: subject('').refine((text) => text.length <= 240, { error: 'is longer than 240 characters.' }),
  description: shownText(128, '').optional(),
  price: yuan.optional(),
  tip: z.literal(true, { error: 'must be true, or left out.' }).optional(),
  min: yuan.optional(),
  max: yuan.optional(),
  suggested: yuan.optional(),
  max_quantity: whole(1, 1_000).optional(),
  stock: whole(0, 100_000_000).optional(),
  available_until: until.optional(),
  expires_in_minutes: whole(LEAST_MINUTES, 21_600).optional(),
  refund: refund.optional(),
  deliver: deliver.optional(),
})
type GivenItem = z.output<typeof item>

/** What several fields are together. */
function* faultsOf(given: GivenItem, hasSecret: boolean): Generator<[field: string, fault: string]> {
  const { price, tip, min, max, suggested, max_quantity = 1, refund: policy, deliver: how } = given
  if (!tip) {
    if (price === undefined) yield ['price', 'is missing; or set "tip": true with min and max.']
    for (const [field, value] of Object.entries({ min, max, suggested }))
      if (value !== undefined) yield [field, 'goes with "tip": true only.']
    if ((price ?? 0) * max_quantity > toFen(MOST)) yield ['max_quantity', `times the price is over ${MOST}.`]
  } else {
    if (price !== undefined) yield ['price', 'does not go with "tip": true, where the buyer names the amount.']
    if (min === undefined || max === undefined) yield ['tip', 'needs min and max.']
    else if (min > max) yield ['min', 'is more than max.']
    else if (suggested !== undefined && (suggested < min || suggested > max))
      yield ['suggested', 'is not between min and max.']
    if (max_quantity > 1) yield ['max_quantity', 'is over 1, and a tip is one amount.']
  }
  const isByModel = how === undefined
  if (typeof policy === 'object' && policy.policy === 'auto' && isByModel && !tip)
    yield [
      'refund',
      'is auto, and nobody but the model delivers: what was read already would be refunded. Use operator.',
    ]
  if (how && 'url' in how && !hasSecret) yield ['deliver', `${NO_SECRET}.`]
}

const file = z.strictObject({
  items: z.array(z.unknown(), { error: 'must be a list.' }).max(MOST_ITEMS).default([]),
  plans: planList.default([]),
})

/** Never throws. @param hasSecret whether hooks can be signed */
export function readItemsFile(path: string, hasSecret: boolean): ItemsRead {
  const paths = [plainPath(path)]
  const read = readNamedFile(path)
  if ('unreadable' in read) return { faults: [`ALIPAY_ITEMS_FILE ${read.unreadable}: ${quotePath(path)}.`], paths }
  const lists = listsIn(read.text)
  if (typeof lists === 'string') return { faults: [lists], paths }
  const faults: string[] = []
  const plans = plansIn(lists.plans, hasSecret, faults)
  const items: Item[] = []
  const codes: ItemCodes[] = []
  for (const [at, one] of lists.items.entries()) {
    const [name, given] = [entryName('items', one, at), itemIn(one, at, hasSecret, faults)]
    if (!given) continue
    if (items.some(({ id }) => id === given.id)) faults.push(`${name}.id: is used twice.`)
    if (given.deliver && 'codes_file' in given.deliver) {
      const from = relativeFrom(dirname(plainPath(path)), given.deliver.codes_file) ?? given.deliver.codes_file
      paths.push(from)
      codes.push({ item: given.id, codes: codesIn(from, `${name}.deliver`, codes, faults) })
    }
    items.push(madeOf(given))
  }
  if (faults.length > 0) return { faults, paths }
  return { hash: createHash('sha256').update(read.bytes).digest('hex'), items, plans, codes, paths }
}

function listsIn(text: string): z.output<typeof file> | string {
  try {
    const parsed = file.safeParse(JSON.parse(text))
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    return `The items file must be {"items": [...]} with at most ${MOST_ITEMS} items: ${issue?.path.join('.') || 'it'} ${issue?.message ?? ''}`
  } catch (error) {
    return `The items file is not JSON: ${shortLine(error instanceof Error ? error.message : '', 200)}`
  }
}

function itemIn(given: unknown, at: number, hasSecret: boolean, faults: string[]): GivenItem | undefined {
  const name = entryName('items', given, at)
  const parsed = item.safeParse(given)
  if (!parsed.success) {
    faults.push(...faultLines(name, 'an item', parsed.error))
    return undefined
  }
  const found = [...faultsOf(parsed.data, hasSecret)]
  faults.push(...found.map(([field, fault]) => `${name}.${field}: ${fault}`))
  return parsed.data
}

function madeOf(given: GivenItem): Item {
  const { price, min, max, suggested, tip, deliver: how, refund: policy, max_quantity = 1, ...rest } = given
  const text = how && 'text' in how ? how.text : undefined
  const url = how && 'url' in how ? how.url : undefined
  const kind = how === undefined ? 'none' : 'codes_file' in how ? 'codes' : text === undefined ? 'url' : 'text'
  return {
    ...{ id: rest.id, subject: rest.subject, description: rest.description },
    price_fen: tip ? undefined : price,
    tip: tip ? { min_fen: min ?? 0, max_fen: max ?? 0, suggested_fen: suggested } : undefined,
    ...{ max_quantity, stock: rest.stock, available_until: rest.available_until },
    expires_in_minutes: rest.expires_in_minutes ?? 30,
    refund: policy ?? { policy: 'operator' },
    deliver: { kind, text, url },
  }
}

/** One a line. */
function codesIn(path: string, name: string, others: readonly ItemCodes[], faults: string[]): readonly string[] {
  const read = readNamedFile(path)
  if ('unreadable' in read) {
    faults.push(`${name}: ${read.unreadable}: ${quotePath(path)}.`)
    return []
  }
  const codes = read.text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const known = new Map(others.flatMap(({ item: id, codes: all }) => all.map((code) => [code, id] as const)))
  const lines = new Map<string, number>()
  for (const [at, code] of codes.entries()) {
    // Never the code itself: it is worth money.
    if ([...code].length > 500) faults.push(`${name}: code ${at + 1} is longer than 500 characters.`)
    if (lines.has(code)) faults.push(`${name}: code ${at + 1} is the same as code ${lines.get(code)}.`)
    if (known.has(code))
      faults.push(`${name}: code ${at + 1} is in the file of ${JSON.stringify(known.get(code))}, too.`)
    lines.set(code, at + 1)
  }
  if (codes.length === 0) faults.push(`${name}: there is no code in ${quotePath(path)}.`)
  if (codes.length > MOST_CODES) faults.push(`${name}: there are more than ${MOST_CODES} codes.`)
  return codes
}
