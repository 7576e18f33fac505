// The built server, and what hosts write to its standard input before, between and instead of messages.
import { expect, it } from 'vitest'
import { RawServer } from './hosts.ts'

const MIB = 1024 * 1024

it('answers initialize behind a byte order mark, in a blank line and with the line ends of Windows', async () => {
  const server = new RawServer()
  server.child.stdin.write('\ufeff')
  await server.open('2025-11-25')
  server.child.stdin.write('\r\n\r\n')
  const params = { name: 'query_payment', arguments: '{"out_trade_no":"NONE"}' }
  server.child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 90, method: 'tools/call', params })}\r\n`)
  const { structuredContent } = await server.answer(90)
  expect(structuredContent).toMatchObject({ out_trade_no: 'NONE', sub_code: 'ACQ.TRADE_NOT_EXIST' })
  await server.end()
  expect(server.stderr).not.toContain('Standard input')
})

it.each([
  ['UTF-16', Buffer.from('\ufeff{"jsonrpc":"2.0","id":1,"method":"initialize"}\n', 'utf16le'), /is UTF-16/],
  ['Content-Length', Buffer.from('Content-Length: 46\r\n\r\n'), /has Content-Length headers/],
])('says on stderr that standard input is %s, and goes on', async (_, bytes, words) => {
  const server = new RawServer()
  server.child.stdin.write(bytes)
  // The second byte of the last line end of UTF-16 would else stand in front of the next line.
  server.write('')
  await server.open('2025-11-25')
  await server.end()
  expect(server.stderr).toMatch(words)
})

it('says once on stderr that lines are no JSON, and shows none of them', async () => {
  const server = new RawServer()
  await server.open('2025-11-25')
  for (let line = 0; line < 10_000; line++) server.write(`SECRET_${line} {`)
  await server.ask('tools/list', {})
  await server.end()
  expect(server.stderr.match(/is no JSON/g)).toHaveLength(1)
  expect(server.stderr).not.toContain('SECRET')
})

it('answers a line over the limit before the line ends, and then goes on', async () => {
  const server = new RawServer()
  await server.open('2025-11-25')
  server.child.stdin.write('{"jsonrpc":"2.0","id":70,"method":"tools/call","params":{"name":"')
  for (let mebibyte = 0; mebibyte < 11; mebibyte++) server.child.stdin.write('x'.repeat(MIB))
  await expect(server.answer(70)).rejects.toThrow(/-32600.*more than 10485759 bytes/)
  server.write('"}}')
  expect(await server.call('query_payment', { out_trade_no: 'NONE' })).toMatchObject({
    sub_code: 'ACQ.TRADE_NOT_EXIST',
  })
  await server.end()
  expect(await server.exited).toBe(0)
})

it('writes a bounded number of lines to stderr a minute, whoever writes, and says how many it left out', async () => {
  const server = new RawServer({ NODE_DEBUG: 'stream' })
  await server.open('2025-11-25')
  for (let call = 0; call < 20; call++) await server.ask('tools/list', {})
  const closed = new Promise((resolve) => server.child.once('close', resolve))
  await server.end()
  await closed
  const lines = server.stderr.trim().split('\n')
  expect(lines.length).toBeGreaterThan(100)
  expect(lines.length).toBeLessThan(400)
  expect(lines.at(-1)).toMatch(
    /^\[alipay-mcp\] \d+ lines \(\d+ bytes\) were left out here: 200 lines a minute at most\.$/,
  )
})
