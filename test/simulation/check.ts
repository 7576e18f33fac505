// Runs scenarios until one violates a rule, shrinks that one, and says how to see it again.
import fc from 'fast-check'
import { scenarios } from './emphases.ts'
import type { Replaced } from './host.ts'
import { type Came, run } from './run.ts'
import { type Emphasis, scenariosWith } from './scenarios.ts'
import { newStage } from './stage.ts'
import { type Scenario, told } from './steps.ts'
import type { Stage } from './world.ts'

export interface Plan {
  runs: number
  seed: number
  /** Of fast-check: goes straight to one scenario. */
  path?: string | undefined
  emphasis?: Emphasis | undefined
  /** Protections that are replaced. */
  replaced?: ((stage: Stage) => Replaced) | undefined
  /** The first scenario that violates this rule will do, as it is; others do not count. */
  only?: string
  /** After each run. */
  progress?: (summary: Summary) => void
}

export interface Summary {
  runs: number
  steps: number
  calls: number
  refunds: number
  further: number
  unknown: number
  kills: number
  presses: number
  links: number
  applied: number
  refused: number
  looks: number
  late: number
  races: number
  close_races: number
  deliveries: number
  codes: number
  asked_back: number
  policy_refunds: number
  goods_races: number
  restored: number
  signed: number
  undue: number
  charged: number
  announced: number
  cancelled: number
  charge_races: number
  /** How often each thing went wrong between server and Alipay. */
  troubles: Map<string, number>
}

export interface Found {
  error: unknown
  scenario: Scenario
  seed: number
  path: string
}

export async function check(plan: Plan): Promise<{ summary: Summary; found?: Found }> {
  const { runs, seed, path, emphasis, replaced, only, progress } = plan
  const stage = newStage()
  const summary: Summary = {
    ...{ runs: 0, steps: 0, calls: 0, refunds: 0, further: 0, unknown: 0, kills: 0, presses: 0, links: 0, applied: 0 },
    ...{ refused: 0, looks: 0, late: 0, races: 0, close_races: 0, deliveries: 0, codes: 0, asked_back: 0 },
    ...{
      policy_refunds: 0,
      goods_races: 0,
      restored: 0,
      signed: 0,
      undue: 0,
      charged: 0,
      announced: 0,
      cancelled: 0,
      charge_races: 0,
      troubles: new Map(),
    },
  }
  const property = fc.asyncProperty(emphasis ? scenariosWith(emphasis) : scenarios, async (scenario) => {
    add(summary, await run(stage, scenario, replaced?.(stage), only))
    progress?.(summary)
  })
  const more = { ...(path !== undefined && { path }), ...(only && { endOnFailure: true }) }
  const result = await fc.check(property, { numRuns: runs, seed, ...more })
  const [scenario] = result.counterexample ?? []
  if (!scenario) return { summary }
  const found = { error: result.errorInstance, scenario, seed, path: result.counterexamplePath ?? '' }
  return { summary, found }
}

const COUNTED = [
  ...(['steps', 'calls', 'refunds', 'further', 'unknown', 'kills', 'presses', 'links'] as const),
  ...(['applied', 'refused', 'looks', 'late', 'races', 'close_races'] as const),
  ...(['deliveries', 'codes', 'asked_back', 'policy_refunds', 'goods_races', 'restored'] as const),
  ...(['signed', 'undue', 'charged', 'announced', 'cancelled', 'charge_races'] as const),
] as const

function add(summary: Summary, came: Came): void {
  summary.runs++
  for (const key of COUNTED) summary[key] += came[key]
  for (const trouble of came.troubles) {
    summary.troubles.set(trouble, (summary.troubles.get(trouble) ?? 0) + 1)
  }
}

/** What a person needs to understand it and to see it again. */
export function reported({ error, scenario, seed, path }: Found, emphasis?: string): string {
  const { settings, steps } = scenario
  return [
    String(error instanceof Error ? (error.stack ?? error.message) : error),
    'What happened:',
    storyIn(error),
    `Settings: ${JSON.stringify(settings)}`,
    'Steps:',
    ...steps.map((step, index) => `${String(index + 1).padStart(3)}. ${told(step)}`),
    `To see it again: npm run simulate -- --seed ${seed} --replay ${path}${emphasis ? ` --emphasis ${emphasis}` : ''}`,
  ].join('\n')
}

export function storyIn(error: unknown): string {
  return typeof error === 'object' && error !== null && 'story' in error ? String(error.story) : ''
}
