// How each tool must be described: what it does, what it changes, when not to use it, and what comes next.

export const WORDS: Readonly<Record<string, readonly string[]>> = {
  create_payment: [
    'Makes an order and returns pay_url',
    'Moves no money',
    'Not to show a link again (query_payment)',
    'then call wait_for_payment',
  ],
  wait_for_payment: [
    'Waits until the order is paid',
    'Changes nothing',
    'not to see an old order',
    'call it again',
  ],
  query_payment: [
    "Asks Alipay for an order's status",
    'Changes nothing',
    'not to list orders',
    'Ask again after 5 seconds',
  ],
  refund_payment: ['Gives back', 'Moves money out', 'Not for unpaid orders', 'call query_refund'],
  query_refund: [
    'Asks Alipay whether a refund',
    'Changes nothing',
    'does not know refunds made by',
    'ask again',
  ],
  close_payment: [
    'Closes an order',
    'Never moves money',
    'for a paid order use refund_payment',
    'call query_payment',
  ],
  list_payments: [
    'Lists the orders of this ledger',
    'Changes nothing',
    'not for one order (query_payment)',
    'do next_step',
  ],
}
