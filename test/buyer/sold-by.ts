// What a shop for tests sells, and its limits.
import type { ShopSettings } from '../../src/settings/role.ts'
import { BuyerMisses, type Shop } from '../../src/shop/buyer.ts'
import { ShopItems } from '../../src/shop/shop-items.ts'

export interface Selling {
  itemsFile: string
  settings?: Partial<ShopSettings>
  say?: (line: string) => void
}

export function soldBy({ itemsFile, settings, say = () => {} }: Selling): Shop {
  const usual = { singleBuyer: false, buyerOpen: 3, buyerPerHour: 10, allOpen: 500, buyerRefundsFen: 10_000 }
  const all = { itemsFile, deliverySecret: undefined, ...usual, ...settings }
  return {
    items: new ShopItems(itemsFile, all.deliverySecret !== undefined, say),
    settings: all,
    misses: new BuyerMisses(),
  }
}
