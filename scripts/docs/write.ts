// npm run docs: writes what comes from the code into docs/, and says which Chinese texts have to be seen to.
import { writeFileSync } from 'node:fs'
import { asJson, CHINESE, readTranslations, unfinished, updated } from './chinese.ts'
import { codeTexts, generatedPages } from './pages.ts'

const ROOT = new URL('../../', import.meta.url)

const translations = updated(readTranslations(), codeTexts())
writeFileSync(new URL(CHINESE, ROOT), asJson(translations))
for (const { file, text } of generatedPages()) writeFileSync(new URL(file, ROOT), text)

const left = unfinished(translations)
for (const key of left) console.log(`${CHINESE}: ${key}: ${translations[key]?.en}`)
if (left.length > 0) {
  console.log('See to the Chinese of these, remove "fuzzy", and run this again.')
  process.exitCode = 1
}
