// Scenarios for the built server: refunds, and a SIGKILL at any moment of them.
import fc from 'fast-check'
import { often } from './often.ts'
import { order, part, refund } from './random-calls.ts'
import type { Operation } from './steps.ts'

export interface RealStep {
  /** Seconds that pass before it, on Alipay's clock. */
  wait: number
  operation: Operation
  /** What Alipay does with the next refund: it answers late, or does everything late. */
  held: 'delay' | 'late' | undefined
  /** Milliseconds of real time after the call. */
  killAfter: number | undefined
}

export interface RealScenario {
  total: number
  /** Yuan. */
  daily: number | undefined
  steps: readonly RealStep[]
}

/** Each exchange is so slow that a kill hits any part of a call, and a held one slower. */
export const SLOW_MS = 25
export const HELD_MS = 250
const LATEST_KILL_MS = 400

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: refund },
  { weight: 1, arbitrary: fc.record({ call: fc.constant('query'), order }) },
  {
    weight: 1,
    arbitrary: fc.record({
      call: fc.constant('query_refund'),
      order,
      by: fc.constantFrom('amount', 'order'),
      part,
    }),
  },
)

const step: fc.Arbitrary<RealStep> = fc.record({
  wait: often([0, 2], [75, 2], [660, 1]),
  operation,
  held: often<RealStep['held']>([undefined, 2], ['delay', 1], ['late', 1]),
  killAfter: fc.oneof(fc.constant(undefined), fc.nat(LATEST_KILL_MS)),
})

export const realScenarios: fc.Arbitrary<RealScenario> = fc.noBias(
  fc.record({
    total: fc.nat(2),
    daily: often<number | undefined>([undefined, 2], [60, 1]),
    steps: fc.array(step, { minLength: 2, maxLength: 6, size: 'max' }),
  }),
)
