// What answers of several tools have in common.
import { expect } from 'vitest'
import type { Fields } from '../shop.ts'

export const local = { environment: 'local' }
export const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)

/** Of list_payments. */
export const orders = (answer: Fields): Fields[] => (Array.isArray(answer.orders) ? answer.orders : [])

/** The whole refusal by one of the operator's limits. @param of such as "each order" */
export const over = (of: string, variable: string, asked: string, limit: string, used: string, left: string) => ({
  message: `Over the limit: ${asked} asked, and ${variable} allows ${limit} for ${of}: used ${used}, left ${left}.`,
  error: 'over_limit',
  retry: 'no',
  moved: 'no',
  message_zh: expect.stringContaining(`最多 ${limit}，本次 ${asked}，已用 ${used}，还剩 ${left}（${variable}）。`),
  ...{ variable, asked, limit, used, left },
  money: 'Nothing was sent. This call moved nothing.',
  next_step: expect.stringMatching(
    new RegExp(
      `Do not split the amount to get around the limit: tell the user that only the operator can change ${variable}\\.$`,
    ),
  ),
  ...local,
  isError: true,
})

/** The same of a limit of each order or refund, of which nothing is ever used up. */
export function overEach(of: string, variable: string, asked: string, limit: string) {
  const { used: _used, left: _left, ...refused } = over(of, variable, asked, limit, '', '')
  const message = `Over the limit: ${asked} asked, and ${variable} allows ${limit} for ${of}.`
  const message_zh = expect.stringContaining(`最多 ${limit}，本次 ${asked}（${variable}）。`)
  return { ...refused, message, message_zh }
}

/** The whole refusal of everything while the operator has frozen it. */
export const FROZEN = {
  error: 'frozen',
  retry: 'after_change',
  moved: 'no',
  money: 'Nothing was sent. This call moved nothing.',
  next_step: expect.stringMatching(/^Tell the user and stop\. .*stay payable.*"alipay-mcp unfreeze"\.$/),
}
