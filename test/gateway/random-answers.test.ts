// Random answers in both encodings, cut anywhere on their way: believed when signed, never when a byte is changed.
import { once } from 'node:events'
import http from 'node:http'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { judge } from '../../src/gateway/answer.ts'
import { Exchange } from '../../src/gateway/exchange.ts'
import { alipay, answered, rootOf, signatureOf } from '../keys-for-tests.ts'

const QUERY = 'alipay.trade.query'
const ROOT = rootOf(QUERY)
const judged = (bytes: Buffer) => judge(QUERY, answered(bytes), alipay.publicKey, false)

// Whatever GB18030 writes in one, two or four bytes, and what JSON escapes.
const character = fc.oneof(
  fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((code) => String.fromCharCode(code)),
  fc.constantFrom('"', '\\', '/', '{', '}', '[', ']', ',', ':', '\n', '\0', 'é', '€', '😀', '乗', '誠', '珅', '璡'),
  fc.string({ maxLength: 1 }),
)
const text = fc.array(character, { maxLength: 12 }).map((all) => all.join(''))
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(text, tie('any'), { maxKeys: 3 }),
  ),
})).any
const blank = fc.constantFrom('', ' ', '\n', '\t\r\n')

interface Answer {
  bytes: Buffer
  raw: Buffer
  /** Where the signed part begins. */
  at: number
}

const answer = fc
  .record({
    encoding: fc.constantFrom('utf8', 'gb18030'),
    fields: fc.record({ x: value, y: text, z: value }),
    // Its key is none of the others'.
    other: fc.option(fc.tuple(text, value)),
    signFirst: fc.boolean(),
    blank,
  })
  .map(({ encoding, fields, other, signFirst, blank }): Answer => {
    const encode = (json: string) => iconv.encode(json, encoding)
    const raw = encode(JSON.stringify({ code: '10000', ...fields }))
    const sign = encode(`${blank}"sign"${blank}:"${signatureOf(raw)}"${blank}`)
    const before = encode(`${blank}{${other ? `${JSON.stringify(`~${other[0]}`)}:${JSON.stringify(other[1])},` : ''}`)
    const name = encode(`"${ROOT}":${blank}`)
    const parts = signFirst ? [before, sign, encode(','), name] : [before, name]
    const rest = signFirst ? [encode('}')] : [encode(`${blank},`), sign, encode('}')]
    return { raw, at: Buffer.concat(parts).length, bytes: Buffer.concat([...parts, raw, ...rest]) }
  })

/** What a signed object says, by Node alone. */
function fieldsOf(raw: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw))
  } catch {
    return JSON.parse(new TextDecoder('gb18030', { fatal: true }).decode(raw))
  }
}

it('a signed answer says what was signed, whatever it holds', () => {
  fc.assert(
    fc.property(answer, ({ bytes, raw }) => {
      expect(judged(bytes)).toStrictEqual({ outcome: 'done', answer: fieldsOf(raw) })
    }),
    { numRuns: 200 },
  )
})

it('an answer with any one byte changed in what was signed is never believed', () => {
  fc.assert(
    fc.property(answer, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ bytes, raw, at }, where, bits) => {
      const changed = Buffer.from(bytes)
      const place = at + (where % raw.length)
      changed[place] = (changed[place] ?? 0) ^ bits
      expect(judged(changed).outcome).toBe('unknown')
    }),
    { numRuns: 300 },
  )
})

it('bytes that nobody signed are never believed, and never fail', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(`"${ROOT}":`, '"sign":', '{', '}', '[', ']', ',', '"', '\\', '"code":"10000"').map(Buffer.from),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      expect(judged(Buffer.concat(pieces)).outcome).toBe('unknown')
    }),
    { numRuns: 1_000 },
  )
})

let server: http.Server
let exchange: Exchange
let sent: { bytes: Buffer; cuts: readonly number[] } = { bytes: Buffer.alloc(0), cuts: [] }
beforeAll(async () => {
  server = http.createServer(async (request, response) => {
    await once(request.resume(), 'end')
    let from = 0
    for (const cut of sent.cuts) {
      await new Promise<unknown>((written) => response.write(sent.bytes.subarray(from, cut), written))
      from = cut
    }
    response.end(sent.bytes.subarray(from))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  exchange = new Exchange(`http://127.0.0.1:${Object(server.address()).port}/gateway.do`)
})
afterAll(() => {
  exchange.destroy()
  server.closeAllConnections()
  server.close()
})

it('an answer that comes in pieces is the same as whole', async () => {
  const cuts = fc.array(fc.nat(), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(answer, cuts, async ({ bytes }, places) => {
      const within = places.map((place) => place % bytes.length).sort((a, b) => a - b)
      sent = { bytes, cuts: within.filter((cut, n) => cut > (within[n - 1] ?? 0)) }
      const exchanged = await exchange.post('a', 'b', { within: 20_000 })
      expect(exchanged).toMatchObject({ bytes })
      expect(judge(QUERY, exchanged, alipay.publicKey, false).outcome).toBe('done')
    }),
    { numRuns: 50 },
  )
})
