// The settings of a story, at random: what the operator set, and how Alipay and the network are.
import fc from 'fast-check'
import { often, seldom } from './often.ts'
import { type Settings, TOTALS } from './steps.ts'

export const settings: fc.Arbitrary<Settings> = fc.record({
  approval: often<Settings['approval']>([undefined, 1], ['chat', 2], ['operator', 1], ['none', 1]),
  forms: often([true, 2], [false, 1]),
  era: fc.constantFrom('old', 'modern'),
  warmUp: fc.boolean(),
  approveAboveFen: seldom(2_000, 4_000),
  dailyRefundsFen: seldom(6_000, 10_000),
  dailyPaymentsFen: seldom(20_000, 26_000),
  maxRefundFen: often<number | undefined>([undefined, 9], [5_000, 1]),
  latencies: fc.array(often([1, 2], [5, 1], [40, 1], [300, 1]), { minLength: 1, maxLength: 4 }),
  file: often([false, 24], [true, 1]),
  precreate_repeat: fc.constantFrom('code_again', 'refused'),
  close_before_scan: fc.constantFrom('not_exist_only', 'blocks'),
  close_notification: fc.constantFrom('sent', 'not_sent'),
  two_products: fc.constantFrom('continued', 'refused'),
  pages: often<Settings['pages']>(['all', 3], ['none', 2], ['first', 1]),
  notified: fc.constantFrom('soon', 'by_step'),
  orders: fc
    .array(fc.record({ total: fc.nat(TOTALS.length - 1), paid: often([true, 4], [false, 1]) }), {
      maxLength: 1,
    })
    .map((others) => [{ total: 0, paid: true }, ...others]),
  shop: fc.constant(undefined),
  subscriptions: fc.constant(undefined),
})
