// The names of the tools, in the order in which they are listed: settings choose among them without loading the tools.

export const TOOL_NAMES = [
  'create_payment',
  'wait_for_payment',
  'query_payment',
  'refund_payment',
  'query_refund',
  'close_payment',
  'list_payments',
] as const
