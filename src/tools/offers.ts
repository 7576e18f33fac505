// What hosts read of each tool, in the order in which they read it; a start needs no more, and the tools are loaded at the first call.
import type { ToolNames } from '../settings/config.ts'
import type { Tool } from './tool.ts'

type JsonSchema = Record<string, unknown>

export interface ToolOffer extends Pick<Tool, 'name' | 'title' | 'description' | 'hints'> {
  /** JSON Schema, in as few words as it takes. */
  input: JsonSchema
  output: JsonSchema
}

/** One table for each role, which never meet in one list, and what stands beside the merchant's where there are items. */
type Table = 'merchant' | 'items' | 'buyer'
type Offers = Readonly<Record<Table, readonly ToolOffer[]>>

/** Written into the program by scripts/build.mjs: making them takes time at each start. */
declare const BUILT_OFFERS: Offers

export const OFFERS: Offers = typeof BUILT_OFFERS === 'undefined' ? await offersOfTools() : BUILT_OFFERS

async function offersOfTools(): Promise<Offers> {
  const { BUYER_TOOLS, ITEM_TOOLS, MERCHANT_TOOLS } = await import('./index.ts')
  return { merchant: MERCHANT_TOOLS.map(offerOf), items: ITEM_TOOLS.map(offerOf), buyer: BUYER_TOOLS.map(offerOf) }
}

export function offerOf({ name, title, description, hints, input, output }: Tool): ToolOffer {
  return { name, title, description, hints, input: jsonSchema(input, 'input'), output: jsonSchema(output, 'output') }
}

/** The dialect is left out: it is the one that the protocol takes for granted, and every model pays for it by the token. */
function jsonSchema(schema: Tool['input'], io: 'input' | 'output'): JsonSchema {
  const { $schema, ...rest } = schema['~standard'].jsonSchema[io]({ target: 'draft-2020-12' })
  return rest
}

const namesOf = (offers: readonly ToolOffer[]) => offers.map(({ name }) => name)

/** Those of tools/subscriptions/, which are loaded where they are wanted only. */
const OF_BOTH = ['create_subscription', 'query_subscription', 'cancel_subscription']
const OF_MERCHANT = ['list_subscriptions', 'announce_renewal', 'charge_subscription', 'postpone_subscription']

/** What ALIPAY_TOOLS may name. */
export const TOOL_NAMES: ToolNames = {
  merchant: { payments: namesOf([...OFFERS.merchant, ...OFFERS.items]), subscriptions: [...OF_BOTH, ...OF_MERCHANT] },
  buyer: { payments: namesOf(OFFERS.buyer), subscriptions: OF_BOTH },
}
