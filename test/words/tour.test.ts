// The tour as a model reads it, stored word for word, so that each change of words is read before it goes out.
import { beforeAll, describe, expect, it } from 'vitest'
import { ERROR_KINDS } from '../../src/errors.ts'
import { ALL_NAMES } from '../tools/catalogue.ts'
import { type Stop, tour } from './tour.ts'

let stops: readonly Stop[]
beforeAll(async () => {
  stops = await tour()
}, 60_000)

/** Numbers, times and links differ from run to run; what is the same in one run gets the same name. */
function steady(text: string): string {
  const names = new Map<string, string>()
  const named = (kind: string) => (found: string) => {
    const known =
      names.get(found) ?? `<${kind} ${[...names.values()].filter((name) => name.includes(kind)).length + 1}>`
    names.set(found, known)
    return known
  }
  return text
    .replace(/\/p\/\w{22}/g, '/p/<token>')
    .replace(/http:\/\/\S+?(?=[\s")]|$)/g, '<link>')
    .replace(/\S+\.png/g, '<file>')
    .replace(/\b\d{17}[0-9a-f]{16}\b/g, named('order'))
    .replace(/\b\d{28}\b/g, named('trade'))
    .replace(/\bRF[0-9a-f]{30}\b/g, named('refund'))
    .replace(/\b20\d\d-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?/g, '<time>')
    .replace(/(?<=^(trace_id|next): ).*/gm, '<text>')
}

describe('the tour', () => {
  it('reads as it is stored', async () => {
    const text = stops.map(({ title, tool, text }) => `== ${title}: ${tool}\n${text}\n`).join('\n')
    await expect(`${steady(text)}`).toMatchFileSnapshot('./__snapshots__/tour.txt')
  })

  it('shows every tool, and every kind of error but those of a broken start', () => {
    expect([...new Set(stops.map(({ tool }) => tool))].sort()).toStrictEqual([...ALL_NAMES].sort())
    const kinds = new Set(stops.map(({ fields }) => fields.error).filter((kind) => kind !== undefined))
    // The first needs a server without settings, the second a fault of ours, the third a request that cannot leave.
    const elsewhere = ['internal', 'not_sent']
    const expected = Object.keys(ERROR_KINDS).filter((kind) => !elsewhere.includes(kind))
    expect([...kinds].filter((kind) => !elsewhere.includes(String(kind))).sort()).toStrictEqual(expected.sort())
  })

  it('says in every error what moved, whether to repeat, and what is certain about the money', () => {
    for (const { fields } of stops.filter(({ fields }) => fields.error !== undefined)) {
      expect(fields).toMatchObject({
        retry: expect.stringMatching(/^(yes_once|after_change|no)$/),
        moved: expect.stringMatching(/^(no|unknown)$/),
        money: expect.stringMatching(/\.$/),
      })
    }
  })

  it('has a Chinese sentence in every result about one order, and in what is unknown or waits', () => {
    const without = stops.filter(({ tool, fields }) => {
      const isTold = fields.error === undefined ? tool !== 'list_payments' : TOLD_ZH.includes(String(fields.error))
      return isTold && !/[\u4e00-\u9fff].*。$/.test(String(fields.message_zh))
    })
    expect(without.map(({ title }) => title)).toStrictEqual([])
  })

  it('names order, item and amount in every result about an order', () => {
    const found = stops.filter(({ tool, fields }) => fields.error === undefined && tool !== 'list_payments')
    const without = found.filter(({ fields: { out_trade_no, trade_no, subject, total_amount } }) => {
      return (out_trade_no ?? trade_no) === undefined || subject === undefined || total_amount === undefined
    })
    expect(without.map(({ title }) => title)).toStrictEqual(['an unknown number'])
  })
})

const TOLD_ZH = ['unknown', 'waiting_for_approval', 'refused_by_alipay']
