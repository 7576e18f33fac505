// The doctor looks at the address that Alipay is to notify: whose it is, and whether it answers at all.
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { startFront } from '../../src/front/front-server.ts'
import { readMark } from '../../src/ledger/ledger-mark.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { answering, cleanUp, newPatient, nobody, report } from './patients.ts'

afterAll(cleanUp)

const { env } = await newPatient()
async function found(more: Record<string, string>) {
  const { checks } = await report({ ...env, ...more })
  const { status, found: en, found_zh: zh } = checks.find(({ title }) => title === 'Notifications') ?? {}
  return { status, en, zh }
}

/** A front on a ledger of this partition. */
async function listening(folder: string | undefined) {
  const ledger = await openLedger({ folder, partition: { ...partition, merchant: env.ALIPAY_APP_ID ?? '' } })
  const front = await startFront(
    { host: '127.0.0.1', port: 0, healthPort: 0 },
    {
      page: () => Promise.reject(new Error()),
      subscription: () => Promise.reject(new Error()),
      notify: () => Promise.reject(new Error()),
      mark: (name) => readMark(ledger, name, Date.now()),
      health: async () => undefined,
      say: () => {},
    },
  )
  onTestFinished(async () => {
    await front.close()
    ledger.close()
  })
  return `http://127.0.0.1:${front.port}`
}

/** A web server before it that knows one folder. */
async function passingOn(front: string, folder: string): Promise<string> {
  const server = createServer(async ({ url = '' }, response) => {
    const answer = url.startsWith(folder) ? await fetch(front + url) : new Response('not found', { status: 404 })
    response.writeHead(answer.status).end(await answer.text())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${Object(server.address()).port}`
}

const partition = { environment: 'local', gateway: env.ALIPAY_GATEWAY ?? '' } as const

function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'notify-check-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

it('is well where listen answers that has this ledger', async () => {
  const ALIPAY_DATA_DIR = newFolder()
  const ALIPAY_PUBLIC_URL = await listening(ALIPAY_DATA_DIR)
  expect(await found({ ALIPAY_PUBLIC_URL, ALIPAY_DATA_DIR })).toEqual({
    status: 'ok',
    en: `"listen" answers at ${ALIPAY_PUBLIC_URL}/notify and writes to this ledger.`,
    zh: `listen 在 ${ALIPAY_PUBLIC_URL}/notify 正常响应，写入的就是这个账本。`,
  })
})

it.each(['another', 'none'])(
  'is to be looked at where listen answers that has another ledger, and here is %s',
  async (here) => {
    const ALIPAY_DATA_DIR = newFolder()
    if (here === 'another') await listening(ALIPAY_DATA_DIR)
    const ALIPAY_PUBLIC_URL = await listening(newFolder())
    const { status, en, zh } = await found({ ALIPAY_PUBLIC_URL, ALIPAY_DATA_DIR })
    expect([status, en]).toEqual(['warning', expect.stringContaining('with another ledger than this one')])
    expect(zh).toContain('另一个账本')
  },
)

it('tells only that listen answers where this ledger cannot be used', async () => {
  const ALIPAY_DATA_DIR = newFolder()
  const ALIPAY_PUBLIC_URL = await listening(newFolder())
  writeFileSync(join(ALIPAY_DATA_DIR, 'ledger.db'), 'no ledger')
  expect(await found({ ALIPAY_PUBLIC_URL, ALIPAY_DATA_DIR })).toMatchObject({
    status: 'ok',
    en: `"listen" answers at ${ALIPAY_PUBLIC_URL}/notify.`,
  })
})

it('is well where none is configured, and says what that means', async () => {
  expect(await found({})).toMatchObject({
    status: 'ok',
    en: expect.stringContaining('payments are seen when somebody asks'),
  })
})

it.each([
  ['nobody', async () => `http://${await nobody()}`, 'cannot be reached from here (ECONNREFUSED)'],
  ['a redirect', () => answering(302, '', { location: 'https://x.example/' }), 'answers HTTP 302'],
  ['a proxy without a backend', () => answering(502, '<html>'), 'answers HTTP 502'],
])('is to be looked at where %s answers', async (_, address, said) => {
  const ALIPAY_NOTIFY_URL = `${new URL(await address()).origin}/notify?secret=1`
  const { status, en, zh } = await found({ ALIPAY_NOTIFY_URL })
  expect([status, en]).toEqual(['warning', expect.stringContaining(said)])
  expect(`${en}${zh}`).not.toContain('secret')
  expect(zh).toMatch(/连不上|返回 HTTP/)
})

it("is not judged where the merchant's own system answers in its own way", async () => {
  const ALIPAY_NOTIFY_URL = await answering(200, 'hello')
  expect(await found({ ALIPAY_NOTIFY_URL })).toMatchObject({ status: 'ok', en: expect.stringContaining('(HTTP 200)') })
})

describe('the payment page', () => {
  const page = async (more: Record<string, string>) => {
    const { checks } = await report({ ...env, ...more })
    const { status, found: en } = checks.find(({ title }) => title === 'Payment page') ?? {}
    return { status, en }
  }

  /** A watcher at work there. */
  async function watching(folder: string) {
    const ledger = await openLedger({ folder, partition: { ...partition, merchant: env.ALIPAY_APP_ID ?? '' } })
    await ledger.takeLease('watcher', 60_000, { at: Date.now(), owner: 'a watcher', host: 'listen' })
    ledger.close()
  }

  it('is to be looked at where nobody watches', async () => {
    const ALIPAY_DATA_DIR = newFolder()
    const ALIPAY_PUBLIC_URL = await listening(ALIPAY_DATA_DIR)
    const found = await page({ ALIPAY_PUBLIC_URL, ALIPAY_DATA_DIR })
    expect(found).toEqual({ status: 'warning', en: expect.stringContaining('no watcher is at work') })
  })

  it('is well where the front there has this ledger, also where notifications go elsewhere', async () => {
    const ALIPAY_DATA_DIR = newFolder()
    const ALIPAY_PUBLIC_URL = await listening(ALIPAY_DATA_DIR)
    await watching(ALIPAY_DATA_DIR)
    const ALIPAY_NOTIFY_URL = await answering(200, 'hello')
    expect(await page({ ALIPAY_PUBLIC_URL, ALIPAY_NOTIFY_URL, ALIPAY_DATA_DIR })).toEqual({
      status: 'ok',
      en: `"listen" answers at ${ALIPAY_PUBLIC_URL}/p/mark and writes to this ledger.`,
    })
  })

  it('is to be looked at where another program answers, or none', async () => {
    expect(await page({ ALIPAY_PUBLIC_URL: `http://${await nobody()}` })).toMatchObject({ status: 'warning' })
    const ALIPAY_PUBLIC_URL = await listening(newFolder())
    expect(await page({ ALIPAY_PUBLIC_URL, ALIPAY_DATA_DIR: newFolder() })).toMatchObject({ status: 'warning' })
  })

  it('of subscriptions is to be looked at where the web server passes on pages of orders alone', async () => {
    const ALIPAY_DATA_DIR = newFolder()
    const front = await listening(ALIPAY_DATA_DIR)
    await watching(ALIPAY_DATA_DIR)
    const subscriptions = {
      ALIPAY_TOOLSETS: 'payments,subscriptions',
      ALIPAY_SUBSCRIPTION_PRODUCT: 'GENERAL_WITHHOLDING',
      ALIPAY_SUBSCRIPTION_SCENE: 'INDUSTRY|DIGITAL_MEDIA',
    }
    const ALIPAY_PUBLIC_URL = await passingOn(front, '/p/')
    expect(await page({ ALIPAY_PUBLIC_URL, ALIPAY_DATA_DIR, ...subscriptions })).toEqual({
      status: 'warning',
      en: expect.stringContaining('pages of subscriptions, below /s/, do not reach "listen"'),
    })
    expect(await page({ ALIPAY_PUBLIC_URL, ALIPAY_DATA_DIR })).toMatchObject({ status: 'ok' })
    const both = { ALIPAY_PUBLIC_URL: front, ALIPAY_DATA_DIR, ...subscriptions }
    expect(await page(both)).toMatchObject({ status: 'ok' })
  })

  it('is none where none is configured', async () => {
    expect(await page({})).toEqual({ status: 'ok', en: expect.stringContaining("Alipay's own links") })
  })
})
