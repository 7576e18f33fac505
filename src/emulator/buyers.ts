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

const others = new Map<string, Buyer>()

/** Beside those above: buyer3, buyer4 and so on, as many as somebody asks for. */
function otherBuyer(account: string): Buyer | undefined {
  const count = /^buyer(\d{1,6})$/.exec(account)?.[1]
  if (count === undefined || count.startsWith('0')) return undefined
  const made: Buyer = others.get(account) ?? {
    account,
    name: `测试买家 ${count}`,
    english: `Test buyer ${count}`,
    buyer_logon_id: `b${count.slice(-2)}***@sandbox.com`,
    buyer_user_id: `2088999999${count.padStart(6, '0')}`,
    poor: false,
  }
  others.set(account, made)
  return made
}

/** The buyer of that account name; the first one when none is named. */
export function buyerOf(account: string | undefined): Buyer | undefined {
  if (account === undefined) return BUYERS[0]
  return BUYERS.find((buyer) => buyer.account === account) ?? otherBuyer(account)
}
