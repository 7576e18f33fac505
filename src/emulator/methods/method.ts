// The shapes of a gateway method: one that answers JSON, and those that answer a browser with a page, to pay or to sign.
import type { Signing } from '../agreements/agreement.ts'
import type { Fields } from '../answers.ts'
import type { BizContent } from '../biz-content.ts'
import type { Platform } from '../platform.ts'
import type { Channel } from '../trade.ts'

/** `run` throws a Refusal where Alipay refuses; `refusalFields` are what a refusal carries besides its code. */
export interface ApiMethod {
  readonly name: string
  run(biz: BizContent, platform: Platform, common: ReadonlyMap<string, string>): Fields
  refusalFields?(biz: BizContent): Fields
}

/** A link to a page of Alipay's. */
export interface PageMethod {
  readonly name: string
}

/** A cashier. */
export interface PaymentMethod extends PageMethod {
  readonly channel: Channel
  /** undefined among them: it may be left out. */
  readonly product_codes: readonly (string | undefined)[]
}

/** The page on which a buyer agrees to be charged. */
export interface SignMethod extends PageMethod {
  open(biz: BizContent, common: ReadonlyMap<string, string>, platform: Platform): Signing
}
