// What a check of the doctor finds: a status, and for each thing found the fix in one line, in both languages.
import type { Problem } from '../errors.ts'
import { chineseFix } from './setting-fixes.ts'

export type Status = 'ok' | 'warning' | 'failed' | 'skipped'

export interface Item {
  found: string
  fix?: string
  fix_zh?: string
}

export interface Finding {
  status: Status
  /** The first one is what a verdict quotes. */
  items: readonly Item[]
}

export const ok = (...found: string[]): Finding => ({
  status: 'ok',
  items: found.map((one) => ({ found: one })),
})
export const warning = (...items: Item[]): Finding => ({ status: 'warning', items })
export const failed = (...items: Item[]): Finding => ({ status: 'failed', items })
export const skipped = (item: Item): Finding => ({ status: 'skipped', items: [item] })

/** @param name the variable that the problem is about, where it was written under another name */
export function describeProblem({ variable, problem, fix }: Problem, name = variable): Item {
  return { found: `${variable}: ${problem}`, fix, fix_zh: chineseFix(name, variable, fix) }
}
