// Finds the line on which a text stops being JSON. The messages of JSON.parse cannot be used: they quote the text.

const TOKEN =
  /\s+|"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\]:,]/uy

/** Of a text that JSON.parse refuses: the line, counted from 1, of the first thing that cannot stand where it does. */
export function faultyLine(text: string): number {
  const reader = new TokenReader(text)
  const whole = value(reader)
  const at = whole && reader.kind === 'end' ? text.length : reader.at
  return text.slice(0, at).split('\n').length
}

class TokenReader {
  readonly #text: string
  #next = 0
  /** Where the present token begins. */
  at = 0
  /** The present token: `string`, `plain` (number, true, false, null), a sign, `end`, or `wrong`. */
  kind = ''

  constructor(text: string) {
    this.#text = text
    this.#advance()
  }

  take(kind: string): boolean {
    if (this.kind !== kind) return false
    this.#advance()
    return true
  }

  #advance(): void {
    let token = this.#token()
    while (/^\s/.test(token)) token = this.#token()
    if (token === '') this.kind = this.at >= this.#text.length ? 'end' : 'wrong'
    else if (token.startsWith('"')) this.kind = 'string'
    else this.kind = /^[{}[\]:,]/.test(token) ? token : 'plain'
  }

  #token(): string {
    this.at = this.#next
    TOKEN.lastIndex = this.at
    const token = TOKEN.exec(this.#text)?.[0] ?? ''
    this.#next = this.at + token.length
    return token
  }
}

function value(reader: TokenReader): boolean {
  if (reader.take('string') || reader.take('plain')) return true
  if (reader.take('{'))
    return list(reader, '}', () => reader.take('string') && reader.take(':') && value(reader))
  return reader.take('[') && list(reader, ']', () => value(reader))
}

function list(reader: TokenReader, end: string, item: () => boolean): boolean {
  if (reader.take(end)) return true
  do {
    if (!item()) return false
  } while (reader.take(','))
  return reader.take(end)
}
