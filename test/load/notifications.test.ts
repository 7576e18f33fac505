// A small load of notifications, as `npm run load -- --notifications 10000 --kills 10` makes a large one.
import { expect, it } from 'vitest'
import { loadNotifications } from './notification-load.ts'

it('each genuine event is applied once, no forged one, however often the front is killed', async () => {
  const outcome = await loadNotifications({ count: 800, atOnce: 64, kills: 3 })
  expect(outcome.violations).toStrictEqual([])
  expect(outcome.kills).toBe(3)
  expect(outcome.genuine).toBeGreaterThan(300)
  expect(outcome.forged).toBeGreaterThan(300)
})
