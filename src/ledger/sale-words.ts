// What a shop promises of an order, in both languages: on its page before it is paid, and in the results of tools.
import type { Both } from '../language.ts'
import { toYuan } from '../money.ts'
import type { RefundPolicy, SaleTerms } from './shop.ts'

export function refundPolicyWords(refund: RefundPolicy, tip: boolean): Both {
  switch (refund.policy) {
    case 'never':
      return { en: 'No refund.', zh: '不支持退款。' }
    case 'operator':
      return { en: 'The shop decides about each refund.', zh: '退款由商家审核。' }
    case 'auto': {
      const [within, most] = [timeWords(refund.minutes), toYuan(refund.max_fen)]
      const [en, zh] = tip ? ['', ''] : [', as long as nothing was delivered', '、尚未交付']
      return {
        en: `On request refunded in full within ${within.en} of the payment, up to ${most} yuan${en}; otherwise the shop decides.`,
        zh: `付款后 ${within.zh}内申请${zh}且不超过 ${most} 元的，全额退还；其余由商家审核。`,
      }
    }
  }
}

function timeWords(minutes: number): Both {
  if (minutes % 1_440 === 0) return counted(minutes / 1_440, 'day', '天')
  if (minutes % 60 === 0) return counted(minutes / 60, 'hour', '小时')
  return counted(minutes, 'minute', '分钟')
}

const counted = (count: number, en: string, zh: string): Both => ({
  en: `${count} ${en}${count === 1 ? '' : 's'}`,
  zh: `${count} ${zh}`,
})

/** Whether anything is owed for it: for a tip nothing but thanks. */
export const isNothingDue = ({ deliver, tip }: SaleTerms) => tip && deliver === 'none'
