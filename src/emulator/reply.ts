// What goes back over the socket: an HTTP answer, or none at all.

export interface Answer {
  readonly status: number
  readonly content_type: string
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

/** `close` ends the connection without an answer, `reset` sends a TCP reset. */
export interface Dropped {
  readonly drop: 'close' | 'reset'
}

export type Reply = Answer | Dropped

/** Alipay declares its JSON as HTML: a browser that is sent here must run nothing of what a request put into it. */
export function gatewayJson(body: string | Buffer, charset = 'utf-8'): Answer {
  const headers = { 'content-security-policy': 'sandbox' }
  return { status: 200, content_type: `text/html;charset=${charset}`, body, headers }
}

export function json(status: number, value: unknown): Answer {
  return {
    status,
    content_type: 'application/json;charset=utf-8',
    body: `${JSON.stringify(value, null, 1)}\n`,
  }
}

export function plainText(status: number, body: string): Answer {
  return { status, content_type: 'text/plain;charset=utf-8', body }
}

export function redirect(status: 302 | 303, location: string): Answer {
  return { ...plainText(status, ''), headers: { location } }
}
