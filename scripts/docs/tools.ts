// The reference of docs/tools.md: each tool with its purpose, inputs and results, and what the fields of results mean.
import * as z from 'zod'
import { BUYER_TOOLS, MERCHANT_TOOLS } from '../../src/tools/index.ts'
import { offerOf } from '../../src/tools/offers.ts'
import { sellShopItem } from '../../src/tools/sell-item.ts'
import type { Tool } from '../../src/tools/tool.ts'
import { asCode, type Both, type Language, table, withCode } from './language.ts'
import { RESULT_FIELDS, RESULTS, RESULTS_FOR_BUYERS } from './result-fields.ts'

const field = z.object({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxLength: z.number().optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  description: z.string(),
})
type Field = z.infer<typeof field>
const schema = z.object({ properties: z.record(z.string(), field), required: z.array(z.string()).default([]) })

const fieldsOf = (tool: Tool) => schema.parse(offerOf(tool).input)

const WORDS = {
  head: { en: 'field | type | needed | meaning', zh: '字段 | 类型 | 必填 | 含义' },
  results: { en: '**Results:** ', zh: '**结果：** ' },
  yes: { en: 'yes', zh: '是' },
  no: { en: 'no', zh: '否' },
  reads: { en: '**Only reads.**', zh: '**只读。**' },
  changes: { en: '**Changes something** that cannot be taken back.', zh: '**会改变状态，** 而且不能撤回。' },
  makes: { en: '**Makes something new.**', zh: '**会创建新的内容。**' },
  repeat: { en: ' The same call again changes nothing more.', zh: '重复调用不会再改变什么。' },
  between: { en: ', {} to {}', zh: '，{} 到 {}' },
  longest: { en: ', at most {} characters', zh: '，最多 {} 个字符' },
  default: { en: ', default {}', zh: '，默认 {}' },
  integer: { en: 'whole number', zh: '整数' },
  boolean: { en: 'true or false', zh: 'true 或 false' },
  string: { en: 'text', zh: '文本' },
} as const satisfies Record<string, Both>

export function toolReference(language: Language): string {
  return MERCHANT_TOOLS.map((tool) => sectionOn(tool, language, OF_MERCHANT)).join('\n\n')
}

/** Of a shop: what a buyer's chat is offered, and last what the merchant has beside it. */
export function shopToolReference(language: Language): string {
  return [...BUYER_TOOLS, sellShopItem].map((tool) => sectionOn(tool, language, OF_SHOP)).join('\n\n')
}

/** Under which keys the texts are kept: tools of the two roles have the same names. */
interface Offer {
  prefix: string
  tools: readonly Tool[]
  results: Readonly<Record<string, readonly string[]>>
}
const OF_MERCHANT: Offer = { prefix: '', tools: MERCHANT_TOOLS, results: RESULTS }
const OF_SHOP: Offer = { prefix: 'shop ', tools: [...BUYER_TOOLS, sellShopItem], results: RESULTS_FOR_BUYERS }

export function resultFields(language: Language): string {
  const head = { en: ['field', 'meaning'], zh: ['字段', '含义'] }
  const rows = Object.entries(RESULT_FIELDS).map(([field, both]) => {
    const meaning = both[language.name]
    return [
      asCode(field),
      /[:：]$/.test(meaning)
        ? `${meaning}${language.name === 'en' ? ' ' : ''}${valuesAsCode(valuesOf(field, language))}`
        : meaning,
    ]
  })
  return table(head[language.name], rows)
}

/** `now, earlier or no`: each value as code, and what stands in brackets as it is. */
const valuesAsCode = (text: string) => text.replace(/(^|, | or |、|或 )([a-z_]+)/g, '$1`$2`')

function valuesOf(field: string, { code }: Language): string {
  const described = MERCHANT_TOOLS.flatMap((tool) => outputs.parse(offerOf(tool).output).properties[field] ?? [])
  const { description } = described.find((one) => one.description !== undefined) ?? {}
  if (description === undefined) throw new Error(`no tool says what values ${field} has`)
  return code(`result ${field}`, description)
}

const outputs = z.object({ properties: z.record(z.string(), z.object({ description: z.string().optional() })) })

function sectionOn(tool: Tool, language: Language, offer: Offer): string {
  const say = (word: keyof typeof WORDS) => WORDS[word][language.name]
  const { properties, required } = fieldsOf(tool)
  const rows = Object.entries(properties).map(([name, field]) => [
    asCode(name),
    typeOf(field, language),
    say(required.includes(name) ? 'yes' : 'no'),
    withCode(language.code(`${offer.prefix}${firstWith(name, field, offer)} ${name}`, field.description)),
  ])
  return [
    `### ${asCode(tool.name)}`,
    withCode(language.code(offer.prefix + tool.name, tool.description)),
    kindOf(tool, say),
    ...(rows.length > 0 ? [table(say('head').split(' | '), rows)] : []),
    say('results') + (offer.results[tool.name] ?? []).map(asCode).join(language.name === 'en' ? ', ' : '、'),
  ].join('\n\n')
}

/** The tool under whose name a text is kept that several tools share. */
function firstWith(name: string, { description }: Field, { tools }: Offer): string {
  return tools.find((tool) => fieldsOf(tool).properties[name]?.description === description)?.name ?? ''
}

function kindOf({ hints }: Tool, say: (word: keyof typeof WORDS) => string): string {
  if (hints.readOnlyHint) return say('reads')
  return say(hints.destructiveHint ? 'changes' : 'makes') + (hints.idempotentHint ? say('repeat') : '')
}

function typeOf(field: Field, { name }: Language): string {
  const fill = (word: 'between' | 'longest' | 'default', ...values: readonly unknown[]) =>
    values.reduce<string>((text, value) => text.replace('{}', String(value)), WORDS[word][name])
  const { minimum, maximum, maxLength } = field
  return [
    field.enum?.map(asCode).join(name === 'en' ? ', ' : '、') ?? WORDS[kinds.parse(field.type)][name],
    minimum === undefined ? '' : fill('between', minimum, maximum),
    maxLength === undefined ? '' : fill('longest', maxLength),
    field.default === undefined ? '' : fill('default', field.default),
  ].join('')
}

const kinds = z.enum(['integer', 'boolean', 'string'])
