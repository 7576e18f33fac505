// Finds the number of a request in a message that is too long to be kept, byte by byte as it goes by.

export type MessageId = string | number

const QUOTE = 0x22
const BACKSLASH = 0x5c
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d]
const COLON = 0x3a
const COMMA = 0x2c
// Longer names and numbers are none of ours.
const MOST = 200

export class IdFinder {
  #depth = 0
  #isText = false
  #isEscaped = false
  /** The bytes of the name or value that is being read, outside of what is nested. */
  #token: number[] = []
  #name = ''
  #id: MessageId | undefined
  #isRequest = false

  /** The number, once it and the name of a method have gone by. */
  read(bytes: Uint8Array): MessageId | undefined {
    for (const byte of bytes) {
      if (this.#isText) this.#inText(byte)
      else this.#outside(byte)
      if (this.#isRequest && this.#id !== undefined) return this.#id
    }
    return undefined
  }

  #inText(byte: number): void {
    this.#keep(byte)
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === BACKSLASH) this.#isEscaped = true
    else if (byte === QUOTE) this.#isText = false
  }

  #outside(byte: number): void {
    if (byte === QUOTE) this.#isText = true
    if (byte === CLOSE_OBJECT || byte === CLOSE_LIST || byte === COMMA) this.#endValue()
    if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.#depth--
    if (byte === COLON) this.#endName()
    else if (byte !== COMMA) this.#keep(byte)
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#open()
  }

  #open(): void {
    this.#depth++
    if (this.#depth === 1) this.#token = []
  }

  #keep(byte: number): void {
    if (this.#depth === 1 && this.#token.length < MOST) this.#token.push(byte)
  }

  #endName(): void {
    if (this.#depth !== 1) return
    this.#name = String(this.#value())
    this.#token = []
  }

  #endValue(): void {
    if (this.#depth !== 1) return
    const value = this.#value()
    if (this.#name === 'id' && (typeof value === 'string' || typeof value === 'number')) this.#id = value
    if (this.#name === 'method') this.#isRequest = true
    this.#token = []
  }

  #value(): unknown {
    try {
      return JSON.parse(Buffer.from(this.#token).toString())
    } catch {
      return undefined
    }
  }
}
