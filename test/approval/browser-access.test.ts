// Who gets in to the page of an approval, by hand-written requests: everything else decides nothing and learns nothing.
import { spawn, spawnSync } from 'node:child_process'
import { type IncomingHttpHeaders, request } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { RawHost } from './approval-hosts.ts'
import { type ApprovalServer, startApprovalServer } from './approval-server.ts'

// Only root may become another user, who may not be let into the folder of this Node.js.
const NOBODY = 65_534
const OTHERS_RUN_NODE =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync(process.execPath, ['-e', '0'], { uid: NOBODY, cwd: '/', env: {} }).status === 0

const FORM = 'application/x-www-form-urlencoded'
const REQUEST = { amount: '3.00', how: 'operator' }

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

let server: ApprovalServer
let page: URL
let token: string

/** A header that is undefined is left out. */
function send(
  method: string,
  headers: Record<string, string | undefined>,
  body = '',
  path = page.pathname,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const given = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [name, value]))
    const { port } = page
    const options = { host: '127.0.0.1', port, method, path, headers: given, setHost: false, agent: false }
    const sent = request(options, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const get = (headers = {}, path = page.pathname) => send('GET', { host: page.host, ...headers }, '', path)
const post = (body: string, headers = {}) => {
  const own = { host: page.host, origin: page.origin, 'sec-fetch-site': 'same-origin', 'content-type': FORM }
  return send('POST', { ...own, ...headers }, body)
}
const form = (decision: string, key = token) => new URLSearchParams({ token: key, decision }).toString()
const state = async () => (await server.ledger.approvals({})).at(-1)?.state

async function ask(): Promise<void> {
  await new RawHost(server).call(REQUEST)
  page = new URL(server.pages.at(-1) ?? '')
  token = /name="token" value="([\w-]{43})"/.exec((await get()).text)?.[1] ?? ''
}

describe('the page of an open request', () => {
  beforeAll(async () => {
    server = await startApprovalServer()
    await ask()
  })
  afterAll(() => server.approvals.close())

  it('is shown to the browser of this user, as often as they like, and must not be kept, framed or fetched', async () => {
    const { status, headers, text } = await get({ 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none' })
    expect(status).toBe(200)
    expect(text).toContain('<span class="en" lang="en">Approve this refund?</span>')
    expect(token).toHaveLength(43)
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      ),
    })
    expect((await get()).status).toBe(200)
  })

  it.each([
    ['the root', '/', 404],
    ['a guess', `/${'A'.repeat(43)}`, 404],
    ['a longer path', 'PAGE/', 404],
    ['a query', 'PAGE?decision=yes', 404],
    ['the icon', '/favicon.ico', 404],
  ])('is not at %s', async (_, path, status) => {
    const answer = await get({}, path.replace('PAGE', page.pathname))
    expect([answer.status, answer.text]).toStrictEqual([status, `${status}\n`])
  })

  it.each([
    ['another name', 'localhost:PORT'],
    ['a foreign name, as after DNS rebinding', 'shop.example:PORT'],
    ['another port', '127.0.0.1:1'],
    ['no port', '127.0.0.1'],
  ])('is not given under %s', async (_, host) => {
    const headers = { host: host.replace('PORT', page.port) }
    expect(await send('GET', headers)).toMatchObject({ status: 403, text: '403\n' })
    expect(await post(form('yes'), headers)).toMatchObject({ status: 403, text: '403\n' })
  })

  it.each([
    ['no origin', { origin: undefined }, 403],
    ['the origin of a sandbox', { origin: 'null' }, 403],
    ['a foreign origin', { origin: 'https://shop.example' }, 403],
    ['another page of this computer', { origin: 'http://127.0.0.1:1' }, 403],
    ['the same port by another name', { origin: 'http://localhost:PORT' }, 403],
    ['a foreign site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['another port of this computer', { 'sec-fetch-site': 'same-site' }, 403],
    ['a script', { 'sec-fetch-dest': 'empty' }, 403],
    ['a frame', { 'sec-fetch-dest': 'iframe' }, 403],
    ['plain text', { 'content-type': 'text/plain' }, 415],
    ['JSON', { 'content-type': 'application/json' }, 415],
    ['no type', { 'content-type': undefined }, 415],
    ['another type with the right one in it', { 'content-type': `text/plain; ${FORM}` }, 415],
  ])('takes no answer from %s', async (_, headers, status) => {
    const entries = Object.entries(headers).map(([name, value]) => [name, value?.replace('PORT', page.port)])
    const answer = await post(form('yes'), Object.fromEntries(entries))
    expect([answer.status, answer.text]).toStrictEqual([status, `${status}\n`])
    expect(await state()).toBe('asked')
  })

  it.each([
    ['no token', () => 'decision=yes', 403],
    ['a wrong token', () => form('yes', 'A'.repeat(43)), 403],
    ['the address for a token', () => form('yes', page.pathname.slice(1)), 403],
    ['two tokens', () => `${form('yes')}&token=x`, 400],
    ['no decision', () => `token=${token}`, 400],
    ['another decision', () => form('maybe'), 400],
    ['both decisions', () => `${form('no')}&decision=yes`, 400],
    ['more than a form', () => `${form('yes')}&x=${'x'.repeat(3_000)}`, 413],
  ])('takes no form with %s', async (_, body, status) => {
    expect(await post(body())).toMatchObject({ status, text: `${status}\n` })
    expect(await state()).toBe('asked')
  })

  it.each(['PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'])('knows no %s', async (method) => {
    const answer = await send(method, { host: page.host, origin: page.origin })
    expect(answer.status).toBe(405)
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it.runIf(OTHERS_RUN_NODE)(
    'is closed to another user of this computer, who can read the address off the browser that is started',
    async () => {
      const script = `fetch(${JSON.stringify(page.href)}).then(async (r) => console.log(r.status, await r.text()))`
      const seenBy = (uid: number) =>
        new Promise<string>((resolve) => {
          let seen = ''
          const child = spawn(process.execPath, ['-e', script], { uid, cwd: '/', env: {} })
          child.stdout.setEncoding('utf8').on('data', (text) => {
            seen += text
          })
          child.on('close', () => resolve(seen))
        })
      expect(await seenBy(NOBODY)).toBe('403 403\n\n')
      expect(await seenBy(0)).toMatch(/^200 <!doctype html>/)
    },
  )
})

describe('an answer', () => {
  beforeEach(async () => {
    server = await startApprovalServer()
    await ask()
    return () => server.approvals.close()
  })

  it.each([
    ['yes', 'approved', '已同意退款'],
    ['no', 'denied', '已拒绝，不退款'],
  ])('%s is taken once; what comes later is told what was decided', async (decision, decided, words) => {
    const taken = await post(form(decision))
    expect([taken.status, taken.headers.location]).toStrictEqual([303, page.pathname])
    expect(await state()).toBe(decided)
    for (const answer of [await get(), await post(form('yes')), await post(form('no'))]) {
      expect([answer.status, answer.text.includes(words)]).toStrictEqual([200, true])
      expect(answer.text).not.toContain('<form')
    }
    expect(await state()).toBe(decided)
    expect((await server.ledger.approvals({}))[0]).toMatchObject({ decided_by: 'page' })
  })

  it('given at a terminal shows on the page', async () => {
    const actor = { at: server.clock.now(), owner: 'person', host: 'terminal' }
    await server.ledger.decide(1, false, 'terminal', actor)
    expect((await get()).text).toContain('已拒绝')
    expect((await post(form('yes'))).text).toContain('已拒绝')
    expect(await state()).toBe('denied')
  })

  it('that comes after 15 minutes is told that it came too late', async () => {
    server.clock.advance(15 * 60_000)
    expect(await post(form('yes'))).toMatchObject({
      status: 410,
      text: expect.stringContaining('已过期，没有退款'),
    })
    expect(await get()).toMatchObject({ status: 410 })
    expect(await state()).toBe('asked')
  })

  it('yes is not taken while all is frozen, and says so; no is', async () => {
    await server.ledger.freeze('theft', { at: server.clock.now(), owner: 'person', host: 'terminal' })
    expect(await post(form('yes'))).toMatchObject({ status: 409, text: expect.stringContaining('已冻结') })
    expect(await state()).toBe('asked')
    expect(await post(form('no'))).toMatchObject({ status: 303 })
    expect(await state()).toBe('denied')
  })

  it('that cannot be written says that nothing was decided', async () => {
    server.ledger.close()
    expect(await post(form('yes'))).toMatchObject({ status: 503, text: expect.stringContaining('未能记录') })
  })

  it('finds nobody after the server has ended', async () => {
    server.approvals.close()
    await expect(get()).rejects.toThrow('ECONNREFUSED')
  })
})
