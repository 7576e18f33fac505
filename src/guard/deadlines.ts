// How long each step of a call may take, in milliseconds: hosts cut a call at 60 s, so each has to answer within 55.
// A test adds the worst case of each call up; docs/architecture.md has the sums.

/** Of reads that come before something else: the order is looked up, repeats included. */
export const LOOK_UP_MS = 5_000
/** Of one more question beside the call's own: what is in doubt, a refund number, an order that was replaced. */
export const READ_MS = 3_000

/** Of a read that a notification overtook, once more. */
export const READ_AGAIN_MS = 1_000

/** create_payment and query_payment with pages of `listen`: whether they are there, asked now and then. */
export const FRONT_MS = 3_000

/** wait_for_payment: between two polls, by the guidance of Alipay's page on polling (every 3 to 5 seconds). */
export const BETWEEN_POLLS_MS = 3_000
/** Meanwhile between two looks at the ledger, where a notification may have come in: far cheaper than a poll. */
export const BETWEEN_LOOKS_MS = 300
/** A poll that hangs must not carry the longest wait (45 s) past the end. */
export const POLL_MS = 4_000

/** create_payment with a code: the first try, a pause, and the same content once more. */
export const FIRST_CODE_MS = 15_000
export const CODE_PAUSE_MS = 600
export const SECOND_CODE_MS = 10_000

/** A close, and the look at the order where its answer does not tell. */
export const CLOSE_MS = 10_000
export const AFTER_CLOSE_MS = 4_000

/** refund_payment: two tries (docs/architecture.md, rule 5), then a reading at once and one when Alipay must know the number. */
export const FIRST_REFUND_MS = 15_000
export const REFUND_PAUSE_MS = 3_000
export const SECOND_REFUND_MS = 10_000
export const READ_AFTER_SEND_MS = 10_000
export const REFUND_READ_MS = 4_000
/** How long an operator is waited for, counted from the beginning of the call: the refund itself wants most of it. */
export const OPERATOR_MS = 12_000

/** query_refund: its one question. */
export const REFUND_QUERY_MS = 15_000

/** list_payments: no order is asked about later than this, and each has a look-up and a read. */
export const LAST_REFRESH_MS = 5_000

// A computer may sleep, or its clock be set, between a decision and the first byte: then it is a new decision
// (docs/architecture.md, rule 2). By wall clock.
/** From the commit of `sent` to the first byte. */
export const SEND_MS = 5_000
/** From the look at the order, or the yes, to a refund's first try; from Alipay's word on a subscription to its charge. */
export const DECISION_MS = 35_000
/** From the first try to its repeat. */
export const REPEAT_MS = 40_000

/** [guess G2] So long after its last send, a number of which Alipay still knows nothing was not executed. */
export const IN_DOUBT_MS = 600_000

/** charge_subscription: the one try, and then when Alipay is asked what became of it. */
export const CHARGE_MS = 15_000
export const AFTER_CHARGE_MS = [2_000, 4_000, 6_000] as const
