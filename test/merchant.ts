// The merchant in the chat: what he was asked, and what he says.

import { beforeEach } from 'vitest'
import { YES } from '../src/approval/chat.ts'
import type { ShopOptions } from './shop.ts'

/** Called before useShop: each test begins with his rules. */
export function useMerchant(rules: ShopOptions['rules'] = {}): Merchant {
  const merchant = new Merchant()
  beforeEach(() => merchant.begin(rules))
  return merchant
}

class Merchant {
  readonly questions: string[] = []
  says: (question: string) => unknown = () => YES

  /** For useShop; its rules can be set anew before a restart. */
  readonly options: ShopOptions = {
    answer: (question) => {
      this.questions.push(question)
      return this.says(question)
    },
  }

  /** He was asked nothing yet, and says yes to whatever comes. */
  begin(rules: ShopOptions['rules']): void {
    this.options.rules = { ...rules }
    this.questions.length = 0
    this.says = () => YES
  }
}
