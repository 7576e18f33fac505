// The Chinese of what settings, gateway and ledger say in English only: found by its form, with the facts in their places.
import { FIX_PHRASES } from './fix-phrases.ts'
import { GUARD_PHRASES } from './guard-phrases.ts'
import { KEY_FIX_PHRASES } from './key-fix-phrases.ts'
import { LISTEN_PHRASES } from './listen-phrases.ts'
import { NETWORK_PHRASES } from './network-phrases.ts'
import { SETTING_PHRASES } from './setting-phrases.ts'

const BLANK = '{}'

interface Phrase {
  en: string
  form: RegExp
  zh: readonly string[]
}

function phraseOf([en, zh]: readonly [en: string, zh: string]): Phrase {
  const parts = en.split(/(?<!\$)\{\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return { en, form: new RegExp(`^${parts.join('(.+?)')}$`, 's'), zh: zh.split(BLANK) }
}

export const PHRASES = [
  ...SETTING_PHRASES,
  ...FIX_PHRASES,
  ...KEY_FIX_PHRASES,
  ...LISTEN_PHRASES,
  ...NETWORK_PHRASES,
  ...GUARD_PHRASES,
]

let phrases: readonly Phrase[] | undefined

/** The phrase that says this, and what stands in its blanks. */
export function findPhrase(text: string): { en: string; zh: readonly string[]; facts: readonly string[] } | undefined {
  // The one that says most first: `is {}.` fits nearly everything.
  phrases ??= [...PHRASES].sort(([a], [b]) => b.length - a.length).map(phraseOf)
  for (const { en, form, zh } of phrases) {
    const facts = form.exec(text)?.slice(1)
    if (facts) return { en, zh, facts }
  }
  return undefined
}

/** Where there is no counterpart the text stays as it is: what it says is worth more than its language. */
export function inChinese(text: string): string {
  const withFix = inParts(text, (rest) => findPhrase(rest)?.facts.length === 0)
  if (withFix !== undefined) return withFix
  const phrase = findPhrase(text)
  if (phrase) return phrase.zh.reduce((all, part, at) => `${all}${inChinese(phrase.facts[at - 1] ?? '')}${part}`)
  return inParts(text, () => true) ?? text
}

// A problem and its fix in a row, and settings in a list.
const BETWEEN = /(?<=\.) (?=[A-Z])|; (?=ALIPAY_)/g

/** @param isPart whether the rest may stand by itself */
function inParts(text: string, isPart: (rest: string) => boolean): string | undefined {
  for (const { index, 0: between } of text.matchAll(BETWEEN)) {
    const [first, rest] = [text.slice(0, index), text.slice(index + between.length)]
    if (!isPart(rest) || !findPhrase(first)) continue
    return `${inChinese(first)}${between.startsWith(';') ? '；' : ''}${inChinese(rest)}`
  }
  return undefined
}
