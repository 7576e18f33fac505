// Holds all tools at once to what a model and a host rely on: names, hints, words, sizes, schemas, both channels.
import { tmpdir } from 'node:os'
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/errors.ts'
import { AlipayGateway } from '../../src/gateway/alipay-gateway.ts'
import type { Environment } from '../../src/gateway/gateway.ts'
import { CallsInFlight } from '../../src/server/calls-in-flight.ts'
import { instructionsFor } from '../../src/server/instructions.ts'
import { createServer } from '../../src/server/server.ts'
import { newServices, type SharedServices } from '../../src/server/shared-services.ts'
import { type Fields, useShop } from '../shop.ts'
import { ALL_NAMES, CATALOGUE, goodCall, READ_ONLY_NAMES, type Row } from './catalogue.ts'
import { missingInText } from './complete-text.ts'

const shop = useShop()
let client: OldClient
const clients: OldClient[] = []
const gateways: AlipayGateway[] = []
beforeAll(async () => {
  client = await oldClient('local')
})
afterAll(async () => {
  for (const one of clients) await one.close()
  for (const one of gateways) await one.shutDown()
})

interface OldOptions {
  readOnly?: boolean
  timeout?: number
  chosen?: readonly string[]
}

/** A host of today: the 1.x client, which holds every result against the advertised output schema. */
async function oldClient(
  environment: Environment | undefined,
  { readOnly = false, timeout = 5_000, chosen }: OldOptions = {},
): Promise<OldClient> {
  const { clock } = shop
  const gateway = new AlipayGateway({ ...shop.gateway.connection, timeout }, clock, false)
  gateways.push(gateway)
  const { ledger } = shop
  const parts = {
    gateway,
    clock,
    qrFolder: tmpdir(),
    ledger,
    owner: 'old',
    role: 'merchant',
  } as const
  const services = async (): Promise<SharedServices> => {
    if (!environment) throw new ConfigError([{ variable: 'ALIPAY_ENV', problem: 'is odd.', fix: 'Set it.' }])
    made ??= newServices({
      ...parts,
      rules: {
        environment,
        readOnly,
        channels: ['page', 'mobile'],
        limits: { callsPerMinute: 0 },
        refundApproval: 'none',
      },
    })
    return made
  }
  let made: SharedServices | undefined
  const report = (_id: string, error: unknown) => {
    throw error
  }
  const calls = new CallsInFlight()
  const offer = { role: 'merchant', hasItems: false, tell: () => {} } as const
  const server = createServer({ ...offer, environment, readOnly, tools: chosen, services, calls, report })
  const [near, far] = InMemoryTransport.createLinkedPair()
  const one = new OldClient({ name: 'old', version: '1.0.0' })
  clients.push(one)
  await server.connect(far)
  await one.connect(near)
  await one.listTools()
  return one
}

const tools = async (from = client) => (await from.listTools()).tools

async function call(tool: string, args: Fields, from = client) {
  const { content, structuredContent, isError } = await from.callTool({ name: tool, arguments: args })
  const [part, ...more] = Array.isArray(content) ? content : []
  expect([part.type, more]).toStrictEqual(['text', []])
  return { text: String(part.text), structure: { ...Object(structuredContent) }, isError: isError === true }
}

describe('the list of tools', () => {
  it('is the same as the stored one, word for word', async () => {
    const list = `${JSON.stringify(await tools(), null, 2)}\n`
    await expect(list).toMatchFileSnapshot('./__snapshots__/tools-list.txt')
  })

  it('has one order, always, and names in snake_case that every host takes', async () => {
    const names = (await tools()).map(({ name }) => name)
    expect(names).toStrictEqual(ALL_NAMES)
    expect(names.filter((name) => !/^[a-z]+(_[a-z]+)*$/.test(name) || name.length > 32)).toStrictEqual([])
    expect(await tools(await oldClient('production'))).toStrictEqual(await tools())
  })

  it('has exactly the tools that change nothing where the server is read-only', async () => {
    const readers = await tools(await oldClient('local', { readOnly: true }))
    const hinted = (await tools()).filter(({ annotations }) => annotations?.readOnlyHint)
    expect(readers).toStrictEqual(hinted)
    expect(readers.map(({ name }) => name)).toStrictEqual(READ_ONLY_NAMES)
  })

  it('has what the settings chose, and all where none of that exists: some call has to say what is wrong', async () => {
    const namesOf = async (chosen: string[]) =>
      (await tools(await oldClient('local', { chosen }))).map(({ name }) => name)
    expect(await namesOf(['query_payment', 'refund'])).toStrictEqual(['query_payment'])
    expect(await namesOf(['refund'])).toStrictEqual(ALL_NAMES)
  })

  it('costs a model at most 320 tokens a tool on average, and none more than 420', async () => {
    const sizes = (await tools()).map((tool) => Buffer.byteLength(JSON.stringify(tool)) / 4)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(420)
    expect(sizes.reduce((sum, size) => sum + size) / sizes.length).toBeLessThanOrEqual(320)
  })

  it('has all its descriptions within 5,000 characters, and instructions within 2,000', async () => {
    let characters = 0
    JSON.stringify(await tools(), (key, value) => {
      if (key === 'description' && typeof value === 'string') characters += value.length
      return value
    })
    expect(characters).toBeGreaterThan(1_000)
    expect(characters).toBeLessThanOrEqual(5_000)
    const instructions = client.getInstructions()
    expect(instructions).toBe(instructionsFor(ALL_NAMES))
    expect(instructions?.length).toBeLessThan(2_000)
  })
})

describe('the instructions', () => {
  it.each([[ALL_NAMES], [READ_ONLY_NAMES], [['query_payment']]])(
    'name no tool but those that are offered: %j',
    (offered) => {
      const text = instructionsFor(offered)
      const named = ALL_NAMES.filter((name) => text.includes(name))
      expect(named.length).toBeGreaterThan(0)
      expect(named.filter((name) => !offered.includes(name))).toStrictEqual([])
      expect(text.includes('read-only')).toBe(!offered.includes('create_payment'))
      expect(/ALIPAY_READ_ONLY.*refund by hand in the console/.test(text)).toBe(!offered.includes('create_payment'))
      expect(text.length).toBeLessThan(1_500)
    },
  )
})

describe.each(CATALOGUE)('$name', ({ name, readOnly, destructive, idempotent, words }) => {
  const itself = async () => {
    const tool = (await tools()).find((one) => one.name === name)
    if (!tool) throw new Error(`${name} is not listed`)
    return tool
  }

  it('has a title for people and all four hints, and they are true', async () => {
    const { title, annotations } = await itself()
    expect(title).toMatch(/[a-z].*[\u4e00-\u9fff]/)
    expect(annotations).toStrictEqual({
      readOnlyHint: readOnly,
      destructiveHint: destructive,
      idempotentHint: idempotent,
      openWorldHint: true,
    })
  })

  it('describes every input field, and takes no other', async () => {
    const { inputSchema } = await itself()
    expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
    const described = Object.entries(inputSchema.properties ?? {}).map(([field, schema]) => {
      return [field, typeof Object(schema).description]
    })
    expect(described).toStrictEqual(described.map(([field]) => [field, 'string']))
    expect(described).not.toStrictEqual([])
  })

  it('has an output schema that is loose at every level and requires nothing', async () => {
    const schema = JSON.stringify((await itself()).outputSchema)
    expect(schema).toMatch(/^\{.*"properties":/)
    expect(schema).not.toMatch(/"required":|"additionalProperties":false|"(enum|const|pattern|format)":/)
  })

  it('is described by what it does, what it changes, when not to use it, and what comes next', async () => {
    const { description } = await itself()
    const places = words.map((part) => description?.indexOf(part) ?? -1)
    expect(places).not.toContain(-1)
    expect(places[0]).toBe(0)
  })
})

const kinds = [
  { kind: 'good', environment: 'local' },
  { kind: 'good', environment: 'sandbox' },
  { kind: 'invalid_input', environment: 'local', wrong: { wrong: 1 } },
  { kind: 'refused_by_alipay', environment: 'local', fault: { fault: 'refuse', sub_code: 'ACQ.INVALID_PARAMETER' } },
  { kind: 'unknown', environment: 'local', fault: { fault: 'lost_before' } },
  { kind: 'invalid_input', environment: 'production', wrong: { wrong: 1 } },
  { kind: 'not_configured', environment: undefined },
] as const

const NOTES = {
  local: /^An emulator on this computer: no real money moves/,
  sandbox: /^Alipay's sandbox: no real money moves/,
  production: /^Real money/,
  not_configured: /^The server does not know yet/,
} as const

const READS = ['alipay.trade.query', 'alipay.trade.fastpay.refund.query']

function toldAs({ method }: Row, kind: string): string {
  if (!method && ['refused_by_alipay', 'unknown'].includes(kind)) return 'good'
  // Without an answer to a query nothing has changed: that is certain.
  return kind === 'unknown' && method && READS.includes(method) ? 'no_answer' : kind
}

describe.each(kinds)('an answer of the kind $kind, environment $environment', ({ kind, environment, ...more }) => {
  it.each(CATALOGUE)(
    'fits the schema of $name, has the same facts in both channels and keeps the buyer private',
    async (tool) => {
      const args = await goodCall(tool, shop)
      const host = await oldClient(environment, { timeout: kind === 'unknown' ? 200 : 5_000 })
      const method = tool.destructive ? tool.method : undefined
      if ('fault' in more) await shop.control('faults', { ...more.fault, method, times: 'always' })
      const { text, structure, isError } = await call(tool.name, { ...args, ...('wrong' in more && more.wrong) }, host)

      const named = environment ?? 'not_configured'
      expect(structure).toMatchObject({
        environment: named,
        environment_note: expect.stringMatching(NOTES[named]),
      })
      const told = toldAs(tool, kind)
      expect([isError, structure.error]).toStrictEqual(told === 'good' ? [false, undefined] : [true, told])
      const { message, ...facts } = structure
      expect(text.startsWith(`${message}\n`)).toBe(true)
      expect(missingInText(facts, text)).toStrictEqual([])
      expect(
        text
          .slice(message.length)
          .match(/^\w+(?=: )/gm)
          ?.sort(),
      ).toStrictEqual(Object.keys(facts).sort())
      expect(text).not.toMatch(/buyer_user_id|buyer_open_id|fund_bill_list|2088\d{12}|undefined|\[object/)
    },
  )
})
