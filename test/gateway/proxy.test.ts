// Through HTTPS_PROXY and NO_PROXY: what a proxy refuses was not sent, and the emulator is never reached through one.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { ConfigError } from '../../src/errors.ts'
import { Exchange } from '../../src/gateway/exchange.ts'

const GATEWAY = 'https://openapi.invalid/gateway.do'
const post = (gateway = GATEWAY) => new Exchange(gateway).post('a=1', 'b=2', { within: 5_000 })

/** A proxy that answers every CONNECT with the status. */
async function proxy(status: number) {
  const asked: string[] = []
  const server = createServer((_, response) => response.end('not a proxy'))
  server.on('connect', ({ url }, socket) => {
    asked.push(String(url))
    socket.end(`HTTP/1.1 ${status} No\r\n\r\n`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, asked, close: () => server.close() }
}

describe('a proxy', () => {
  it.each([403, 407, 502])('that refuses with %i leaves nothing sent', async (status) => {
    const { url, asked, close } = await proxy(status)
    vi.stubEnv('HTTPS_PROXY', url)
    const result = await post()
    expect(result).toMatchObject({ kind: 'not_sent', why: expect.stringContaining(`HTTP ${status}`) })
    expect(asked).toStrictEqual(['openapi.invalid:443'])
    close()
  })

  it('that is dead leaves nothing sent', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9')
    expect(await post()).toMatchObject({ kind: 'not_sent' })
  })

  it('is not asked for hosts in NO_PROXY', async () => {
    const { url, asked, close } = await proxy(403)
    vi.stubEnv('HTTPS_PROXY', url)
    vi.stubEnv('NO_PROXY', 'openapi.invalid')
    expect(await post()).toMatchObject({
      kind: 'not_sent',
      why: expect.stringMatching(/not found|looked up/),
    })
    expect(asked).toStrictEqual([])
    close()
  })

  it('is not asked for the emulator, which is on this computer', async () => {
    const { url, asked, close } = await proxy(403)
    for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) vi.stubEnv(name, url)
    expect(await post(url)).toMatchObject({ kind: 'answered', bytes: Buffer.from('not a proxy') })
    expect(asked).toStrictEqual([])
    close()
  })

  it.each(['socks5://user:CANARY@127.0.0.1:1', 'CANARY CANARY'])(
    'that is none is a matter of settings: %s',
    (value) => {
      vi.stubEnv('HTTPS_PROXY', value)
      const made = () => new Exchange(GATEWAY)
      expect(made).toThrow(ConfigError)
      expect(made).not.toThrow(/CANARY/)
    },
  )
})
