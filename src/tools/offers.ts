// What hosts see of the input and output of a tool: JSON Schema, in as few words as it takes.
import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server'
import type { Tool } from '../tools/tool.ts'

type JsonSchema = Record<string, unknown>
type Schemas = Readonly<Record<'input' | 'output', JsonSchema>>
type Advertised = StandardSchemaWithJSON<unknown, unknown>

/** Those of all tools by title, of which no two have the same, written into the program by scripts/build.mjs: making them takes time at each start. */
declare const BUILT_SCHEMAS: Readonly<Record<string, Schemas>>

// The dialect of JSON Schema that the protocol takes for granted.
const TARGET = 'draft-2020-12'

export function advertised({ title, input, output }: Tool): {
  inputSchema: Advertised
  outputSchema: Advertised
} {
  const built = typeof BUILT_SCHEMAS === 'undefined' ? undefined : BUILT_SCHEMAS[title]
  const { input: inputSchema, output: outputSchema } = built ?? jsonSchemas({ input, output })
  return { inputSchema: anything(inputSchema), outputSchema: anything(outputSchema) }
}

export function jsonSchemas({ input, output }: Pick<Tool, 'input' | 'output'>): Schemas {
  return { input: jsonSchema(input, 'input'), output: jsonSchema(output, 'output') }
}

/** The dialect is left out: it is the protocol's default, and every model pays for it by the token. */
function jsonSchema(schema: Tool['input'], io: 'input' | 'output'): JsonSchema {
  const { $schema, ...rest } = schema['~standard'].jsonSchema[io]({ target: TARGET })
  return rest
}

/** Advertises the schema and lets everything pass, so that bad input is refused in our own words. */
function anything(jsonSchema: JsonSchema): Advertised {
  const given = () => jsonSchema
  const validate = (value: unknown) => ({ value })
  return {
    '~standard': { version: 1, vendor: 'alipay-mcp', validate, jsonSchema: { input: given, output: given } },
  }
}
