// The shape of a tool, and the reading of its input: every fault of the input in one answer, in our own words.
import * as z from 'zod'
import type { CheckoutPages } from '../checkout/short-link.ts'
import { InputError } from '../errors.ts'
import type { WaitingCall } from '../orders/payment-watch.ts'
import type { OwnOrders } from '../orders/similar-orders.ts'
import type { QrFiles } from '../qr.ts'
import type { Refunds } from '../refunds/refund.ts'
import type { ShopCall } from '../shop/buyer.ts'
import type { RequestDesk } from '../shop/buyer-refund.ts'
import { type InputSchema, readArguments } from '../tool-input.ts'
import type { Pictured, ToolResult } from '../tool-result.ts'
import { quotedKeys, TAKES_ZH } from './fields.ts'

/** What a tool works with. */
export interface Services extends WaitingCall, ShopCall {
  refunds: Refunds
  requestDesk?: RequestDesk | undefined
  ownOrders: OwnOrders
  qrFiles: QrFiles
  /** Absent: no pages, orders have links of Alipay's. */
  pages?: CheckoutPages | undefined
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
  const known = Object.keys(schemaOf(input).properties).join('、')
  const faultsZh = new Set(parsed.error.issues.map((issue) => faultZh(issue, known)))
  throw new InputError(
    `${name} was not called, its input is wrong. ${faults.join(' | ')}`,
    `请求没有执行：${[...faultsZh].join('；')}。请改正后再调用。本次没有动钱。`,
  )
}

const ownZh = z.object({ params: z.object({ zh: z.string() }) })

/** Which field is wrong, and what it takes. @param known the fields of the tool */
function faultZh(issue: z.core.$ZodIssue, known: string): string {
  const field = String(issue.path[0] ?? '')
  if (field !== '') return `${field} 应为 ${TAKES_ZH[field]}`.replace(/应为 (?=\p{Script=Han})/u, '应为')
  if (issue.code !== 'unrecognized_keys') return ownZh.safeParse(issue).data?.params.zh ?? '参数应为一个对象'
  const currency = issue.keys.some((key) => /currency/i.test(key)) ? '，只能收人民币，请问清以元计的价格' : ''
  const fields = known === '' ? '，这个工具没有参数' : `，可用的字段有 ${known}`
  return `没有 ${quotedKeys(issue.keys).join('、')} 这个字段${currency}${fields}`
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
