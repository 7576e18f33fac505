// One typical mistake, and what doctor must say of it: the right check first, its words, its fix, and no key.
import { expect } from 'vitest'
import { leaks } from '../keys-for-tests.ts'
import { type Env, report } from './patients.ts'

export interface Mistake {
  env(): Env | Promise<Env>
  args?: () => string[]
  /** How the title of the check begins that must come first. */
  check: string
  says: RegExp
  fix: RegExp
  /** Where it is not failed. */
  status?: 'warning'
}

export async function expectDiagnosis({ env, args, check, says, fix, status }: Mistake): Promise<void> {
  const settings = await env()
  const { code, ok, verdict, checks, output } = await report(settings, args?.())
  const first = checks.find((one) => one.status === (status ?? 'failed'))
  expect(first?.title, output).toMatch(new RegExp(`^${check}`))
  expect(first?.found).toMatch(says)
  expect(`${first?.fix} ${first?.fix_zh}`).toMatch(fix)
  expect(verdict).toContain(first?.title)
  // It stands above, and is not said twice.
  expect(verdict).not.toMatch(says)
  expect(first?.fix ?? '').toMatch(/\S/)
  expect(englishIn(first?.found_zh ?? '', settings), first?.found_zh).toBe('')
  expect(englishIn(first?.fix_zh ?? '', settings), first?.fix_zh ?? '').toBe('')
  expect({ ok, code }).toStrictEqual(status ? { ok: true, code: 0 } : { ok: false, code: 1 })
  for (const value of Object.values(settings)) if (value.length > 200) expect(leaks(output, value)).toBe(false)
}

/** Three English words in a row are a text that lacks its Chinese. */
function englishIn(text: string, settings: Env): string {
  const values = Object.values(settings).reduce((left, value) => left.replaceAll(value, ''), text)
  const [found = ''] =
    /[A-Za-z']+ [a-z']+ [a-z']+/.exec(values.replace(/"[^"]*"|chmod \S+ \S+|alipay-mcp \w+|trace id/g, '')) ?? []
  return found
}
