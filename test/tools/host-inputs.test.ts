// What hosts make of a good call: fields filled in without a value, numbers as texts, fields of their own.
import { distance } from 'fastest-levenshtein'
import { describe, expect, it } from 'vitest'
import { NAMES_OF_HOSTS } from '../../src/tool-input.ts'
import { MERCHANT_TOOLS } from '../../src/tools/index.ts'
import { type Fields, useShop } from '../shop.ts'
import { ALL_NAMES, CATALOGUE, goodCall } from './catalogue.ts'

const shop = useShop()
const tea = { subject: 'Tea 茶', total_amount: '9.90' }
const create = (args: Fields = {}) => shop.call('create_payment', { ...tea, ...args })
const INPUT = { isError: true, error: 'invalid_input', money: 'This call moved nothing.' }
const NOTHING = ['', ' ', '\u3000\t\u200b', null, {}, []]
const REFUND_LEFT_OUT =
  'refund_amount: is empty: give the amount in yuan, such as "9.90", or leave the field out for a refund of all that is left.'

const fieldsOf = (fields: string) => fields.split(', ')
const requiredOf = (name: string) => (name === 'create_payment' ? Object.keys(tea) : [])

describe('optional fields that are filled in with nothing', () => {
  it.each(CATALOGUE)('change nothing of a good call of $name', async (row) => {
    const args = await goodCall(row, shop)
    const missing = fieldsOf(row.fields).filter((field) => !(field in args))
    for (const nothing of NOTHING) {
      const filled = missing.filter((field) => field !== 'refund_amount').map((field) => [field, nothing])
      const answer = await shop.call(row.name, { ...args, ...Object.fromEntries(filled) })
      expect(answer, JSON.stringify(nothing)).not.toHaveProperty('isError')
      if (row.told) expect(row.told(answer).replace('earlier', 'now')).toBe(row.done)
    }
  })

  it.each(CATALOGUE)('are refused by name where $name requires them', async ({ name }) => {
    for (const field of requiredOf(name)) {
      for (const nothing of [...NOTHING, undefined]) {
        const { message, ...answer } = await shop.call(name, { ...tea, [field]: nothing })
        expect(answer).toMatchObject(INPUT)
        expect(message).toContain(`${field}: `)
      }
    }
  })

  it('are no values when they say so, where the field could not hold the word', async () => {
    const { out_trade_no } = await create({ channel: 'None', expires_in_minutes: 'null' })
    const answer = await shop.call('query_payment', { out_trade_no, trade_no: 'undefined' })
    expect(answer).toMatchObject({ out_trade_no, paid: false })
  })

  it.each(['null', 'NULL', 'undefined', 'None', 'NaN'])('but a number %s is refused: it may be one', async (word) => {
    const NONE = 'is no number but a word for none; leave the field out.'
    for (const field of ['out_trade_no', 'replaces']) {
      const { message, ...answer } = await create({ [field]: word })
      expect(answer).toMatchObject(INPUT)
      expect(message).toContain(`${field}: ${NONE}`)
    }
    const refund = await shop.call('refund_payment', { out_trade_no: 'A', out_request_no: word })
    expect(refund.message).toContain(`out_request_no: ${NONE}`)
    expect(await shop.trades()).toMatchObject({ trades: [] })
  })

  it.each([...NOTHING, 'null', 'none', 'N/A', '""'])(
    'but a refund_amount of %j asks for the amount',
    async (nothing) => {
      const { out_trade_no } = await shop.paidOrder('100.00')
      const { message, ...answer } = await shop.call('refund_payment', { out_trade_no, refund_amount: nothing })
      expect(answer).toMatchObject(INPUT)
      if (nothing !== '""') expect(message).toContain(REFUND_LEFT_OUT)
      expect(await shop.trades()).toMatchObject({ refunded: '0.00' })
    },
  )

  it('so does query_refund, unless a number names the refund', async () => {
    const { out_trade_no } = await shop.paidOrder('100.00')
    const { out_request_no } = await shop.call('refund_payment', { out_trade_no, refund_amount: '1.00' })
    const asked = { out_trade_no, refund_amount: '' }
    expect(await shop.call('query_refund', { ...asked, out_request_no })).toMatchObject({
      refund_status: 'REFUND_SUCCESS',
    })
    const { message } = await shop.call('query_refund', { ...asked, out_request_no: '' })
    expect(message).toContain(
      'refund_amount: is empty: give the amount in yuan, such as "9.90", or leave the field out',
    )
  })
})

describe('a number', () => {
  it('is taken as the digits of a number of an order', async () => {
    const number = 20_261_129_001
    expect(await create({ out_trade_no: number })).toMatchObject({ out_trade_no: String(number) })
    expect(await shop.call('query_payment', { out_trade_no: number })).toMatchObject({ total_amount: '9.90' })
    const most = Number.MAX_SAFE_INTEGER
    expect(await create({ out_trade_no: most, subject: 2026 })).toMatchObject({
      out_trade_no: '9007199254740991',
      subject: '2026',
    })
  })

  it.each([2 ** 53, Number('2026112922001400100500000001'), -(2 ** 53), 1e300])(
    'that lost digits on the way is not: %d',
    async (number) => {
      for (const args of [{ out_trade_no: number }, { trade_no: number }]) {
        const { message, ...answer } = await shop.call('query_payment', args)
        expect(answer).toMatchObject(INPUT)
        expect(message).toContain('is a number of so many digits that some were lost on the way; send it as a text')
      }
    },
  )

  it.each([[' 7 '], ['7'], ['7.0'], [7]])('may be a text: %j', async (limit) => {
    for (let order = 0; order < 8; order++) await create({ expires_in_minutes: '20' })
    const { orders } = await shop.call('list_payments', { limit, refresh: 'False' })
    expect(orders).toHaveLength(7)
  })

  it.each(['true', 'TRUE', 'True', true])('may be a text, and so may %j for yes', async (refresh) => {
    const { pay_url } = await create()
    await shop.control('pay', { pay_url })
    expect(await shop.call('list_payments', { refresh })).toMatchObject({ orders: [{ state: 'paid' }] })
  })

  it.each(['1', 1, 'yes', '是'])('is no yes: %j', async (refresh) => {
    const { message } = await shop.call('list_payments', { refresh })
    expect(message).toContain('refresh: must be true or false.')
  })
})

it.each([
  ['😀'.repeat(128), ''],
  ['字'.repeat(256), '字'.repeat(128)],
])('a text that is short enough however it is counted makes a link that is paid', async (subject, body) => {
  const { pay_url, out_trade_no } = await create({ subject, body })
  await shop.control('pay', { pay_url })
  expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({ paid: true })
})

describe('a field of a host', () => {
  const OURS = CATALOGUE.flatMap(({ fields }) => fieldsOf(fields))
  const bare = (name: string) => name.replace(/[^a-z]/gi, '').toLowerCase()

  it.each(CATALOGUE)('is no field of $name, and no fault', async (row) => {
    const args = await goodCall(row, shop)
    const own = Object.fromEntries([...NAMES_OF_HOSTS].map((name) => [name, name]))
    const n8n = { action: 'sendMessage', tool: 'Pay' }
    expect(await shop.call(row.name, { ...args, ...own, ...n8n })).not.toHaveProperty('isError')
  })

  it.each(ALL_NAMES)('is named by %s where only its letters are near, or where it may be meant', async (tool) => {
    for (const field of ['task_progres', 'reason', 'title', 'summary', 'amount', 'progress', 'action', 'tool']) {
      const { message, ...answer } = await shop.call(tool, { [field]: 'refund' })
      expect(answer).toMatchObject(INPUT)
      expect(message).toContain(`unknown field "${field}"; the fields are `)
    }
  })

  it('reads like none of ours, so that no misspelling vanishes', () => {
    const near = [...NAMES_OF_HOSTS].filter((name) => OURS.some((field) => distance(bare(name), bare(field)) <= 2))
    expect(near).toStrictEqual([])
  })
})

describe('arguments as a text', () => {
  it.each(CATALOGUE)('of JSON are those of $name', async (row) => {
    const tool = MERCHANT_TOOLS.find(({ name }) => name === row.name)
    for (const text of ['[]', '5', '"{}"', "{'limit': 1}", '{"limit":']) {
      await expect(tool?.call(text, Object(undefined))).rejects.toThrow('the input must be an object.')
    }
    await expect(tool?.call('{"refund":1}', Object(undefined))).rejects.toThrow('unknown field "refund"')
  })
})
