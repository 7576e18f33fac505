// The shape of a tool, and the reading of its input: every fault of the input in one answer, in our own words.
import type * as z from 'zod'
import { InputError } from '../errors.ts'
import type { Channel, Environment } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import type { Refunds } from '../guard/refunds.ts'
import type { Watches } from '../ledger/watches.ts'
import type { QrFiles } from '../qr-files.ts'
import type { LookedUp } from './look-up.ts'
import { withReplaced } from './paid-twice.ts'

/** What a tool works with. */
export interface Services extends Call {
  environment: Environment
  /** Configured ways to pay; the first is the default. */
  channels: readonly Channel[]
  refunds: Refunds
  watches: Watches<LookedUp>
  qrFiles: QrFiles
  /** Aborts when the process is about to leave. */
  stopping?: AbortSignal | undefined
  /** Set where the host asked to be told how far a call is. */
  progress?: ((done: number, total: number) => void) | undefined
}

export type Value = string | number | boolean | undefined
/** One of several orders or refunds in a result. */
export type Item = Readonly<Record<string, Value>>

/** Plain data; `message` is a sentence for people, `next_step` the call or deed that follows. */
export type ToolResult = { message: string } & Readonly<Record<string, Value | readonly Item[]>>

/** A result with a picture, which goes out beside the text. */
export class Pictured {
  constructor(
    readonly told: ToolResult,
    readonly png: Uint8Array,
  ) {}
}

/** All four, always: hosts take an absent hint for the worst or for the best, as they like. */
export interface Hints {
  readOnlyHint: boolean
  destructiveHint: boolean
  idempotentHint: boolean
  openWorldHint: boolean
}

interface Definition<Input extends z.ZodType> {
  name: string
  title: string
  /** What it does, what it changes, when not to use it, what comes next. */
  description: string
  hints: Hints
  input: Input
  output: z.ZodType
  run(args: z.output<Input>, services: Services): Promise<ToolResult | Pictured>
}

export interface Tool extends Omit<Definition<z.ZodType>, 'run'> {
  /** @throws InputError before anything is sent */
  call(raw: unknown, services: Services): Promise<ToolResult | Pictured>
}

export function defineTool<Input extends z.ZodType>(definition: Definition<Input>): Tool {
  const { run, ...rest } = definition
  const call = async (raw: unknown, services: Services) => {
    const result = await run(readInput(definition, raw), services)
    if (!(result instanceof Pictured)) return withReplaced(result, services)
    return new Pictured(await withReplaced(result.told, services), result.png)
  }
  return { ...rest, call }
}

function readInput<Input extends z.ZodType>(
  { name, input }: Definition<Input>,
  raw: unknown,
): z.output<Input> {
  const parsed = input.safeParse(raw ?? {})
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => {
    const field = issue.path.join('.')
    return field ? `${field}: ${issue.message}` : issue.message
  })
  throw new InputError(`${name} was not called, its input is wrong. ${faults.join(' | ')}`)
}
