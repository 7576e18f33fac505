// The shape of a tool, and the reading of its input: every fault of the input in one answer, in our own words.
import * as z from 'zod'
import { InputError } from '../errors.ts'
import type { WaitingCall } from '../orders/payment-watch.ts'
import type { OwnOrders } from '../orders/similar-orders.ts'
import type { QrFiles } from '../qr.ts'
import type { Refunds } from '../refunds/refund.ts'
import { type InputSchema, readArguments } from '../tool-input.ts'
import type { Pictured, ToolResult } from '../tool-result.ts'

/** What a tool works with. */
export interface Services extends WaitingCall {
  refunds: Refunds
  ownOrders: OwnOrders
  qrFiles: QrFiles
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
  /** Optional fields that are refused where they are empty: left out, they would ask for more. */
  refusedEmpty?(given: Readonly<Record<string, unknown>>): readonly string[]
  run(args: z.output<Input>, services: Services): Promise<ToolResult | Pictured>
}

export interface Tool extends Omit<Definition<z.ZodType>, 'run'> {
  /** @throws InputError before anything is sent */
  call(raw: unknown, services: Services): Promise<ToolResult | Pictured>
}

export function defineTool<Input extends z.ZodType>(definition: Definition<Input>): Tool {
  const { run, ...rest } = definition
  return { ...rest, call: async (raw, services) => run(readInput(definition, raw), services) }
}

function readInput<Input extends z.ZodType>(definition: Definition<Input>, raw: unknown): z.output<Input> {
  const { name, input, refusedEmpty } = definition
  const parsed = input.safeParse(readArguments(raw, schemaOf(input), refusedEmpty))
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => {
    const field = issue.path.join('.')
    return field ? `${field}: ${issue.message}` : issue.message
  })
  throw new InputError(`${name} was not called, its input is wrong. ${faults.join(' | ')}`)
}

const schemas = new WeakMap<z.ZodType, InputSchema>()

/** As it is advertised; made at the first call. */
function schemaOf(input: z.ZodType): InputSchema {
  const known = schemas.get(input)
  if (known) return known
  const made = inputSchema.parse(z.toJSONSchema(input, { io: 'input' }))
  schemas.set(input, made)
  return made
}

const inputSchema = z.object({
  properties: z.record(
    z.string(),
    z.object({
      type: z.string().optional(),
      pattern: z.string().optional(),
      enum: z.array(z.string()).optional(),
    }),
  ),
  required: z.array(z.string()).optional(),
})
