// Where the page of a subscription is: the same kind of token as an order's page, under a path of its own.
const PATH = /\/s\/([0-9A-Za-z]{22})(?:\/(page|mobile|return|state|cancel))?$/
const STEPS = ['page', 'mobile', 'return', 'state', 'cancel'] as const

export interface SubscriptionPath {
  token: string
  /** Absent: the page itself. */
  step?: (typeof STEPS)[number]
}

export const subscriptionAddress = (at: string, token: string) => `${at}/s/${token}`

/** Undefined for anything else; a prefix of the public address may come before it. */
export function subscriptionPathIn(path: string): SubscriptionPath | undefined {
  const [, token, step] = PATH.exec(path) ?? []
  if (token === undefined) return undefined
  const known = STEPS.find((one) => one === step)
  return known === undefined ? { token } : { token, step: known }
}
