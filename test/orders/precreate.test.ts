// create_payment with channel qr: a code that people see, whatever their host drops.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { PNG } from 'pngjs'
import { describe, expect, it, vi } from 'vitest'
import { LedgerError } from '../../src/errors.ts'
import { drawForTerminal, drawPng } from '../../src/qr.ts'
import { type Fields, openShop, useShop } from '../shop.ts'

// Its types promise a default export that Node does not see.
const jsqr: (data: Uint8ClampedArray, width: number, height: number) => { data: string } | null = createRequire(
  import.meta.url,
)('jsqr')

const shop = useShop()

const PRECREATE = 'alipay.trade.precreate'
const tea = { subject: 'Tea 茶', total_amount: '9.90', channel: 'qr' }
const create = (more: Fields = {}) => shop.call('create_payment', { ...tea, ...more })
const fault = (name: string, times: number | 'always' = 1, more: Fields = {}) =>
  shop.control('faults', { fault: name, method: PRECREATE, times, ...more })

function decoded(png: Uint8Array): string | undefined {
  const { data, width, height } = PNG.sync.read(Buffer.from(png))
  return jsqr(new Uint8ClampedArray(data), width, height)?.data
}

describe('a code', () => {
  it('is shown as text, as an image, and as a file that only the user can read, all of one content', async () => {
    const { content, fields } = await shop.whole('create_payment', tea)
    const { qr_content, qr_file, out_trade_no } = fields
    const image = content.find(({ type }) => type === 'image')
    expect(image).toMatchObject({ mimeType: 'image/png' })
    expect(decoded(Buffer.from(String(image?.data), 'base64'))).toBe(qr_content)
    expect(decoded(readFileSync(String(qr_file)))).toBe(qr_content)
    expect(statSync(String(qr_file)).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(String(qr_file))).mode & 0o777).toBe(0o700)
    expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({
      sub_code: 'ACQ.TRADE_NOT_EXIST',
    })
    await shop.control('pay', { qr_code: qr_content })
    expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({
      paid: true,
      total_amount: '9.90',
    })
  })

  it('is shown again by query_payment, as text, image and file, while it can be paid', async () => {
    const { out_trade_no, qr_content } = await create()
    const { content, fields } = await shop.whole('query_payment', { out_trade_no })
    expect(fields).toMatchObject({ out_trade_no, qr_content, paid: false })
    expect(decoded(Buffer.from(String(content.find(({ type }) => type === 'image')?.data), 'base64'))).toBe(qr_content)
    expect(decoded(readFileSync(String(fields.qr_file)))).toBe(qr_content)
    await shop.call('close_payment', { out_trade_no })
    const unwanted = await shop.whole('query_payment', { out_trade_no })
    expect(unwanted.content.map(({ type }) => type)).toStrictEqual(['text'])
    for (const key of ['qr_content', 'qr_file']) expect(unwanted.fields).not.toHaveProperty(key)
  })

  it('comes with how it is paid: in a browser at the emulator, in the Alipay app elsewhere', async () => {
    const { next_step } = await create()
    expect(next_step).toMatch(
      /^Show the buyer the picture \(or the file qr_file\): the emulator has no Alipay app, so open qr_content in a browser/,
    )
    const sandbox = await openShop({ environment: 'sandbox', sandboxRules: true })
    const real = await sandbox.call('create_payment', tea)
    await sandbox.close()
    expect(real.next_step).toMatch(
      /qr_file\): to be scanned in the Alipay app; qr_content is not a link to open\. In your next turn call wait_for_payment/,
    )
  })

  it('leaves the answer complete when a host drops the images, the texts or the structure', async () => {
    const { content, fields } = await shop.whole('create_payment', tea)
    const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('\n')
    for (const key of ['out_trade_no', 'qr_content', 'qr_file', 'next_step', 'time_expire', 'environment']) {
      expect(text).toContain(`${key}: ${fields[key]}`)
      expect(fields[key]).toBeTypeOf('string')
    }
    expect(fields.pay_url).toBeUndefined()
  })

  it('can be drawn for a terminal', async () => {
    const drawn = await drawForTerminal('https://qr.alipay.com/bax00001')
    expect(drawn.split('\n').length).toBeGreaterThan(14)
    expect(drawn).toMatch(/[▀▄█]/)
    expect(decoded(await drawPng('https://qr.alipay.com/bax00001'))).toBe('https://qr.alipay.com/bax00001')
  })

  it('is not made of a page link, which is too long to be scanned: the answer says what to do instead', async () => {
    const { content, fields } = await shop.whole('create_payment', { ...tea, channel: 'page' })
    expect(content.map(({ type }) => type)).toStrictEqual(['text'])
    expect(fields.next_step).toContain('too long to be scanned: for a code make the order with channel qr')
    expect(String(fields.pay_url).length).toBeGreaterThan(500)
  })

  it('lives 2 hours at most', async () => {
    expect(await create({ expires_in_minutes: 121 })).toMatchObject({ error: 'invalid_input' })
    expect(await create({ expires_in_minutes: 120 })).toMatchObject({ channel: 'qr' })
  })
})

describe('a lost answer', () => {
  it('is not forgotten by a refusal that follows: an earlier code may be out', async () => {
    await fault('lost_after', 2)
    const { out_trade_no } = await create()
    await fault('refuse', 1, { sub_code: 'ACQ.APPLY_PC_MERCHANT_CODE_ERROR' })
    const refused = await create({ out_trade_no })
    expect(refused.money).toMatch(/an earlier try may have made one, payable until/)
    expect(refused).toMatchObject({
      out_trade_no,
      total_amount: '9.90',
      next_step: expect.stringContaining('query_payment'),
    })
    expect((await shop.call('query_payment', { out_trade_no })).payable_until).toMatch(/Beijing time$/)
  })

  it('is not called never made where its answer was seen and could not be written down', async () => {
    const full = new LedgerError('The disk is full.', 'Free some space.')
    vi.spyOn(await shop.ledger(), 'resolve').mockRejectedValueOnce(full)
    const { out_trade_no, qr_content } = await create()
    expect(qr_content).toBeTypeOf('string')
    shop.clock.advance(80_000)
    await fault('refuse', 1, { sub_code: 'ACQ.APPLY_PC_MERCHANT_CODE_ERROR' })
    const refused = await create({ out_trade_no })
    expect(refused.money).toMatch(/an earlier try may have made one, payable until/)
    expect(refused.next_step).not.toMatch(/channel/i)
    await shop.control('pay', { qr_code: qr_content })
    expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({ paid: true })
  })

  it('is asked for once more within the call, byte for byte', async () => {
    await fault('lost_after')
    const made = await create()
    expect(made.qr_content).toBeTypeOf('string')
    const { calls } = await shop.trades()
    expect(Object(calls)[PRECREATE]).toBe(2)
  })

  it('is unknown after that, with number and amount; the same number then fetches the code of the same order', async () => {
    await fault('lost_after', 2)
    const lost = await create()
    expect(lost).toMatchObject({
      error: 'unknown',
      retry: 'after_change',
      moved: 'no',
      total_amount: '9.90',
      isError: true,
    })
    const { out_trade_no } = lost
    expect(lost.next_step).toContain(String(out_trade_no))
    const found = await create({ out_trade_no })
    expect(found).toMatchObject({ out_trade_no, total_amount: '9.90' })
    expect(found.qr_content).toBeTypeOf('string')
    expect(await create({ out_trade_no, total_amount: '8.80' })).toMatchObject({ error: 'invalid_input' })
  })

  it('is fetched after a restart, too: one order, byte for byte as it was stored', async () => {
    await fault('lost_before', 2)
    const lost = await create({ body: 'Two cups' })
    expect(lost).toMatchObject({ error: 'unknown', isError: true })
    const asked = vi.spyOn(shop.gateway, 'precreate')
    shop.clock.advance(3 * 60_000)
    await shop.restart()
    const { out_trade_no } = lost
    const found = await create({ out_trade_no, body: 'Two cups' })
    const stored = await (await shop.ledger()).order({ out_trade_no: String(out_trade_no) })
    const { time_expire, qr_content } = found
    expect(found).toMatchObject({ out_trade_no, expires: expect.stringMatching(/^26 minutes left/) })
    expect(stored).toMatchObject({ time_expire, qr_content })
    const content = { out_trade_no, total_amount: '9.90', subject: 'Tea 茶', body: 'Two cups', time_expire }
    expect(asked.mock.calls.map(([sent]) => sent)).toStrictEqual([content])
    const again = await create({ out_trade_no, body: 'Two cups' })
    expect(again).toMatchObject({ qr_content })
    expect(asked).toHaveBeenCalledTimes(1)
    await shop.control('pay', { qr_code: qr_content })
  })

  it('leaves an order that is found paid where a code was out that nobody here had seen', async () => {
    await fault('lost_after', 2)
    const { out_trade_no } = await create()
    await shop.restart()
    expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({
      in_doubt: expect.stringMatching(/^create of 9\.90 yuan, of unknown outcome, since .* Beijing time$/),
    })
    await shop.control('pay', { out_trade_no })
    const asked = await shop.call('query_payment', { out_trade_no })
    expect(asked).toMatchObject({ paid: true })
    expect(asked).not.toHaveProperty('in_doubt')
  })

  it.each([
    ['the computer slept', async () => shop.clock.advance(41_000)],
    ['all was frozen', async () => (await shop.ledger()).freeze('x', { at: 0, owner: 'o', host: 'terminal' })],
  ])('is not asked for again when %s meanwhile', async (_, happens) => {
    const sleep = shop.clock.sleep.bind(shop.clock)
    vi.spyOn(shop.clock, 'sleep').mockImplementationOnce(async (ms) => {
      await happens()
      await sleep(ms)
    })
    await fault('lost_before')
    expect(await create()).toMatchObject({ error: 'unknown' })
    expect(Object(await shop.trades()).calls[PRECREATE]).toBe(1)
  })

  it('stays unknown where Alipay refuses to give one order a code twice', async () => {
    await fault('lost_after')
    await fault('refuse', 1, { sub_code: 'ACQ.APPLY_PC_MERCHANT_CODE_ERROR' }).catch(() =>
      fault('refuse', 1, { sub_code: 'ACQ.TRADE_HAS_CLOSE' }),
    )
    expect(await create()).toMatchObject({ error: 'unknown' })
  })
})

it('names the other channels where the product is not signed for, and changes nothing silently', async () => {
  await fault('refuse', 1, { sub_code: 'ACQ.ACCESS_FORBIDDEN' })
  const refused = await create()
  expect(refused).toMatchObject({ error: 'refused_by_alipay', moved: 'no', sub_code: 'ACQ.ACCESS_FORBIDDEN' })
  expect(refused.next_step).toContain('channel page or mobile')
  expect(refused.pay_url).toBeUndefined()
})

it('has its file in a folder of its own', async () => {
  const { qr_file } = await create()
  expect(existsSync(String(qr_file))).toBe(true)
  expect(qr_file).toContain(shop.qrFolder)
})
