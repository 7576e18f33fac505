// The script of the checkout page, in a document of its own making: it asks gently, counts down, and copies the link.
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { SCRIPT } from '../../src/checkout/checkout-script.ts'

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-20T02:00:00Z') }))
afterEach(() => void vi.useRealTimers())

interface Answer {
  status: number
  text: string
}

/** An element by its attributes. */
function element(attributes: Readonly<Record<string, string>>) {
  const listeners: (() => void)[] = []
  return {
    hidden: true,
    textContent: attributes.text ?? '',
    getAttribute: (name: string) => attributes[name] ?? null,
    addEventListener: (_name: string, listener: () => void) => void listeners.push(listener),
    click() {
      for (const listener of listeners) listener()
    },
  }
}

type Elements = Readonly<Record<string, ReturnType<typeof element>>>
const LIVE = element({ 'data-state-path': '/p/x/state', 'data-state-key': 'open' })

function run({ elements = { live: LIVE }, clipboard = undefined as unknown, copies = true } = {}) {
  const answer: Answer = { status: 200, text: 'open\n' }
  const found = { asked: 0, reloads: 0, selected: 0, answer, isSilent: false }
  const events: Record<string, (event: object) => void> = {}
  const listen = (name: string, listener: (event: object) => void) => {
    events[name] = listener
  }
  const document = {
    hidden: false,
    getElementById: (id: string) => (elements as Elements)[id] ?? null,
    addEventListener: listen,
    createRange: () => ({ selectNodeContents: () => void found.selected++ }),
    execCommand: () => copies,
  }
  const window = {
    addEventListener: listen,
    getSelection: () => ({ removeAllRanges() {}, addRange() {} }),
  }
  class XMLHttpRequest {
    status = 0
    responseText = ''
    onloadend = () => {}
    open(method: string, path: string) {
      expect([method, path]).toStrictEqual(['GET', '/p/x/state'])
    }
    send() {
      found.asked++
      if (found.isSilent) return
      this.status = found.answer.status
      this.responseText = found.answer.text
      this.onloadend()
    }
  }
  const location = { reload: () => void found.reloads++ }
  const { setTimeout, clearTimeout, setInterval } = globalThis
  const navigator = { clipboard }
  runInNewContext(SCRIPT, {
    document,
    window,
    location,
    navigator,
    XMLHttpRequest,
    Date,
    setTimeout,
    clearTimeout,
    setInterval,
  })
  const see = (isSeen: boolean) => {
    document.hidden = !isSeen
    events.visibilitychange?.({})
  }
  return { found, see, restore: () => events.pageshow?.({ persisted: true }) }
}

const seconds = (count: number) => vi.advanceTimersByTime(count * 1_000)

it('asks every 3 seconds for 2 minutes, then every 10', () => {
  const { found } = run()
  seconds(2.9)
  expect(found.asked).toBe(0)
  seconds(117.1)
  expect(found.asked).toBe(40)
  seconds(600)
  expect(found.asked).toBe(100)
  expect(found.reloads).toBe(0)
})

it('asks nothing while nobody sees it, and at once when somebody does again', () => {
  const { found, see } = run()
  see(false)
  seconds(3_600)
  expect(found.asked).toBe(0)
  see(true)
  expect(found.asked).toBe(1)
  seconds(3)
  expect(found.asked).toBe(2)
})

it('loads again once the text differs, and only for an answer that is one', () => {
  const { found } = run()
  found.answer = { status: 503, text: 'sorry' }
  seconds(3)
  expect([found.asked, found.reloads]).toStrictEqual([1, 0])
  // It asks less where it got none.
  seconds(9)
  expect(found.asked).toBe(1)
  found.answer = { status: 200, text: 'paid' }
  seconds(1)
  expect(found.reloads).toBe(1)
  seconds(60)
  expect(found.asked).toBe(2)
})

it('has one question in the air, and forgets it when the browser shows a page that it had kept', () => {
  const { found, see, restore } = run()
  found.isSilent = true
  seconds(3)
  see(false)
  see(true)
  seconds(30)
  expect(found.asked).toBe(1)
  found.isSilent = false
  restore()
  expect(found.asked).toBe(2)
  seconds(3)
  expect(found.asked).toBe(3)
})

it('asks nothing on a page that stays as it is', () => {
  const { found, see } = run({ elements: { live: element({}) } })
  seconds(3_600)
  see(false)
  see(true)
  expect(found.asked).toBe(0)
})

it.each([
  [1_771, 0, '29 min 31 s'],
  [1_771, 60, '28 min 31 s'],
  [62, 3, '59 s'],
  [10, 60, '0 s'],
  [5_400, 0, '1 h 30 min'],
  [1_000_000, 0, '11 d 13 h'],
])('of %i seconds, %i later, shows %s', (all, later, shown) => {
  const left = element({ 'data-seconds': String(all), 'data-units': 'd,h,min,s' })
  run({ elements: { live: element({}), left } as Elements as { live: typeof LIVE } })
  seconds(later)
  expect(left.textContent).toBe(shown)
})

it.each<[string, { clipboard?: unknown; copies?: boolean }, string, number]>([
  ['the clipboard', { clipboard: { writeText: async () => {} } }, 'copied!', 0],
  ['a clipboard that refuses', { clipboard: { writeText: () => Promise.reject(new Error('no')) } }, 'copied!', 1],
  ['no clipboard', {}, 'copied!', 1],
  ['no clipboard and no command', { copies: false }, 'select!', 1],
])('with %s, the button says what it did', async (_what, means, said, selected) => {
  const copy = element({ 'data-copied': 'copied!', 'data-selected': 'select!' })
  const elements = { live: element({}), copy, said: element({}), address: element({ text: 'https://a/p/x' }) }
  const { found } = run({ elements, ...means })
  expect(copy.hidden).toBe(false)
  copy.click()
  await vi.advanceTimersByTimeAsync(0)
  expect([elements.said.textContent, found.selected]).toStrictEqual([said, selected])
})
