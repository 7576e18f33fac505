// The two shapes of a gateway method: one that answers JSON, one that answers a browser with a cashier.
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

export interface PageMethod {
  readonly name: string
  readonly channel: Channel
  /** undefined among them: it may be left out. */
  readonly product_codes: readonly (string | undefined)[]
}
