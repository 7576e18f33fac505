// The shape of the advice on a refusal, and the short form in which the refusal tables state it.

export interface Advice {
  cause: { zh: string; en: string }
  remedy: { zh: string; en: string }
  /** By the call that got this answer; an earlier one may have moved money all the same. */
  money_moved: 'no' | 'maybe'
  /**
   * Of the identical call. yes: at any time, at most wait a little. after_fix: once the cause is gone, unchanged.
   * no: it is refused again, the request has to change. only_identical: the outcome is open, so find out first, and
   * repeat nothing but the same request with the same numbers.
   */
  safe_to_repeat: 'yes' | 'after_fix' | 'no' | 'only_identical'
  who: 'model' | 'operator' | 'buyer' | 'alipay'
}

type Facts = Pick<Advice, 'money_moved' | 'safe_to_repeat' | 'who'>

/** The model changes its request, or looks at the order before it requests anything else. */
export const MODEL: Facts = { money_moved: 'no', safe_to_repeat: 'no', who: 'model' }
/** Nothing to mend: wait or ask again. */
export const AGAIN: Facts = { money_moved: 'no', safe_to_repeat: 'yes', who: 'model' }
/** Mended in the configuration, the console or the contract; then the same call is right. */
export const OPERATOR: Facts = { money_moved: 'no', safe_to_repeat: 'after_fix', who: 'operator' }
/** Closed for good at Alipay; what is left, the operator does by other means. */
export const OUTSIDE: Facts = { money_moved: 'no', safe_to_repeat: 'no', who: 'operator' }
export const BUYER: Facts = { money_moved: 'no', safe_to_repeat: 'after_fix', who: 'buyer' }
/** A limit, a block or a state that only Alipay lifts. */
export const ALIPAY: Facts = { money_moved: 'no', safe_to_repeat: 'after_fix', who: 'alipay' }
/** Nobody can tell yet what this call did. */
export const OPEN: Facts = { money_moved: 'maybe', safe_to_repeat: 'only_identical', who: 'model' }

export interface Row {
  codes: readonly string[]
  advice: Advice
}

/** @param codes one or several sub_codes with the same advice, separated by spaces */
export function row(
  codes: string,
  facts: Facts,
  causeZh: string,
  causeEn: string,
  remedyZh: string,
  remedyEn: string,
): Row {
  const texts = { cause: { zh: causeZh, en: causeEn }, remedy: { zh: remedyZh, en: remedyEn } }
  return { codes: codes.split(' '), advice: { ...texts, ...facts } }
}
