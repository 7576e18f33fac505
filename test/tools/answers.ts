// What answers of several tools have in common.
import { expect } from 'vitest'
import type { Fields } from '../shop.ts'

export const local = {
  environment: 'local',
  environment_note: expect.stringContaining('no real money moves'),
}
export const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)

/** Of list_payments. */
export const orders = (answer: Fields): Fields[] => (Array.isArray(answer.orders) ? answer.orders : [])

/** The whole refusal by one of the operator's limits. */
export const over = (tool: string, variable: string, limit: string, used: string, left: string, asked?: string) => ({
  message: `${tool}: not done: it would go over ${variable}: limit ${limit}, used ${used}, left ${left}${asked ? `, asked for ${asked}` : ''}.`,
  error: 'refused',
  variable,
  limit,
  used,
  left,
  ...(asked && { asked }),
  money: 'Nothing was sent. This call moved nothing.',
  next_step: `Only the operator can change ${variable}; do not split the amount to get under it. Tell that and stop.`,
  ...local,
  isError: true,
})
