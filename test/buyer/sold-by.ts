// What a shop for tests sells, and its limits.
import type { ShopSettings } from '../../src/settings/role.ts'
import { newShop, type Shop } from '../../src/shop/buyer.ts'

export interface Selling {
  itemsFile: string
  settings?: Partial<ShopSettings>
  say?: (line: string) => void
}

export function soldBy({ itemsFile, settings, say = () => {} }: Selling): Shop {
  const usual = { singleBuyer: false, buyerOpen: 3, buyerPerHour: 10, allOpen: 500, buyerRefundsFen: 10_000 }
  const shop = newShop({ itemsFile, deliverySecret: undefined, ...usual, ...settings }, say)
  if (!shop) throw new Error('without an items file nothing is sold')
  return shop
}
