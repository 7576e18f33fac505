// What one chat shows, entry by entry, to all windows of the browser in which it is open.

const MOST_ENTRIES = 200
const MOST_WINDOWS = 6
const LONGEST = 20_000

export class Transcript {
  #entries = []
  #windows = new Set()
  #last = 0
  #isBusy = false

  get isWatched() {
    return this.#windows.size > 0
  }

  /** The whole, then every change. @returns what ends it; undefined where there are too many windows */
  open(send) {
    if (this.#windows.size >= MOST_WINDOWS) return undefined
    this.#windows.add(send)
    send({ type: 'all', entries: this.#entries, isBusy: this.#isBusy })
    return () => this.#windows.delete(send)
  }

  add(content) {
    const entry = { id: ++this.#last, ...content }
    this.#entries = [...this.#entries, entry].slice(-MOST_ENTRIES)
    this.#tell({ type: 'entry', entry })
    return entry
  }

  /** In the place of that entry; at the end where there is none. */
  put(id, content) {
    const at = this.#entries.findIndex((entry) => entry.id === id)
    if (at === -1) return this.add(content)
    const entry = { id, ...content }
    this.#entries[at] = entry
    this.#tell({ type: 'entry', entry })
    return entry
  }

  remove(id) {
    this.#entries = this.#entries.filter((entry) => entry.id !== id)
    this.#tell({ type: 'gone', id })
  }

  append(entry, text) {
    if (entry.text.length > LONGEST) return
    entry.text += text
    this.#tell({ type: 'more', id: entry.id, text })
  }

  busy(isBusy) {
    this.#isBusy = isBusy
    this.#tell({ type: 'busy', isBusy })
  }

  #tell(change) {
    for (const send of this.#windows) send(change)
  }
}
