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
  expect(verdict).toMatch(says)
  expect(verdict).toMatch(/Fix: \S.* 修复：\S/)
  expect({ ok, code }).toStrictEqual(status ? { ok: true, code: 0 } : { ok: false, code: 1 })
  for (const value of Object.values(settings)) if (value.length > 200) expect(leaks(output, value)).toBe(false)
}
