// Takes one protection out of a ledger, to see that the tests for it can fail.
import type { Ledger } from '../../src/ledger/ledger.ts'
import type { Plan } from './plan.ts'

/**
 * lease: every send is let through, whoever holds the intent by then. sent: the send is not written down, so that the
 * intent looks as if it had only been prepared.
 */
export function sabotaged(ledger: Ledger, sabotage: Plan['sabotage']): Ledger {
  if (sabotage === undefined) return ledger
  return new Proxy(ledger, {
    get(_, key) {
      const operation: unknown = Reflect.get(ledger, key)
      if (typeof operation !== 'function') return operation
      return async (...args: unknown[]) => {
        if (key !== 'markSending') return Reflect.apply(operation, ledger, args)
        if (sabotage === 'lease') await Reflect.apply(operation, ledger, args)
        return 'go'
      }
    },
  })
}
