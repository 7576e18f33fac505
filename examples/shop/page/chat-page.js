// The chat in the browser: shows what the server tells, and sends what the buyer writes.
import { append, elementOf, spoken, words } from './entries.js'

const byId = (id) => document.getElementById(id)
const [log, form, message, refusal, writing] = ['log', 'form', 'message', 'refusal', 'writing'].map(byId)
/** From the bottom of the page: whoever has scrolled up further reads, and is left there. */
const NEAR = 160
const MOST_SPOKEN = 5
/** The text of the assistant that is still growing. */
let growing

function show(change) {
  const wasAtEnd = document.documentElement.scrollHeight - scrollY - innerHeight < NEAR
  CHANGES[change.type](change)
  if (wasAtEnd) scrollTo({ top: document.documentElement.scrollHeight })
}

const CHANGES = {
  all({ entries, isBusy }) {
    log.replaceChildren(...entries.map(elementOf))
    document.body.classList.toggle('begun', entries.length > 0)
    setBusy(isBusy)
    scrollTo({ top: document.documentElement.scrollHeight })
  },
  entry({ entry }) {
    if (entry.kind === 'assistant') finish()
    const known = byId(`entry-${entry.id}`)
    const element = elementOf(entry)
    if (known) known.replaceWith(element)
    else log.append(element)
    document.body.classList.add('begun')
    if (entry.kind === 'assistant') growing = entry
    else speak(entry)
  },
  gone({ id }) {
    byId(`entry-${id}`)?.remove()
  },
  more({ id, text }) {
    append(byId(`entry-${id}`), text)
    if (growing?.id === id) growing.text += text
  },
  busy({ isBusy }) {
    if (!isBusy) finish()
    setBusy(isBusy)
  },
}

function setBusy(isBusy) {
  writing.hidden = !isBusy
}

/** A text is spoken once, when it is complete. */
function finish() {
  if (growing) speak(growing)
  growing = undefined
}

/** One after the other, also where several come at once. */
function speak(entry) {
  const text = spoken(entry)
  if (text === undefined) return
  const line = document.createElement('p')
  line.textContent = text
  byId('spoken').append(line)
  while (byId('spoken').childElementCount > MOST_SPOKEN) byId('spoken').firstChild.remove()
}

function refuse(why) {
  refusal.textContent = words.refusals[why] ?? words.refusals.no_connection
}

async function send(text) {
  refusal.textContent = ''
  const headers = { 'content-type': 'application/json' }
  try {
    const answer = await fetch('/messages', { method: 'POST', headers, body: JSON.stringify({ text }) })
    if (answer.ok) return true
    refuse(Object(await answer.json()).refusal)
  } catch {
    refuse('no_connection')
  }
  return false
}

async function sendWritten() {
  const text = message.value.trim()
  if (text === '') return
  message.value = ''
  const isSent = await send(text)
  // What was written meanwhile stays.
  if (!isSent && message.value === '') message.value = text
  grow()
}

function grow() {
  message.style.height = 'auto'
  message.style.height = `${message.scrollHeight}px`
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  void sendWritten()
})
message.addEventListener('input', grow)
message.addEventListener('keydown', (event) => {
  // Enter also chooses among the words that an input method offers: those are not sent.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
  event.preventDefault()
  void sendWritten()
})
byId('suggestions').addEventListener('click', ({ target }) => {
  if (target instanceof HTMLButtonElement) void send(target.textContent)
})

const events = new EventSource('/events')
events.addEventListener('message', ({ data }) => show(JSON.parse(data)))
events.addEventListener('error', () => {
  // It connects again by itself, unless it was refused.
  if (events.readyState === EventSource.CLOSED) refuse('no_session')
})
