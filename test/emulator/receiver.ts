// A merchant's address for notifications: keeps what came, and answers what it is told to.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach } from 'vitest'

export interface Received {
  body: string
  fields: URLSearchParams
  headers: Record<string, string | string[] | undefined>
}

export interface Receiver {
  url: string
  received: Received[]
  /** Status and body, from now on. */
  answer: (one: Received) => [status: number, body: string] | 'hang up'
}

export async function useReceiver(): Promise<Receiver> {
  const receiver: Receiver = { url: '', received: [], answer: () => [200, 'success'] }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString('latin1')
    const one = { body, fields: new URLSearchParams(body), headers: request.headers }
    receiver.received.push(one)
    const answer = receiver.answer(one)
    if (answer === 'hang up') return void response.destroy()
    response.writeHead(answer[0]).end(answer[1])
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  receiver.url = `http://127.0.0.1:${port}/notify`
  beforeEach(() => {
    receiver.received = []
    receiver.answer = () => [200, 'success']
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return receiver
}
