// Runs scenarios of the built server, two at a time, until one violates a rule, and says how to see it again.
import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { MAIN } from '../e2e/hosts.ts'
import { storyIn } from './check.ts'
import { type RealCame, Yard } from './real-kills.ts'
import { type RealScenario, realScenarios } from './real-scenarios.ts'

// Most of a run is waiting.
const AT_ONCE = 2

export interface RealFound {
  error: unknown
  scenario: RealScenario
  seed: number
  /** Which of the scenarios of this seed. */
  index: number
}

export interface RealPlan {
  runs: number
  seed: number
  /** Only this one. */
  index?: number | undefined
  progress?: (runs: number) => void
}

export async function checkReal({ runs, seed, index, progress }: RealPlan) {
  if (!existsSync(MAIN)) throw new Error('There is no dist/main.js to kill: run "npm run build" first.')
  const all = fc.sample(realScenarios, { seed, numRuns: Math.max(runs, (index ?? 0) + 1) })
  const waiting = [...all.entries()].filter(([at]) => index === undefined || at === index)
  const summary = { runs: 0, calls: 0, refunds: 0, kills: 0 }
  let found: RealFound | undefined
  const work = async () => {
    const yard = new Yard()
    await yard.open()
    for (let next = waiting.shift(); next && !found; next = waiting.shift()) {
      const [at, scenario] = next
      await yard.run(scenario).then(
        (came) => add(summary, came),
        (error: unknown) => {
          found ??= { error, scenario, seed, index: at }
        },
      )
      progress?.(summary.runs)
    }
    yard.close()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return { summary, found }
}

function add(summary: RealCame & { runs: number }, came: RealCame): void {
  summary.runs++
  for (const key of ['calls', 'refunds', 'kills'] as const) summary[key] += came[key]
}

export function reportedReal({ error, scenario, seed, index }: RealFound): string {
  const { steps, ...rest } = scenario
  return [
    String(error instanceof Error ? error.stack : error),
    'What happened:',
    storyIn(error),
    `Settings: ${JSON.stringify(rest)}`,
    'Steps:',
    ...steps.map((step, at) => `${String(at + 1).padStart(3)}. ${JSON.stringify(step)}`),
    `To see it again (the moments differ a little): npm run simulate -- --real-kills --seed ${seed} --replay ${index}`,
  ].join('\n')
}
