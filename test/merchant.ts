// The merchant in the chat: what he was asked, and what he says.
import { YES } from '../src/approval/chat.ts'
import type { ShopOptions } from './shop.ts'

export class Merchant {
  readonly questions: string[] = []
  says: (question: string) => unknown = () => YES

  /** For openShop; its rules can be set anew before a restart. */
  readonly options: ShopOptions = {
    answer: (question) => {
      this.questions.push(question)
      return this.says(question)
    },
  }

  /** He was asked nothing yet, and says yes to whatever comes. */
  begin(): void {
    this.questions.length = 0
    this.says = () => YES
  }
}
