// The pages of troubleshooting as entries, and the proof of a section: each text that it quotes is provoked and seen.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/** Sections of the page in their order; each is proved by the test file of its name. */
export const SECTIONS = ['settings', 'network', 'alipay', 'orders', 'refunds', 'ledger', 'hosts'] as const
type Section = (typeof SECTIONS)[number]

export interface Entry {
  /** The text that people see; `...` stands for what varies. */
  quoted: string
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
    who: labelled.at(-1)?.[2] ?? '',
    labels: labelled.map(([, label = '']) => label),
  }
}

/** Makes the text appear, and gives what was seen. */
export type Provoke = () => string | Promise<string>

/** A test for each entry of a section; an entry without a case fails, and so does a case without an entry. */
export function prove(section: Section, cases: Readonly<Record<string, Provoke>>): void {
  const entries = sectionsOf('troubleshooting.md')[SECTIONS.indexOf(section)] ?? []
  const quoted = entries.map((entry) => entry.quoted)
  describe(`the section on ${section}`, () => {
    it('has a case for each entry and an entry for each case', () => {
      expect(Object.keys(cases)).toStrictEqual(quoted)
    })

    it.each(Object.entries(cases))('quotes what is seen: %s', async (text, provoke) => {
      expect(await provoke()).toMatch(patternOf(text))
    })
  })
}

/** `...` stands for anything on one line. */
export function patternOf(quoted: string): RegExp {
  return new RegExp(quoted.split('...').map(escaped).join('.*?'))
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
