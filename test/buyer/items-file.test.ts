// The items file: all its faults at once, a new version as soon as it is there, and the old one where the new one is broken.
import { rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readItemsFile } from '../../src/shop/items-file.ts'
import { type Fields, useShop } from '../shop.ts'
import { itemsFolder, KEY, KEYS, POEM, TIP } from './items.ts'

function faultsOf(items: readonly Fields[], codes: Readonly<Record<string, readonly string[]>> = { 'keys.txt': KEYS }) {
  const read = readItemsFile(itemsFolder(items, codes).itemsFile, false)
  return 'faults' in read ? read.faults : []
}

describe('a fault', () => {
  it.each<[Fields, string]>([
    [{ price: undefined }, 'items[0] "poem".price: is missing; or set "tip": true with min and max.'],
    [{ price: '-1' }, 'items[0] "poem".price: is negative. Give yuan with at most two decimals, such as "9.90".'],
    [{ price: '9.999' }, 'items[0] "poem".price: has more than two decimals.'],
    [{ price: '1e3' }, 'items[0] "poem".price: is in exponent notation.'],
    [{ price: 0 }, 'items[0] "poem".price: is zero; the least is 0.01.'],
    [{ id: 'a b' }, 'items[0] "a b".id: must be 1 to 40 letters, digits, _ or -.'],
    [{ id: undefined }, 'items[0].id: must be a text.'],
    [{ subject: 'a/b' }, 'items[0] "poem".subject: has characters that Alipay forbids in a subject: /.'],
    [{ subject: '' }, 'items[0] "poem".subject: is empty.'],
    [{ colour: 'red' }, 'items[0] "poem": has "colour", which an item does not have.'],
    [{ min: '1.00' }, 'items[0] "poem".min: goes with "tip": true only.'],
    [{ tip: true }, 'items[0] "poem".price: does not go with "tip": true, where the buyer names the amount.'],
    [{ price: undefined, tip: true }, 'items[0] "poem".tip: needs min and max.'],
    [{ price: undefined, tip: true, min: '2', max: '1' }, 'items[0] "poem".min: is more than max.'],
    [
      { price: undefined, tip: true, min: '1', max: '2', suggested: '3' },
      'items[0] "poem".suggested: is not between min and max.',
    ],
    [{ price: undefined, tip: true, min: '1', max: '2', max_quantity: 2 }, 'items[0] "poem".max_quantity: is over 1'],
    [{ max_quantity: 0 }, 'items[0] "poem".max_quantity: is under 1.'],
    [{ price: '99999999', max_quantity: 9 }, 'items[0] "poem".max_quantity: times the price is over'],
    [{ available_until: '2026-02-30' }, 'items[0] "poem".available_until: must be a Beijing day or time'],
    [{ expires_in_minutes: 2 }, 'items[0] "poem".expires_in_minutes: is under 3.'],
    [{ refund: 'auto' }, 'items[0] "poem".refund: must be "operator", "never", or {"policy": "auto"'],
    [
      { refund: { policy: 'auto', minutes: 30, max: '20.00' } },
      'items[0] "poem".refund: is auto, and nobody but the model delivers',
    ],
    [{ deliver: {} }, 'items[0] "poem".deliver: must be {"text": "..."}, {"codes_file": "..."} or {"url"'],
    [{ deliver: { url: 'http://shop.example/hook' } }, 'items[0] "poem".deliver.url: must be an https address.'],
    [
      { deliver: { url: 'https://shop.example/hook' } },
      'items[0] "poem".deliver: has a url, and ALIPAY_DELIVERY_SECRET_FILE is not set.',
    ],
    [{ deliver: { codes_file: 'gone.txt' } }, 'items[0] "poem".deliver: names a file that cannot be read (ENOENT)'],
    [{ deliver: { codes_file: 'empty.txt' } }, 'items[0] "poem".deliver: there is no code in'],
    [{ deliver: { codes_file: 'twice.txt' } }, 'items[0] "poem".deliver: code 3 is the same as code 1.'],
  ])('of %j is told with its item and field', (changes, fault) => {
    const codes = { 'empty.txt': [], 'twice.txt': ['A', 'B', 'A'] }
    expect(faultsOf([{ ...POEM, ...changes }], codes).join('\n')).toContain(fault)
  })

  it('is told with all others, and no code is shown', () => {
    const second = { ...KEY, id: 'second', price: 'x' }
    const faults = faultsOf(
      [{ ...POEM, price: '9.999' }, KEY, { ...KEY, deliver: { codes_file: 'more.txt' } }, second],
      {
        'keys.txt': KEYS,
        'more.txt': ['NEW', 'KEY-2'],
      },
    )
    expect(faults).toStrictEqual([
      'items[0] "poem".price: has more than two decimals. Give yuan with at most two decimals, such as "9.90".',
      'items[2] "key".id: is used twice.',
      'items[2] "key".deliver: code 2 is in the file of "key", too.',
      'items[3] "second".price: is not an amount. Give yuan with at most two decimals, such as "9.90".',
    ])
  })

  it.each([
    ['[]', 'The items file must be {"items": [...]} with at most 500 items: it'],
    ['{"items": 1}', 'The items file must be {"items": [...]} with at most 500 items: items must be a list.'],
    ['{', 'The items file is not JSON:'],
  ])('of the file itself: %s', (content, fault) => {
    const { itemsFile } = itemsFolder()
    writeFileSync(itemsFile, content)
    expect(readItemsFile(itemsFile, false)).toMatchObject({ faults: [expect.stringContaining(fault)] })
  })

  it.each(['/nowhere/items.json', '/', '/dev/null'])('of a file that is none: %s', (path) => {
    expect(readItemsFile(path, false)).toMatchObject({ faults: [expect.stringContaining('ALIPAY_ITEMS_FILE names')] })
  })
})

it('reads what is left out as is usual, and numbers as amounts', () => {
  const { itemsFile } = itemsFolder([
    { id: 'tea', subject: 'Tea', price: 9.9 },
    { ...TIP, available_until: '2026-12-31' },
  ])
  expect(readItemsFile(itemsFile, false)).toMatchObject({
    items: [
      {
        price_fen: 990,
        max_quantity: 1,
        expires_in_minutes: 30,
        refund: { policy: 'operator' },
        deliver: { kind: 'none' },
      },
      {
        tip: { min_fen: 100, max_fen: 5_000, suggested_fen: 888 },
        available_until: Date.parse('2027-01-01T00:00:00+08:00'),
      },
    ],
  })
})

describe('in a running shop', () => {
  const shelf = itemsFolder([POEM])
  const lines: string[] = []
  const shop = useShop({ role: 'buyer', sells: { itemsFile: shelf.itemsFile, say: (line) => lines.push(line) } })
  const alice = (tool: string, args: Fields = {}) => shop.callAs('alice', tool, args)
  const offered = async () => Object((await alice('list_items')).items).map(({ item }: Fields) => item)

  it('a change is there with the next call, a broken version changes nothing, and the operator reads why, once', async () => {
    shelf.write([POEM])
    expect(await offered()).toStrictEqual(['poem'])
    shelf.write([{ ...POEM, price: '19.90' }, TIP])
    expect(await offered()).toStrictEqual(['poem', 'tip'])
    expect(await alice('create_payment', { item: 'poem' })).toMatchObject({ total_amount: '19.90' })
    shelf.write([{ ...POEM, price: '-5' }])
    lines.length = 0
    expect(await offered()).toStrictEqual(['poem', 'tip'])
    expect(await alice('create_payment', { item: 'poem' })).toMatchObject({ total_amount: '19.90' })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(
      /^The items file cannot be used\. The version before stays \([0-9a-f]{12}\)\.\n {2}items\[0\] "poem"\.price: is negative/,
    )
    rmSync(shelf.itemsFile)
    expect(await offered()).toStrictEqual(['poem', 'tip'])
    shelf.write([TIP])
    expect(await offered()).toStrictEqual(['tip'])
  })

  it('the version under which an order was made is stored with it, and each version is told', async () => {
    shelf.write([POEM])
    const { out_trade_no } = await alice('create_payment', { item: 'poem' })
    const read = readItemsFile(shelf.itemsFile, false)
    const ledger = await shop.ledger()
    expect((await ledger.sale(String(out_trade_no)))?.items_hash).toBe('hash' in read ? read.hash : '')
    expect((await ledger.unsentAlerts(9)).map(({ kind }) => kind)).toStrictEqual(['items_changed'])
  })

  it('codes that were added are sold, and a file of codes that is broken sells what it had before', async () => {
    shelf.codes('keys.txt', ['A'])
    shelf.write([{ ...KEY, price: '1.00' }])
    expect(await alice('create_payment', { item: 'key', quantity: 2 })).toMatchObject({
      error: 'invalid_input',
      left: '1',
    })
    shelf.codes('keys.txt', ['A', 'B'])
    expect(await alice('create_payment', { item: 'key', quantity: 2 })).toMatchObject({ total_amount: '2.00' })
    shelf.codes('keys.txt', ['A', 'A'])
    expect(await offered()).toStrictEqual(['key'])
  })
})

it('of which no version could be read yet, the buyer hears little and the operator all', async () => {
  const { itemsFile } = itemsFolder([{ ...POEM, price: 'x', subject: '' }])
  const lines: string[] = []
  const broken = await (await import('../shop.ts')).openShop({
    role: 'buyer',
    sells: { itemsFile },
    tell: (line) => lines.push(line),
  })
  expect(await broken.callAs('alice', 'list_items', {})).toMatchObject({
    error: 'not_configured',
    message: 'The shop cannot do that just now. Nothing moved.',
  })
  expect(lines.join()).toMatch(/subject: is empty.*price: is not an amount/)
  await broken.close()
})
