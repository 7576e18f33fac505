// A hook that announces renewals, for tests: on loopback, with the answers that a test wants.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach } from 'vitest'

export interface AnnounceHook {
  url(): string
  called(): readonly { body: string; key: string }[]
  /** @param meanwhile before it answers */
  answers(status: number, meanwhile?: () => void): void
}

export function hookOn(): AnnounceHook {
  const called: { body: string; key: string }[] = []
  let status = 204
  let meanwhile: (() => void) | undefined
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      called.push({ body, key: String(request.headers['idempotency-key']) })
      meanwhile?.()
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end()
    })
  })
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  beforeEach(() => {
    called.length = 0
    status = 204
    meanwhile = undefined
  })
  afterAll(() => void server.close())
  return {
    url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/announce`,
    called: () => called,
    answers: (next, then) => {
      status = next
      meanwhile = then
    },
  }
}
