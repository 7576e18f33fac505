// The pages that hold parts from the code, as they should be.
import { readFileSync } from 'node:fs'
import { readTranslations } from './chinese.ts'
import { errorDictionary, errorOverview } from './errors.ts'
import { hostLinks, hostTable, pastedHosts } from './hosts.ts'
import type { Language } from './language.ts'
import { settingsTables } from './settings.ts'
import { resultFields, shopToolReference, toolReference } from './tools.ts'

const ROOT = new URL('../../', import.meta.url)

/** What stands between the marks of that name. */
const PARTS: Readonly<Record<string, (language: Language) => string>> = {
  settings: settingsTables,
  tools: toolReference,
  'shop tools': shopToolReference,
  'result fields': resultFields,
  'error overview': errorOverview,
  errors: errorDictionary,
  hosts: hostTable,
  'pasted hosts': pastedHosts,
  'host links': hostLinks,
}
const PAGES = ['docs/settings.md', 'docs/tools.md', 'docs/shop.md', 'docs/hosts.md', 'docs/errors.md']
const PART = /(?<=<!-- generated: ([a-z ]+) -->\n)[\s\S]*?(?=<!-- end of generated -->)/g

export interface Page {
  readonly file: string
  readonly text: string
}

/** Every text of the code that the pages hold, by its key. */
export function codeTexts(): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  const listening: Language = {
    name: 'en',
    code(key, english) {
      texts.set(key, english)
      return english
    },
  }
  for (const file of PAGES) pageIn(listening, file)
  return texts
}

export function generatedPages(): readonly Page[] {
  const translations = readTranslations()
  const english: Language = { name: 'en', code: (_, text) => text }
  const chinese: Language = { name: 'zh', code: (key, text) => translations[key]?.zh || text }
  return PAGES.flatMap((file) => [pageIn(english, file), pageIn(chinese, file.replace('.md', '.zh-CN.md'))])
}

function pageIn(language: Language, file: string): Page {
  const text = readFileSync(new URL(file, ROOT), 'utf8').replace(PART, (_, name: string) => {
    const part = PARTS[name]
    if (!part) throw new Error(`${file}: nothing is generated as "${name}"`)
    return `\n${part(language)}\n\n`
  })
  return { file, text }
}
