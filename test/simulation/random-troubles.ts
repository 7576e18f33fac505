// What goes wrong between server and Alipay, at random: faults of the emulator, of the network, and answers given again.
import fc from 'fast-check'
import { FAULTS, type FaultName, isFaultName } from '../../src/emulator/faults.ts'
import type { NetworkFault } from './network.ts'
import { often } from './often.ts'

export const method = often<string | undefined>(
  ['alipay.trade.refund', 6],
  ['alipay.trade.fastpay.refund.query', 3],
  ['alipay.trade.query', 2],
  ['alipay.trade.close', 1],
  ['alipay.trade.precreate', 1],
  [undefined, 3],
)
export const times = often([1, 3], [2, 3], [5, 1], [20, 1])
const ms = fc.constantFrom(2_000, 14_000, 20_000, 60_000, 400_000)

const SUB_CODES = ['SELLER_BALANCE_NOT_ENOUGH', 'TRADE_NOT_ALLOW_REFUND', 'INVALID_PARAMETER', 'TRADE_HAS_CLOSE']
export const fault = fc.record({
  does: fc.constant('fault' as const),
  fault: fc.constantFrom(...[...FAULTS.keys()].filter(isFaultName)),
  method,
  times,
  ms,
  sub_code: fc.constantFrom(...SUB_CODES.map((code) => `ACQ.${code}`)),
})

// First try and repeat are both hit.
export const doubt = fc.record({
  does: fc.constant('fault' as const),
  fault: fc.constantFrom<FaultName>('lost_before', 'late', 'http_502', '20000_before', 'system_error_before', 'late'),
  method: fc.constant('alipay.trade.refund'),
  times: fc.constant(2),
  ms,
  sub_code: fc.constant(''),
})

export const replay: fc.Arbitrary<NetworkFault> = fc.record({
  kind: fc.constant('replayed'),
  gives: fc.constantFrom('earlier', 'swapped'),
  back: often([0, 3], [1, 2], [2, 1], [5, 1]),
  effect: fc.boolean(),
})

export const networkFault: fc.Arbitrary<NetworkFault> = fc.oneof(
  fc.record({ kind: fc.constant('slow_connection'), ms: fc.constantFrom(1_000, 6_000, 14_000) }),
  fc.constant({ kind: 'no_connection' }),
  fc.record({
    kind: fc.constant('forged'),
    says: often<'done' | 'refused' | 'nothing'>(['done', 2], ['refused', 1], ['nothing', 1]),
    signed: fc.constantFrom('not', 'wrongly'),
    effect: fc.boolean(),
  }),
  { weight: 2, arbitrary: replay },
)
