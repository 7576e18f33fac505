// What a check of the doctor finds: a status, and for each thing found one fix, in both languages.
import type { Problem } from '../errors.ts'
import type { Both, Language } from '../language.ts'
import { inChinese } from './chinese/in-chinese.ts'

export type Status = 'ok' | 'warning' | 'failed' | 'skipped'

export interface Item {
  found: Both
  fix?: Both
}

export interface Finding {
  status: Status
  /** Each is one finding with its one fix; the first is what a verdict points to. */
  items: readonly Item[]
  /** Whether somebody has stopped all payments and refunds: the verdict must not call that working. */
  isFrozen?: boolean
}

export const ok = (...found: Both[]): Finding => ({ status: 'ok', items: found.map((one) => ({ found: one })) })
export const warning = (...items: Item[]): Finding => ({ status: 'warning', items })
export const failed = (...items: Item[]): Finding => ({ status: 'failed', items })
export const skipped = (item: Item): Finding => ({ status: 'skipped', items: [item] })

/** What the code below says in English only. */
export const translated = (en: string): Both => ({ en, zh: inChinese(en) })

/** In Chinese the problem follows what it is about without a colon. */
export function describeProblem({ variable, problem, fix }: Problem): Item {
  return {
    found: {
      en: `${variable}: ${problem}`,
      zh: `${variable === 'settings file' ? '配置文件' : variable} ${inChinese(problem)}`,
    },
    fix: translated(fix),
  }
}

/** As a terminal lists them, each with its fix below it. */
export function faultLines(faults: readonly Problem[], language: Language): string {
  return faults
    .map(describeProblem)
    .flatMap(({ found, fix }) => [`  ${found[language]}`, ...(fix ? [`    ${fix[language]}`] : [])])
    .join('\n')
}
