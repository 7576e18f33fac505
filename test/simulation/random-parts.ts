// What goes on in a shop at random: what buyers ask for, alone and at once, and in a race for one order.
import fc from 'fast-check'
import type { Device } from './buyers.ts'
import { often } from './often.ts'
import { host, trouble } from './random-calls.ts'
import type { Meanwhile, Operation } from './steps.ts'
import type { BuyerOperation, Part, Trick, Whose } from './steps-shop.ts'

type Arb<T> = fc.Arbitrary<T>
type Happening = Arb<readonly Meanwhile[]>
type Of<Does extends Part['does']> = Arb<Extract<Part, { does: Does }>>

export const buyer = often([0, 3], [1, 2], [2, 1])
const order = often([0, 4], [1, 3], [2, 2], [3, 1])
export const item = often([0, 4], [1, 5], [2, 4], [3, 2], [4, 2])
export const quantity = often([1, 3], [2, 1])
const soon = often([0, 4], [1, 2], [7, 2], [30, 1], [300, 1], [4_000, 1])
const killedAt = fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(25) })

export const create = (pays: Arb<boolean>): Arb<BuyerOperation> =>
  fc.record({
    ask: fc.constant('create'),
    item,
    quantity,
    tip: fc.nat(3),
    trick: often<Trick | undefined>([undefined, 12], ['price', 1], ['many', 1], ['nothing', 1], ['name', 1]),
    pays,
  })

export const named = (ask: 'query' | 'close' | 'deliver' | 'refund', whose: Arb<Whose>): Arb<BuyerOperation> =>
  fc.record({ ask: fc.constant(ask), order, whose })

const claim: Arb<BuyerOperation> = fc.record({
  ask: fc.constant('claim'),
  order,
  right: often([true, 3], [false, 1]),
  named: fc.boolean(),
})

const mostlyOwn = often<Whose>(['own', 8], ['any', 1])
export const anyOperation: Arb<BuyerOperation> = fc.oneof(
  { weight: 3, arbitrary: create(often([false, 1], [true, 1])) },
  { weight: 6, arbitrary: named('deliver', mostlyOwn) },
  { weight: 5, arbitrary: named('refund', mostlyOwn) },
  { weight: 3, arbitrary: named('query', mostlyOwn) },
  { weight: 1, arbitrary: named('close', mostlyOwn) },
  { weight: 2, arbitrary: claim },
  { weight: 1, arbitrary: fc.constant({ ask: 'items' }) },
  {
    weight: 1,
    arbitrary: fc.record({ ask: fc.constant('wait'), order, whose: mostlyOwn, seconds: fc.constantFrom(1, 20) }),
  },
)

const asking = (operation: Arb<BuyerOperation>, meanwhile: Happening): Of<'ask'> =>
  fc.record({ does: fc.constant('ask'), after: soon, buyer, operation, place: host, meanwhile })

const show: Of<'show'> = fc.record({
  does: fc.constant('show'),
  after: soon,
  order,
  device: fc.constantFrom<Device>('phone', 'computer'),
  insists: often([true, 2], [false, 1]),
  trouble,
})

const answer: Of<'answer'> = fc.record({
  does: fc.constant('answer'),
  after: soon,
  request: often([0, 3], [1, 1]),
  yes: often([true, 2], [false, 1]),
  killedAt,
})

const look: Of<'look'> = fc.record({
  does: fc.constant('look'),
  after: soon,
  place: often([0, 3], [1, 1]),
  looks: often([1, 1], [3, 2], [6, 1]),
  killedAt,
})

const wholeRefund: Operation = {
  ...{ call: 'refund', order: 0, request: 'rest', part: 0, number: 'none', by_trade_no: false },
}
const merchants: Arb<Operation> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(wholeRefund) },
  { weight: 1, arbitrary: fc.record({ ...constants(wholeRefund), part: fc.nat(3), request: fc.constant('part') }) },
  { weight: 2, arbitrary: fc.record({ call: fc.constant('deliver'), order: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ call: fc.constant('sell'), item, quantity }) },
)

function constants<T extends object>(fields: T) {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, fc.constant(value)])) as {
    [K in keyof T]: Arb<T[K]>
  }
}

const merchant = (meanwhile: Happening): Of<'merchant'> =>
  fc.record({
    does: fc.constant('merchant'),
    after: soon,
    call: fc.record({ operation: merchants, host, mood: fc.constant('yes'), meanwhile }),
  })

/** One thing alone. */
export const single = (operation: Arb<BuyerOperation>, meanwhile: Happening) => ({
  ask: asking(operation, meanwhile),
  buy: asking(create(fc.constant(true)), meanwhile),
  show,
  answer,
  merchant: merchant(meanwhile),
})

/** Of several buyers, or of one and the shop. */
export const atOnce = (operation: Arb<BuyerOperation>, meanwhile: Happening): Arb<Part> =>
  fc.oneof(
    { weight: 8, arbitrary: asking(operation, meanwhile) },
    { weight: 2, arbitrary: show },
    { weight: 2, arbitrary: answer },
    { weight: 2, arbitrary: look },
    { weight: 1, arbitrary: merchant(meanwhile) },
  )

/** For one order: who hands it out, and who gives the money back. */
export const race = (meanwhile: Happening): Arb<Part> => {
  const raced = fc.constant<Whose>('raced')
  return fc.oneof(
    { weight: 6, arbitrary: asking(named('deliver', raced), meanwhile) },
    { weight: 6, arbitrary: asking(named('refund', raced), meanwhile) },
    { weight: 3, arbitrary: show },
    { weight: 3, arbitrary: answer },
    { weight: 2, arbitrary: look },
    { weight: 2, arbitrary: merchant(meanwhile) },
    { weight: 1, arbitrary: asking(named('query', raced), meanwhile) },
  )
}
