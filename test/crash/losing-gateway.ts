// A gateway on which one request or one answer is lost: the first that changes something.
import type { Gateway } from '../../src/gateway/gateway.ts'
import type { Loss } from './plan.ts'

const CHANGING: readonly PropertyKey[] = ['refund', 'precreate', 'close']
const LOST = { outcome: 'unknown', why: 'the answer was lost' }

/** @param loss undefined: nothing is lost */
export function losing(gateway: () => Gateway, loss: Loss | undefined): Gateway {
  let left = loss
  return new Proxy(gateway(), {
    get(_, key) {
      const operation: unknown = Reflect.get(gateway(), key)
      if (typeof operation !== 'function') return operation
      return async (...args: unknown[]) => {
        const now = CHANGING.includes(key) ? left : undefined
        if (now === 'request') {
          left = undefined
          return LOST
        }
        const answer: unknown = await Reflect.apply(operation, gateway(), args)
        if (now === undefined) return answer
        left = undefined
        return LOST
      }
    },
  })
}
