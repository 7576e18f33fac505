// The judge of buyers' chats can fail: each delivery beyond the policy is found in a history that was made up for it.
import { expect, it } from 'vitest'
import { judge } from './judge.ts'
import { MadeUp } from './made-up-history.ts'

type Tell = (history: MadeUp) => MadeUp
const verdict = (tell: Tell) => judge(tell(new MadeUp()).history)
const codes = (...all: string[]) => ({ codes: all.join(' | ') })

const GOODS: readonly (readonly [string, RegExp, Tell])[] = [
  ['a delivery unpaid', /delivered unpaid/, (h) => h.orders('anna', 'advice', 'a1').delivers('anna', 'a1')],
  [
    'a delivery before the payment',
    /delivered unpaid/,
    (h) => h.orders('anna', 'advice', 'a1').delivers('anna', 'a1').pays('a1'),
  ],
  [
    'two first deliveries',
    /2 times for the first time/,
    (h) => h.bought('anna', 'advice', 'a1').delivers('anna', 'a1').delivers('anna', 'a1'),
  ],
  [
    'a delivery after a refund',
    /after it was refunded or asked back/,
    (h) => h.bought('anna', 'advice', 'a1').givesBack('a1', '15.00').delivers('anna', 'a1'),
  ],
  [
    'a delivery while a request waits',
    /after it was refunded or asked back/,
    (h) => h.bought('anna', 'advice', 'a1').refunds('anna', 'a1').delivers('anna', 'a1'),
  ],
  [
    'a delivery while nobody knows how a refund ended',
    /after it was refunded or asked back/,
    (h) =>
      h
        .bought('anna', 'poem', 'a1')
        .refunds('anna', 'a1', undefined, { refused: true, fields: { error: 'unknown' } })
        .delivers('anna', 'a1'),
  ],
  [
    'a delivery beside a refund at the same time',
    /and refunded by its buyer/,
    (h) => h.bought('anna', 'poem', 'a1').delivers('anna', 'a1').refunds('anna', 'a1', '19.90'),
  ],
  ['a delivery to another', /delivered to bert/, (h) => h.bought('anna', 'advice', 'a1').delivers('bert', 'a1')],
  [
    'a delivery by the claim code of an unpaid order',
    /delivered to bert/,
    (h) => h.orders('anna', 'advice', 'a1').claims('bert', 'a1').pays('a1').delivers('bert', 'a1'),
  ],
  [
    'a delivery by a claim code beside another number',
    /delivered to bert/,
    (h) => h.bought('anna', 'advice', 'a1').claims('bert', 'a1', { out_trade_no: 'b9' }).delivers('bert', 'a1'),
  ],
  [
    'too few codes',
    /1 codes in place of 2/,
    (h) => h.bought('anna', 'key', 'a1', { quantity: 2 }).delivers('anna', 'a1', codes('CODE-A')),
  ],
  [
    'too many codes',
    /2 codes in place of 1/,
    (h) => h.bought('anna', 'key', 'a1').delivers('anna', 'a1', codes('CODE-A', 'CODE-B')),
  ],
  [
    'other codes the second time',
    /with other codes the second time/,
    (h) =>
      h
        .bought('anna', 'key', 'a1')
        .delivers('anna', 'a1', codes('CODE-A'))
        .delivers('anna', 'a1', { first_time: false, ...codes('CODE-B') }),
  ],
  [
    'one code for two orders',
    /a code of a1 was delivered to b1, too/,
    (h) =>
      h
        .bought('anna', 'key', 'a1')
        .delivers('anna', 'a1', codes('CODE-A'))
        .bought('bert', 'key', 'b1')
        .delivers('bert', 'b1', codes('CODE-A')),
  ],
  [
    'a code in another answer',
    /what key delivers was shown to anna by list_items/,
    (h) => h.asks('anna', 'list_items', {}, { items: 'CODE-C' }),
  ],
  [
    'the goods of another item',
    /what key delivers was shown to anna/,
    (h) => h.bought('anna', 'poem', 'a1').delivers('anna', 'a1', codes('CODE-A')),
  ],
  [
    'a page that shows what is unpaid',
    /delivered unpaid/,
    (h) =>
      h
        .orders('anna', 'poem', 'a1')
        .asks('whoever has the link of a1', 'page', { out_trade_no: 'a1' }, {}, { text: 'the moon is bright' }),
  ],
]

it.each(GOODS)('the judge finds %s', (_what, words, tell) => {
  expect(verdict(tell)).toContainEqual(expect.stringMatching(words))
})
