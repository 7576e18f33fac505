// Sends requests that no well-behaved client would make, as far as HTTP has a way to write them.
import { Agent, type IncomingHttpHeaders, request } from 'node:http'

export interface HttpRequest {
  method: string
  path: string
  headers: readonly (readonly [string, string])[]
  body: string
}

export interface HttpAnswer {
  /** 0: the connection was cut. */
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** As forms and queries are written. */
export function formOf(pairs: readonly (readonly [string, string])[]): string {
  const form = new URLSearchParams()
  for (const [name, value] of pairs) form.append(name, value)
  return String(form)
}

/** One server at one port. A request that breaks off is an answer, too. */
export class RawHttp {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })

  constructor(readonly port: number) {}

  get host(): string {
    return `127.0.0.1:${this.port}`
  }

  send({ method, path, headers, body }: HttpRequest): Promise<HttpAnswer> {
    const given = headers.some(([name]) => name === 'host') ? headers : [['host', this.host], ...headers]
    // Its length says where a body ends; an encoding of the sender's own would leave the server waiting.
    const bytes = Buffer.from(body)
    const all = [...given.filter(([name]) => name !== 'transfer-encoding'), ['content-length', String(bytes.length)]]
    return new Promise((resolve) => {
      const cut = () => resolve({ status: 0, headers: {}, text: '' })
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.port,
          method,
          path: writable(path, true) || '/',
          headers: all.flatMap(([name = '', value = '']) => [name, writable(value, false)]),
          setHost: false,
          agent: this.#agent,
        },
        (response) => {
          let text = ''
          response.setEncoding('utf8').on('data', (part) => {
            text += part
          })
          response.on('error', cut)
          response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
        },
      )
      sent.on('error', cut)
      sent.end(bytes)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}

/** What Node lets a client write in its first lines: 15,000 bytes of them, no line ends. */
function writable(text: string, isPath: boolean): string {
  const bytes = Buffer.from(text.slice(0, 3_000)).toString('latin1')
  return bytes.replace(isPath ? /[^\x21-\xff]/g : /[^\t\x20-\x7e\x80-\xff]/g, '')
}
