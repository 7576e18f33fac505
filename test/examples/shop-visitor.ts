// A buyer at the shop of the example, with a browser of his own: its cookie, what the chat shows, and what he writes.
import { control, type Fields } from '../e2e/hosts.ts'

export interface Entry extends Fields {
  id: number
  kind: string
}

export class Visitor {
  readonly #address: string
  readonly #end = new AbortController()
  entries: readonly Entry[] = []
  isBusy = false
  cookie = ''
  #look = () => {}

  private constructor(address: string) {
    this.#address = address
  }

  static async at(address: string, cookie?: string): Promise<Visitor> {
    const visitor = new Visitor(address)
    visitor.cookie = cookie ?? (await newCookie(address))
    await visitor.#listen()
    return visitor
  }

  async #listen(): Promise<void> {
    const { signal } = this.#end
    const answer = await fetch(`${this.#address}/events`, { headers: { cookie: this.cookie }, signal })
    if (!answer.ok || !answer.body) throw new Error(`/events: ${answer.status}`)
    void this.#read(answer.body).catch(() => {})
    await this.#until(() => this.#isOpen)
  }

  #isOpen = false

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = ''
    for await (const piece of body.pipeThrough(new TextDecoderStream())) {
      const events = (rest + piece).split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events.filter((one) => one.startsWith('data: '))) this.#take(JSON.parse(event.slice(6)))
      this.#look()
    }
  }

  #take({ type, entries, entry, id, text, isBusy }: Fields & { entries: Entry[]; entry: Entry }): void {
    this.#isOpen = true
    if (type === 'all') this.entries = entries
    if (type === 'entry') {
      const isKnown = this.entries.some((one) => one.id === entry.id)
      this.entries = isKnown ? this.entries.map((one) => (one.id === entry.id ? entry : one)) : [...this.entries, entry]
    }
    if (type === 'gone') this.entries = this.entries.filter((one) => one.id !== id)
    if (type === 'more')
      this.entries = this.entries.map((one) => (one.id === id ? { ...one, text: `${one.text}${text}` } : one))
    if (typeof isBusy === 'boolean') this.isBusy = isBusy
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#look = resolve
      })
    }
  }

  post(text: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const all = { cookie: this.cookie, origin: this.#address, 'content-type': 'application/json', ...headers }
    return fetch(`${this.#address}/messages`, { method: 'POST', headers: all, body: JSON.stringify({ text }) })
  }

  /** @returns what the chat shows from this message on, once the assistant has answered */
  async says(text: string): Promise<readonly Entry[]> {
    const { length } = this.entries
    const { status } = await this.post(text)
    if (status !== 202) throw new Error(`${text}: ${status}`)
    await this.#until(() => this.entries.length > length + 1 && !this.isBusy)
    return this.entries.slice(length)
  }

  /** The last entry like that, once there is one. */
  async sees(kind: string, like: Fields = {}): Promise<Entry> {
    const fits = (entry: Entry) =>
      entry.kind === kind && Object.entries(like).every(([name, value]) => entry[name] === value)
    await this.#until(() => this.entries.some(fits) && !this.isBusy)
    return this.entries.findLast(fits) as Entry
  }

  of(kind: string): readonly Entry[] {
    return this.entries.filter((entry) => entry.kind === kind)
  }

  leave(): void {
    this.#end.abort()
  }
}

/** Signs on the page of a subscription, as on a computer, by the control API of the emulator. */
export async function sign(page: unknown): Promise<void> {
  const pressed = await fetch(`${page}/page`, { redirect: 'manual' })
  const sign_url = pressed.headers.get('location') ?? ''
  await control(sign_url, 'agreements/sign', { sign_url, account: 'buyer1' })
}

async function newCookie(address: string): Promise<string> {
  const [cookie = ''] = (await fetch(`${address}/`)).headers.getSetCookie()
  return cookie.split(';')[0] ?? ''
}
