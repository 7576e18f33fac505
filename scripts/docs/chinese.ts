// The Chinese of the English texts that come from the code, kept in chinese.json beside the English it was made from.
import { readFileSync } from 'node:fs'
import * as z from 'zod'

export const CHINESE = 'scripts/docs/chinese.json'
const ROOT = new URL('../../', import.meta.url)

/** `fuzzy`, as in gettext: the English changed, or is new; whoever has seen to the Chinese removes the mark. */
const translations = z.record(
  z.string(),
  z.object({ en: z.string(), zh: z.string(), fuzzy: z.literal(true).optional() }),
)
type Translations = z.infer<typeof translations>

export function readTranslations(): Translations {
  return translations.parse(JSON.parse(readFileSync(new URL(CHINESE, ROOT), 'utf8')))
}

/** What is kept from now on: every text of the code, with the Chinese it had. */
export function updated(known: Translations, texts: ReadonlyMap<string, string>): Translations {
  const entries = [...texts].map(([key, en]) => {
    const before = known[key]
    return [key, before?.en === en ? before : { en, zh: before?.zh ?? '', fuzzy: true as const }] as const
  })
  return Object.fromEntries(entries)
}

/** Keys whose Chinese is missing or may not fit any more. */
export function unfinished(all: Translations): readonly string[] {
  return Object.entries(all).flatMap(([key, { zh, fuzzy }]) => (fuzzy || !/\p{Script=Han}/u.test(zh) ? [key] : []))
}

export const asJson = (all: Translations) => `${JSON.stringify(all, null, 2)}\n`
