// The built-in buyers of the cashier; nobody's real account.

export interface Buyer {
  readonly account: string
  readonly name: string
  readonly english: string
  readonly buyer_logon_id: string
  readonly buyer_user_id: string
  readonly poor: boolean
}

export const BUYERS: readonly [Buyer, ...Buyer[]] = [
  {
    account: 'buyer1',
    name: '测试买家一',
    english: 'Test buyer 1',
    buyer_logon_id: 'abc***@sandbox.com',
    buyer_user_id: '2088000000000102',
    poor: false,
  },
  {
    account: 'buyer2',
    name: '测试买家二',
    english: 'Test buyer 2',
    buyer_logon_id: '159****0000',
    buyer_user_id: '2088000000000203',
    poor: false,
  },
  {
    // Its payments fail after the trade was created: the one way to a mobile trade that waits.
    account: 'poor',
    name: '余额不足的买家',
    english: 'Buyer without balance',
    buyer_logon_id: 'poo***@sandbox.com',
    buyer_user_id: '2088000000000304',
    poor: true,
  },
]

/** The buyer of that account name; the first one when none is named. */
export function buyerOf(account: string | undefined): Buyer | undefined {
  return account === undefined ? BUYERS[0] : BUYERS.find((buyer) => buyer.account === account)
}
