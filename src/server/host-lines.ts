// Standard input as hosts write it: what is a message goes on, line by line, and of what is none the operator hears.
import { CollectedBytes } from '../collected-bytes.ts'
import { parsedArguments } from '../tool-input.ts'
import { IdFinder, type MessageId } from './message-id.ts'

/** The longest line that the SDK reads; after a longer one it would close the connection, and say nothing. */
export const MOST_BYTES = 10 * 1024 * 1024 - 1

interface Outlets {
  /** A line that is a message, with its end. */
  pass(line: string | Uint8Array): void
  /** To the operator, once for each kind. Never holds what was on the line: that may be a secret. */
  say(words: string): void
  /** To the host, for a request that cannot be read. */
  refuse(id: MessageId, code: number, words: string): void
}

const PARSE_ERROR = -32_700
const INVALID_REQUEST = -32_600
const NEWLINE = 0x0a

const WORDS = {
  utf16: 'Standard input is UTF-16, as PowerShell writes it. MCP is UTF-8: set the encoding of whatever starts this.',
  framed: 'Standard input has Content-Length headers, as for a language server. MCP has one JSON message a line.',
  bytes: 'A message on standard input is not UTF-8, and was not read. MCP is UTF-8: set the encoding of the host.',
  text: 'A line on standard input is no JSON, and was left out. Only a host may write there, one message a line.',
  batch: 'Several messages came in one line, as a list, and were not read. MCP has one message a line.',
  other: 'A line on standard input is JSON, but no message of JSON-RPC 2.0, and was left out.',
  long: `A line on standard input has more than ${MOST_BYTES} bytes, and was not read. No tool takes so much.`,
} as const
type Kind = keyof typeof WORDS

export class HostLines {
  readonly #outlets: Outlets
  readonly #said = new Set<Kind>()
  readonly #bytes = new CollectedBytes()
  /** Set while a line that is too long goes by. */
  #long: LongLine | undefined

  constructor(outlets: Outlets) {
    this.#outlets = outlets
  }

  push(chunk: Uint8Array): void {
    let from = 0
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      this.#add(chunk.subarray(from, at))
      this.end()
      from = at + 1
    }
    this.#add(chunk.subarray(from))
  }

  /** Of a line; also of the last one, which may have no sign for it. */
  end(): void {
    const line = this.#long ? undefined : this.#bytes.take()
    this.#long = undefined
    if (line) this.#line(line)
  }

  #add(part: Uint8Array): void {
    if (this.#long) {
      this.#long.add(part)
      return
    }
    this.#bytes.add(part)
    if (this.#bytes.size > MOST_BYTES) this.#tooLong()
  }

  /** It is not kept; but a request is answered as soon as its number is known. */
  #tooLong(): void {
    this.#say('long')
    const long = new LongLine((id) => this.#outlets.refuse(id, INVALID_REQUEST, WORDS.long))
    long.add(this.#bytes.take())
    this.#long = long
  }

  #say(kind: Kind): void {
    if (this.#said.has(kind)) return
    this.#said.add(kind)
    this.#outlets.say(WORDS[kind])
  }

  #line(bytes: Buffer): void {
    const read = readLine(bytes)
    if (read === undefined) return
    if ('pass' in read) this.#outlets.pass(`${read.pass}\n`)
    else this.#leaveOut(read)
  }

  /** A request in it is answered: the host would wait for it until its time is over. */
  #leaveOut({ kind, requests = [], code = INVALID_REQUEST }: LeftOut): void {
    this.#say(kind)
    for (const request of requests) {
      const { id, method } = Object(request)
      const isRequest = typeof method === 'string' && (typeof id === 'string' || typeof id === 'number')
      if (isRequest) this.#outlets.refuse(id, code, WORDS[kind])
    }
  }
}

interface LeftOut {
  kind: Kind
  requests?: readonly unknown[]
  code?: number
}

/** Undefined: nothing was on it. */
function readLine(bytes: Buffer): { pass: string } | LeftOut | undefined {
  if (isUtf16(bytes)) return { kind: 'utf16' }
  const utf8 = decoded(bytes)
  const text = (utf8 ?? bytes.toString('latin1')).trim()
  if (text === '') return undefined
  if (/^content-(length|type)\s*:/i.test(text)) return { kind: 'framed' }
  const message = parsed(text)
  if (message === undefined) return { kind: 'text' }
  if (utf8 === undefined) return { kind: 'bytes', requests: [message], code: PARSE_ERROR }
  if (Array.isArray(message)) return { kind: 'batch', requests: message }
  if (!isMessage(message)) return { kind: 'other', requests: [message] }
  return { pass: withArguments(message) ?? text }
}

/** Passes by, and tells the number of the request in it once. */
class LongLine {
  readonly #finder = new IdFinder()
  #isAnswered = false

  constructor(readonly tell: (id: MessageId) => void) {}

  add(part: Uint8Array): void {
    if (this.#isAnswered) return
    const id = this.#finder.read(part)
    if (id === undefined) return
    this.#isAnswered = true
    this.tell(id)
  }
}

/** With a mark in front, or with the zeros that every letter of JSON then has. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  return isMarked || first === 0 || second === 0
}

/** Without a byte order mark, with which some programs begin to write; undefined where it is not UTF-8. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Message = Readonly<Record<string, unknown>>

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'jsonrpc' in value && value.jsonrpc === '2.0'
}

/** A call whose arguments came as a text or as null, which the SDK refuses before any tool sees them. */
function withArguments(message: Message): string | undefined {
  const params = Object(message.params)
  const given = params.arguments
  if (message.method !== 'tools/call' || (typeof given !== 'string' && given !== null)) return undefined
  return JSON.stringify({ ...message, params: { ...params, arguments: parsedArguments(given) } })
}
