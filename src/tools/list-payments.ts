// Lists the orders that the ledger knows, and asks Alipay about the unfinished ones where that is wanted.
import * as z from 'zod'
import { beijingTime, DAY_MS, fromBeijingTime } from '../clock.ts'
import { listOrders } from '../orders/order-list.ts'
import { output, unknownKeys } from './fields.ts'
import { defineTool } from './tool.ts'

const STATES = ['waiting', 'paid', 'part_refunded', 'refunded', 'closed', 'alarm', 'undelivered', 'unknown'] as const
const TIME = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?)?$/
const NO_TIME = 'is no date; give "today", a day such as "2026-11-23", or "2026-11-23 14:00", in Beijing time.'

/** Milliseconds; a day alone is its beginning, or its end. */
const time = (about: string, ofDay: 'begins' | 'ends') =>
  z
    .string({ error: 'must be a text.' })
    .describe(about)
    .transform((text, ctx) => {
      const today = beijingTime(Date.now()).slice(0, 10)
      const [, day = '', minutes = '00:00', seconds = ':00'] = TIME.exec(text === 'today' ? today : text) ?? []
      const at = fromBeijingTime(`${day} ${minutes}${seconds}`)
      if (!Number.isNaN(at) && beijingTime(at) === `${day} ${minutes}${seconds}`) {
        return ofDay === 'ends' && !text.includes(':') ? at + DAY_MS : at
      }
      ctx.addIssue({ code: 'custom', message: NO_TIME })
      return z.NEVER
    })
    .optional()

const someText = (most: number, about: string) =>
  z
    .string({ error: 'must be a text.' })
    .refine((text) => text.length <= most, { error: `is longer than ${most} characters.` })
    .describe(about)
    .optional()

const fields = {
  state: z
    .enum(STATES, { error: `must be ${STATES.slice(0, -1).join(', ')} or unknown.` })
    .describe(
      'paid: nothing refunded; unknown: a step is in doubt; alarm: another amount was paid; undelivered: an item, paid. ' +
        'Takings: no state.',
    )
    .optional(),
  since: time('Created from this Beijing time on: "today", "2026-11-23" or "2026-11-23 14:00".', 'begins'),
  until: time('Created before this time; a date includes that whole day.', 'ends'),
  text: someText(256, 'Part of the subject or number.'),
  cursor: someText(256, 'Value of "next" from the previous page.'),
  limit: z
    .int({ error: 'must be a whole number.' })
    .min(1, { error: 'is under 1.' })
    .max(50, { error: 'is over 50; use cursor for more.' })
    .describe('Orders per page.')
    .default(20),
  refresh: z
    .boolean({ error: 'must be true or false.' })
    .describe('false: as last seen, without asking Alipay.')
    .default(true),
}
const input = z
  .strictObject(fields, { error: unknownKeys(Object.keys(fields)) })
  .refine(({ since = 0, until = Number.POSITIVE_INFINITY }) => since < until, {
    error: 'until: is not after since.',
    params: { zh: 'until 应晚于 since' },
  })

export const listPayments = defineTool({
  name: 'list_payments',
  title: 'List Alipay payments 订单列表',
  description:
    'Lists the orders of this ledger by when they were created, newest first, with sums. Asks Alipay about up to 10' +
    ' that can still change. Changes nothing. Use it after an interruption, for the takings of a day, or to find an order; not for one' +
    ' order whose number is known (query_payment).',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input,
  output: output({ orders: z.unknown().optional(), next: z.string().optional() }),
  run: ({ since, until, refresh, ...rest }, services) =>
    listOrders({ ...rest, created_from: since, created_before: until }, refresh, services),
})
