// The HTTP side of the front: what it lets through, what it turns away, and that an end waits for what has begun.
import { once } from 'node:events'
import net from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { type FrontHandlers, startFront } from '../../src/front/front-server.ts'
import type { Both } from '../../src/language.ts'

const NO_PAGE = { status: 404, text: 'none', headers: {}, isKnown: false } as const
const TAKEN = { status: 200, body: 'success', line: { en: 'taken', zh: '已接收' } } as const

async function front(handlers: Partial<FrontHandlers> = {}) {
  const lines: string[] = []
  const bodies: string[] = []
  const notify = async (body: Buffer) => {
    bodies.push(body.toString())
    return TAKEN
  }
  const all = {
    page: async () => NO_PAGE,
    subscription: async () => NO_PAGE,
    notify,
    mark: async () => undefined,
    health: async () => undefined,
    say: ({ en }: Both) => void lines.push(en),
    ...handlers,
  }
  const running = await startFront({ host: '127.0.0.1', port: 0, healthPort: 0 }, all)
  onTestFinished(() => running.close())
  const at = `http://127.0.0.1:${running.port}`
  return { ...running, at, lines, bodies }
}

const post = (address: string, body: string) => fetch(address, { method: 'POST', body })

it('passes a posted body on as it is, and answers with seven letters', async () => {
  const { at, bodies, lines } = await front()
  const answer = await post(`${at}/notify`, 'a=%E8%8C%B6&b=+')
  expect([answer.status, await answer.text(), answer.headers.get('content-length')]).toEqual([200, 'success', '7'])
  expect([bodies, lines]).toEqual([['a=%E8%8C%B6&b=+'], ['taken']])
})

it('takes it under a prefix of the public address, too, and with a query', async () => {
  const { at, bodies } = await front()
  expect((await post(`${at}/alipay/notify?x=1`, 'a=1')).status).toBe(200)
  expect(bodies).toEqual(['a=1'])
})

it.each([
  ['GET', '/notify', 405],
  ['HEAD', '/notify', 405],
  ['PUT', '/notify', 405],
  ['POST', '/', 404],
  ['POST', '/notify/../ledger', 404],
  ['GET', '/health', 404],
])('%s %s is turned away', async (method, path, status) => {
  const { at, bodies } = await front()
  expect((await fetch(at + path, { method })).status).toBe(status)
  expect(bodies).toEqual([])
})

it('a body that is longer than any notification is cut, and is not success', async () => {
  const { at, bodies } = await front()
  const answer = await post(`${at}/notify`, 'x'.repeat(100_000)).catch(() => undefined)
  expect(answer === undefined || answer.status === 413).toBe(true)
  expect(bodies).toEqual([])
})

it('what fails is 500 and fail, and the operator hears why', async () => {
  const notify = () => Promise.reject(new Error('The ledger is in use.'))
  const { at, lines } = await front({ notify })
  const answer = await post(`${at}/notify`, 'a=1')
  expect([answer.status, await answer.text(), lines]).toEqual([
    500,
    'fail',
    ['A notification could not be written: The ledger is in use.'],
  ])
})

it('an answer that is none, as a system behind it may give, ends nothing', async () => {
  let status = 99
  const { at } = await front({ notify: async () => ({ ...TAKEN, status }) })
  await expect(post(`${at}/notify`, 'a=1')).rejects.toThrow()
  status = 200
  expect((await post(`${at}/notify`, 'a=1')).status).toBe(200)
})

it('a body that never ends does not hold the others up', async () => {
  const { port, at } = await front()
  const slow = net.connect(port, '127.0.0.1')
  onTestFinished(() => void slow.destroy())
  slow.on('error', () => {})
  await once(slow, 'connect')
  slow.write('POST /notify HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\na')
  expect((await post(`${at}/notify`, 'a=1')).status).toBe(200)
})

it('who looks at it reads what stands in its ledger under the name that he gives', async () => {
  const { at } = await front({ mark: async (name) => (name === 'a1' ? 'b2' : undefined) })
  const look = async (query: string) => {
    const answer = await fetch(`${at}/notify${query}`)
    return [answer.status, await answer.text()]
  }
  expect(await look('?mark=a1')).toEqual([405, 'Alipay posts here. b2\n'])
  for (const query of ['', '?mark=', '?mark=a2', '?x=a1']) {
    expect(await look(query)).toEqual([405, 'Alipay posts here.\n'])
  }
})

it('health tells whether the ledger can be read, on a port of its own', async () => {
  let fails = false
  const health = () => (fails ? Promise.reject(new Error('no')) : Promise.resolve())
  const { healthPort } = await front({ health })
  const ask = async () => {
    const answer = await fetch(`http://127.0.0.1:${healthPort}/health`)
    return [answer.status, await answer.json()]
  }
  expect(await ask()).toEqual([200, { ok: true }])
  fails = true
  expect(await ask()).toEqual([503, { ok: false }])
})

it('an end waits for the answer to what has begun, and takes nothing new', async () => {
  let finish: (() => void) | undefined
  let begun: (() => void) | undefined
  const isBegun = new Promise<void>((resolve) => {
    begun = resolve
  })
  const notify = async () => {
    begun?.()
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    return TAKEN
  }
  const { at, close } = await front({ notify })
  const answer = post(`${at}/notify`, 'a=1')
  await isBegun
  const closed = close()
  await expect(post(`${at}/notify`, 'a=2')).rejects.toThrow()
  finish?.()
  expect((await answer).status).toBe(200)
  await closed
})

const HANDLERS = {
  page: async () => NO_PAGE,
  subscription: async () => NO_PAGE,
  notify: async () => TAKEN,
  mark: async () => undefined,
  health: async () => undefined,
  say: () => {},
}

it('a port that is taken is told, and the other one is let go', async () => {
  const { port } = await front()
  await expect(startFront({ host: '127.0.0.1', port, healthPort: 0 }, HANDLERS)).rejects.toThrow(/EADDRINUSE/)
})

it('an end waits for no connection on which nothing has come', async () => {
  const running = await startFront({ host: '127.0.0.1', port: 0 }, HANDLERS)
  const socket = net.connect(running.port, '127.0.0.1')
  await once(socket, 'connect')
  const closed = once(socket, 'close')
  await Promise.all([running.close(), closed])
})
