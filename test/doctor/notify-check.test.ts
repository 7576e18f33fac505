// The doctor looks at the address that Alipay is to notify: whose it is, and whether it answers at all.
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { startFront } from '../../src/front/front-server.ts'
import { answering, cleanUp, newPatient, nobody, report } from './patients.ts'

afterAll(cleanUp)

const { env } = await newPatient()
async function found(more: Record<string, string>) {
  const { checks } = await report({ ...env, ...more })
  const { status, found: en, found_zh: zh } = checks.find(({ title }) => title === 'Notifications') ?? {}
  return { status, en, zh }
}

it('is well where listen answers', async () => {
  const handlers = { notify: () => Promise.reject(new Error()), health: async () => undefined, say: () => {} }
  const front = await startFront({ host: '127.0.0.1', port: 0, healthPort: 0 }, handlers)
  onTestFinished(() => front.close())
  const at = `http://127.0.0.1:${front.port}`
  expect(await found({ ALIPAY_PUBLIC_URL: at })).toEqual({
    status: 'ok',
    en: `"listen" answers at ${at}/notify.`,
    zh: `listen 在 ${at}/notify 正常响应。`,
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
