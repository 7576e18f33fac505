// Holds money.ts to whole fen and plain text: what goes in comes out, and nothing is ever a float.
import { describe, expect, it } from 'vitest'
import { LEAST, MOST, toFen, toYuan } from '../src/money.ts'

describe('toFen', () => {
  it.each([
    ['9.90', 990],
    ['9.9', 990],
    ['10', 1000],
    ['0.01', 1],
    ['0.1', 10],
    ['0', 0],
    ['0.29', 29],
    ['1.15', 115],
    ['19.99', 1999],
    ['4.35', 435],
    ['100000000.00', 10_000_000_000],
    ['999999999.99', 99_999_999_999],
  ])('reads %s yuan as %i fen', (yuan, fen) => {
    expect(toFen(yuan)).toBe(fen)
  })

  it.each([
    '',
    ' ',
    ' 9.9',
    '9.9 ',
    '9.90\n',
    '9.',
    '.5',
    '.',
    '9.999',
    '9.900',
    '1e3',
    '1E3',
    '0x10',
    '+1',
    '-1',
    '-0.01',
    '−1',
    '00.01',
    '010',
    '1,000.00',
    '9,90',
    '1_000',
    '￥9',
    '9元',
    '９.９',
    '٩',
    'NaN',
    'Infinity',
    'null',
    '1000000000',
    '9.9.9',
  ])('refuses %j and quotes it', (text) => {
    const attempt = () => toFen(text)
    expect(attempt).toThrow(RangeError)
    expect(attempt).toThrow(JSON.stringify(text))
  })
})

describe('toYuan', () => {
  it.each([
    [0, '0.00'],
    [1, '0.01'],
    [10, '0.10'],
    [99, '0.99'],
    [100, '1.00'],
    [990, '9.90'],
    [10_000_000_000, '100000000.00'],
    [Number.MAX_SAFE_INTEGER, '90071992547409.91'],
  ])('writes %i fen as %s yuan', (fen, yuan) => {
    expect(toYuan(fen)).toBe(yuan)
  })

  it.each([-1, 0.5, 990.0000000001, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 1, 1e21])(
    'refuses %d fen',
    (fen) => {
      expect(() => toYuan(fen)).toThrow(RangeError)
    },
  )
})

describe('both ways', () => {
  /** The digits of the text are the fen: written without any arithmetic of the code under test. */
  function wrong(fen: number): boolean {
    const text = toYuan(fen)
    const digits = fen.toString().padStart(3, '0')
    return text !== `${digits.slice(0, -2)}.${digits.slice(-2)}` || toFen(text) !== fen
  }

  it('keeps every amount up to 1000 yuan', () => {
    const lost: number[] = []
    for (let fen = 0; fen <= 100_000; fen++) if (wrong(fen)) lost.push(fen)
    expect(lost).toStrictEqual([])
  })

  it('keeps amounts of every size up to the most that an order may cost', () => {
    const lost: number[] = []
    for (let fen = 1; fen <= toFen(MOST); fen = Math.ceil(fen * 1.001) + 1) if (wrong(fen)) lost.push(fen)
    expect(lost).toStrictEqual([])
  })

  it('gives a short text back in its full form', () => {
    expect(['9.9', '10', '0.1', '100000000'].map((text) => toYuan(toFen(text)))).toStrictEqual([
      '9.90',
      '10.00',
      '0.10',
      '100000000.00',
    ])
  })

  it('has one fen as the least and a hundred million yuan as the most', () => {
    expect([toFen(LEAST), toFen(MOST)]).toStrictEqual([1, 10_000_000_000])
  })
})
