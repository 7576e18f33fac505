// The pages of troubleshooting as entries, and the proof of a section: each text that it quotes is provoked and seen.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inChinese } from '../../src/doctor/chinese/in-chinese.ts'
import type { Both } from '../../src/language.ts'

/** Sections of the page in their order; each is proved by the test file of its name. */
export const SECTIONS = ['settings', 'network', 'alipay', 'orders', 'refunds', 'ledger', 'hosts'] as const
type Section = (typeof SECTIONS)[number]

export interface Entry {
  /** The text that people see; `...` stands for what varies. */
  quoted: string
  /** On the Chinese page: what a terminal says in Chinese. */
  chinese: string | undefined
  /** On the Chinese page: the sentence in Chinese that a result of a tool carries. */
  message_zh: string | undefined
  /** Who can act, in words. */
  who: string
  /** How its lines begin: `Means`, `Do`, `Who`. */
  labels: readonly string[]
}

export const pageAt = (file: string) => readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8')

/** The entries of each section. */
export function sectionsOf(file: string): readonly (readonly Entry[])[] {
  const [, ...sections] = pageAt(file).split(/^## /m)
  return sections.map((section) => section.split(/^### /m).slice(1).map(entryIn))
}

function entryIn(text: string): Entry {
  const [heading = '', ...lines] = text.split('\n')
  const [, quoted] = /^`(.+)`$/.exec(heading) ?? []
  if (quoted === undefined) throw new Error(`"${heading}" quotes nothing`)
  const labelled = lines.flatMap((line) => [...line.matchAll(/^- \*\*(\S+?)[:：]\*\* ?(.+)$/g)])
  return {
    quoted,
    chinese: /^终端里的中文：`(.+)`$/m.exec(text)?.[1],
    message_zh: /^结果里的 `message_zh`：`(.+)`$/m.exec(text)?.[1],
    who: labelled.at(-1)?.[2] ?? '',
    labels: labelled.map(([, label = '']) => label),
  }
}

/** What was seen; in both languages where a terminal says it in the language of the person. */
export type Seen = string | Both

/** Makes the text appear, and gives what was seen. */
export type Provoke = () => Seen | Promise<Seen>

/** What a tool answers, and in Chinese what `resolve --resend` says when it is refused for the same reason. */
export function alsoResent(answer: string): Both {
  const [, first = '', rest = ''] = /^(?:message: )?(?:[A-Z][a-z ]+: )?(.)(.+?)\.$/m.exec(answer) ?? []
  return { en: answer, zh: inChinese(first.toLowerCase() + rest) }
}

/** A test for each entry of a section; an entry without a case fails, and so does a case without an entry. */
export function prove(section: Section, cases: Readonly<Record<string, Provoke>>): void {
  const entries = sectionsOf('troubleshooting.md')[SECTIONS.indexOf(section)] ?? []
  const quoted = entries.map((entry) => entry.quoted)
  const translated = sectionsOf('troubleshooting.zh-CN.md')[SECTIONS.indexOf(section)] ?? []
  describe(`the section on ${section}`, () => {
    it('has a case for each entry and an entry for each case', () => {
      expect(Object.keys(cases)).toStrictEqual(quoted)
    })

    it.each(Object.entries(cases))('quotes what is seen: %s', async (text, provoke) => {
      const seen = await provoke()
      const { en, zh } = typeof seen === 'string' ? { en: seen, zh: undefined } : seen
      expect(en).toMatch(patternOf(text))
      const { chinese, message_zh } = translated.find(({ quoted }) => quoted === text) ?? {}
      if (zh === undefined) expect(chinese).toBeUndefined()
      else expect(zh).toMatch(patternOf(chinese ?? LACKING))
      const carried = messageZhOf(en, text)
      if (carried === undefined) expect(message_zh).toBeUndefined()
      else expect(carried).toMatch(new RegExp(`^${patternOf(message_zh ?? LACKING).source}$`))
    })
  })
}

const LACKING = 'a sentence in Chinese, which the page lacks'

/** Of a result whose message is what the entry is about: its sentence in Chinese. */
function messageZhOf(seen: string, quoted: string): string | undefined {
  const [message = ''] = seen.split('\n', 1)
  return patternOf(quoted).test(message) ? /^message_zh: (.+)$/m.exec(seen)?.[1] : undefined
}

/** `...` stands for anything on one line. */
export function patternOf(quoted: string): RegExp {
  return new RegExp(quoted.split('...').map(escaped).join('.*?'))
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
