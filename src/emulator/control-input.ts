// Reads the JSON of a control request; every complaint says what is allowed.

export type ControlBody = Readonly<Record<string, unknown>>

/** Answered as an HTTP 4xx with a JSON `error`, and `allowed` where there is a list. */
export class ControlError extends Error {
  constructor(
    message: string,
    readonly allowed?: readonly string[],
    readonly status: number = 400,
  ) {
    super(message)
  }
}

export function parseControlBody(text: string, keys: readonly string[]): ControlBody {
  let value: unknown
  try {
    value = JSON.parse(text || '{}')
  } catch {
    throw new ControlError('The body is not JSON.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ControlError('The body must be a JSON object.')
  }
  const unknown = Object.keys(value).find((key) => !keys.includes(key))
  if (unknown !== undefined) throw new ControlError(`There is no field ${JSON.stringify(unknown)} here.`, keys)
  return { ...value }
}

export function optionalText(body: ControlBody, key: string): string | undefined {
  const value = body[key]
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw new ControlError(`"${key}" must be a text that is not empty.`)
}

/** One of the words; without the field the fallback, and without that a refusal. */
export function readWord<Word extends string>(
  body: ControlBody,
  key: string,
  words: readonly Word[],
  fallback?: Word,
): Word {
  const text = optionalText(body, key)
  const word = text === undefined ? fallback : words.find((one) => one === text)
  if (word === undefined) throw new ControlError(`"${key}" must be one of these.`, words)
  return word
}

export function optionalWhole(body: ControlBody, key: string, most: number): number | undefined {
  const value = body[key]
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= most) return value
  throw new ControlError(`"${key}" must be a whole number from 1 to ${most}.`)
}
