// What hosts write to standard input: messages go on whole, and of what is none the operator hears once a kind.
import { describe, expect, it } from 'vitest'
import { HostLines, MOST_BYTES } from '../../src/server/host-lines.ts'
import { heldMemory } from '../held-memory.ts'

const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}'

function reader() {
  const heard = { passed: [] as unknown[], said: [] as string[], refused: [] as unknown[] }
  const lines = new HostLines({
    pass: (line) => heard.passed.push(JSON.parse(String(line))),
    say: (words) => heard.said.push(words),
    refuse: (id, code) => heard.refused.push([id, code]),
  })
  return { lines, heard }
}

/** What came of it, whole and byte by byte. */
function read(...written: (string | Uint8Array)[]) {
  const bytes = Buffer.concat(written.map((part) => Buffer.from(part)))
  const [whole, slow] = [reader(), reader()]
  whole.lines.push(bytes)
  for (let at = 0; at < bytes.length; at++) slow.lines.push(bytes.subarray(at, at + 1))
  for (const { lines } of [whole, slow]) lines.end()
  expect(slow.heard).toStrictEqual(whole.heard)
  return whole.heard
}

const passed = { passed: [JSON.parse(PING)], said: [], refused: [] }

describe('a message', () => {
  it.each([
    ['a byte order mark in front', ['\ufeff', PING, '\n']],
    ['the line ends of Windows', [PING, '\r\n']],
    ['blank lines around it', ['\n\r\n  \n', PING, '\n\n']],
    ['no line end, at the end of all', [PING]],
    ['blanks around it', ['  ', PING, '\t\n']],
  ])('with %s is read', (_, written) => {
    expect(read(...written)).toStrictEqual(passed)
  })

  it.each([
    ['{"subject":"Tea 茶"}', { subject: 'Tea 茶' }],
    ['', {}],
    ['  ', {}],
    [null, {}],
    ['no JSON', 'no JSON'],
    ['[1]', '[1]'],
  ])('that calls a tool with %j as its arguments', (given, taken) => {
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'x', arguments: given } }
    const { passed } = read(JSON.stringify(call), '\n')
    expect(passed).toStrictEqual([{ ...call, params: { name: 'x', arguments: taken } }])
  })
})

const utf16 = (text: string) => Buffer.from(text, 'utf16le')
const gbk = Buffer.concat([
  Buffer.from('{"jsonrpc":"2.0","id":7,"method":"x","params":{"a":"'),
  Buffer.from([0xb2, 0xe8]),
])

describe('what is no message is told to the operator', () => {
  it.each<[string, (string | Uint8Array)[], RegExp, unknown[]]>([
    ['UTF-16 with a mark', [utf16(`\ufeff${PING}\n${PING}\n`)], /is UTF-16, as PowerShell writes it/, []],
    ['UTF-16 without one', [utf16(`${PING}\r\n`)], /is UTF-16/, []],
    ['UTF-16, the other way round', [utf16(`\ufeff${PING}\n`).swap16()], /is UTF-16/, []],
    ['Content-Length', [`Content-Length: ${PING.length}\r\n\r\n`], /has Content-Length headers/, []],
    ['GBK', [gbk, '"}}\n'], /is not UTF-8/, [[7, -32_700]]],
    ['a batch', [`[${PING},{"jsonrpc":"2.0","method":"y"}]\n`], /in one line, as a list/, [[1, -32_600]]],
    ['an older JSON-RPC', ['{"id":3,"method":"x"}\n'], /no message of JSON-RPC 2.0/, [[3, -32_600]]],
    ['other JSON', ['null\n', '5\n', '{"foo":1}\n'], /no message of JSON-RPC 2.0/, []],
    ['no JSON', ['{\n', 'hello\n', '{"jsonrpc":\n'], /is no JSON/, []],
  ])('as %s, once', (_, written, words, refused) => {
    const heard = read(...written, ...written)
    expect(heard.said).toHaveLength(1)
    expect(heard.said[0]).toMatch(words)
    expect(heard.passed).toStrictEqual([])
    expect(heard.refused).toStrictEqual([...refused, ...refused])
  })

  it('without a word of what it was: it may be a key', () => {
    const secret = 'MIIEvQIBADANBgkqhkiG9w0'
    const { said } = read(`${secret}\n`, `{"id":1,"method":"${secret}"}\n`, `["${secret}"]\n`, `{"key":"${secret}\n`)
    expect(said).toHaveLength(3)
    expect(said.join()).not.toContain(secret.slice(0, 6))
  })

  it('and the next message is read', () => {
    expect(read('garbage\n', PING, '\n').passed).toStrictEqual(passed.passed)
  })
})

describe('a line that is too long', () => {
  const filler = 'x'.repeat(1024 * 1024)
  /** Line ends, once a request is answered or nothing more can come of it. */
  function readLong(before: string, after = '') {
    const { lines, heard } = reader()
    lines.push(Buffer.from(before))
    for (let mebibyte = 0; mebibyte < 12; mebibyte++) lines.push(Buffer.from(filler))
    const early = heard.refused.length
    lines.push(Buffer.from(`${after}\n${PING}\n`))
    return { ...heard, early }
  }

  it.each([
    ['its number in front', '{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"a":"', '"}}', 5, 1],
    ['a text as its number', '{"id":"a\\"b","jsonrpc":"2.0","method":"x","params":{"a":"', '"}}', 'a"b', 1],
    ['its number behind', '{"method":"x","params":{"id":9,"a":"', '"},"jsonrpc":"2.0","id":6}', 6, 0],
    ['other numbers inside', '{"method":"x","params":[{"id":1},{"a":"\\\\', '","id":2}],"id":8}', 8, 0],
  ])('with %s is answered before anything else, and the next one is read', (_, before, after, id, early) => {
    expect(readLong(before, after)).toStrictEqual({
      passed: passed.passed,
      said: [expect.stringMatching(/has more than 10485759 bytes/)],
      refused: [[id, -32_600]],
      early,
    })
  })

  it.each([
    ['an answer', '{"jsonrpc":"2.0","id":5,"result":{"a":"', '"}}'],
    ['without an end', '', ''],
  ])('but no request, such as %s, is not answered', (_, before, after) => {
    expect(readLong(before, after)).toMatchObject({ passed: passed.passed, refused: [], said: [expect.anything()] })
  })

  it('holds no more memory than its bytes, though each comes alone', () => {
    const { lines } = reader()
    // Node hands out pieces of buffers of 64 KiB: whoever keeps one byte keeps them all, here 131 MB.
    const alone = () => new Uint8Array(new ArrayBuffer(65_536), 0, 1)
    const before = heldMemory()
    for (let byte = 0; byte < 2_000; byte++) lines.push(alone())
    expect((heldMemory() - before) / 1_000_000).toBeLessThan(60)
  })

  it('begins where the SDK would give up', () => {
    const { lines, heard } = reader()
    const message = `{"jsonrpc":"2.0","id":1,"method":"x","params":"`
    lines.push(Buffer.from(`${message.padEnd(MOST_BYTES - 2, 'x')}"}\n`))
    expect(heard).toMatchObject({ refused: [], said: [] })
    expect(heard.passed).toHaveLength(1)
  })
})
