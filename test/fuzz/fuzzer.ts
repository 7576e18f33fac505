// What a fuzzer is: random inputs, what is done with each, and the properties that must hold of what comes.
import type fc from 'fast-check'

/** crash: of the process, or thrown; belief: something is taken for certain that nobody has signed or said. */
export type Kind = 'crash' | 'internal error' | 'belief' | 'other'

/** What came of one input; `text` is everything of it that somebody outside can read. */
export interface Came {
  readonly text: string
}

export interface Property<Input, C extends Came> {
  readonly name: string
  readonly kind: Kind
  /** What is wrong; undefined where the property holds. */
  fault(came: C, input: Input): string | undefined
}

export interface Subject<Input, C extends Came> {
  try(input: Input): Promise<C>
  close(): Promise<void>
}

export interface Fuzzer<Input, C extends Came> {
  readonly name: string
  readonly inputs: fc.Arbitrary<Input>
  readonly properties: readonly Property<Input, C>[]
  /** How many runs one slice has: then everything begins anew. */
  readonly slice: number
  /** Milliseconds that one input may take; a second, if absent. */
  readonly longest?: number
  open(seed: number): Promise<Subject<Input, C>>
}
