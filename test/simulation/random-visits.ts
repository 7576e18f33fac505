// Buyers at the pages, Alipay's notifications, forged ones, and watchers, at random.
import fc from 'fast-check'
import type { FormName } from '../../src/emulator/notifications/forms.ts'
import type { Device, Way } from './buyers.ts'
import type { Claim } from './courier.ts'
import { often } from './often.ts'
import { order, pays, trouble } from './random-calls.ts'
import type { Step } from './steps.ts'

type Of<Does extends Step['does']> = fc.Arbitrary<Extract<Step, { does: Does }>>

const way = often<Way>(
  ...([
    ['page', 6],
    ['mobile', 4],
    ['look', 2],
    ['state', 2],
    ['return', 1],
    ['ahead', 1],
    ['head', 1],
    ['unknown', 1],
    ['foreign', 1],
  ] as const),
)

const visitBy = (pays: fc.Arbitrary<boolean>): Of<'visit'> =>
  fc.record({
    does: fc.constant('visit'),
    order,
    way,
    device: fc.constantFrom<Device>('computer', 'phone', 'wechat', 'alipay'),
    pays,
    insists: fc.boolean(),
    trouble,
  })

export const visit = visitBy(pays)

/** By somebody who pays later, if at all. */
export const lateVisit = visitBy(often([false, 5], [true, 1]))

/** Not oversized: two megabytes of nothing cost more than a story. Not badly encoded: a cup of tea is the same in GBK. */
const FORGED: readonly FormName[] = [
  ...(['altered', 'forged', 'unsigned', 'sha1', 'doubled'] as const),
  ...(['other_app', 'other_seller', 'other_amount', 'other_order'] as const),
]
const GENUINE: readonly FormName[] = ['again', 'gbk', 'empty_value', 'empty_value_signed']

export const notification: Of<'notify'> = fc.record({
  does: fc.constant('notify'),
  back: often([0, 4], [1, 2], [2, 1], [3, 1]),
  form: fc.oneof(
    { weight: 4, arbitrary: fc.constant<FormName>('again') },
    { weight: 1, arbitrary: fc.constantFrom(...GENUINE) },
    { weight: 1, arbitrary: fc.constantFrom(...FORGED) },
  ),
  trouble,
})

/** Whatever it claims, it is not Alipay's, or not about this order as it is here. */
export const invention: Of<'invent'> = fc.record({
  does: fc.constant('invent'),
  order,
  claim: often<Claim>(['paid', 3], ['refunded', 2], ['closed', 1]),
  form: fc.constantFrom(...FORGED),
})

export const watch: Of<'watch'> = fc.record({
  does: fc.constant('watch'),
  place: often([0, 3], [1, 1]),
  looks: often([1, 2], [3, 2], [6, 1]),
  killedAt: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(20) }),
})
