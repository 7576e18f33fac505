// How long a call about a subscription may take: hosts cut calls after 60 seconds.
import { expect, it } from 'vitest'
import * as D from '../../src/guard/deadlines.ts'

const HOW_IT_STANDS = D.READ_MS
const sum = (...all: readonly number[]) => all.reduce((total, one) => total + one, 0)
const AFTER_CHARGE = sum(...D.AFTER_CHARGE_MS, (D.AFTER_CHARGE_MS.length + 1) * D.READ_MS)
const HOOK_MS = 10_000

it.each([
  ['charge_subscription', sum(2 * D.READ_MS, HOW_IT_STANDS, D.CHARGE_MS, AFTER_CHARGE, HOW_IT_STANDS)],
  ['cancel_subscription', sum(D.READ_MS, HOW_IT_STANDS, D.CLOSE_MS, HOW_IT_STANDS)],
  ['postpone_subscription', sum(HOW_IT_STANDS, D.CLOSE_MS, HOW_IT_STANDS)],
  ['announce_renewal', sum(HOW_IT_STANDS, HOOK_MS)],
  ['create_subscription', D.FRONT_MS],
])('%s answers within 55 seconds', (_, longest) => {
  expect(longest).toBeLessThanOrEqual(55_000)
})
