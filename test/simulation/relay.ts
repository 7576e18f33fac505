// Stands between a program and what it works with, so that what is asked can be seen, held, or answered otherwise.

/** Everything as the inner one does it, but for what is given instead. */
export function instead<T extends object>(inner: T, others: Partial<T>): T {
  return new Proxy(inner, { get: (_, name) => Reflect.get(others, name) ?? own(inner, name) })
}

/** Each method is called by way of `pass`. */
export function passing<T extends object>(
  inner: T,
  pass: (name: string, operation: () => unknown, args: readonly unknown[]) => unknown,
): T {
  return new Proxy(inner, {
    get(_, name) {
      const operation = own(inner, name)
      if (typeof operation !== 'function') return operation
      return (...args: unknown[]) => pass(String(name), () => operation(...args), args)
    },
  })
}

/** Whichever there is at the moment. */
export function whichever<T extends object>(now: () => T): T {
  return new Proxy(now(), { get: (_, name) => own(now(), name) })
}

/** With its own `this`, because of private fields. */
function own(inner: object, name: PropertyKey) {
  const value: unknown = Reflect.get(inner, name)
  return typeof value === 'function' ? (...args: unknown[]): unknown => Reflect.apply(value, inner, args) : value
}
