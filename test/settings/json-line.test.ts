// The line on which a text stops being JSON, held against JSON.parse itself over every way to break a good text.
import { describe, expect, it } from 'vitest'
import { faultyLine } from '../../src/settings/json-line.ts'

const GOOD = '{\n  "a": "x\\n\\u00e9",\n  "b": [1, -2.5e3, true, null],\n  "c": { "d": "", "e": [] }\n}\n'

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
const lineAt = (text: string, at: number) => text.slice(0, at).split('\n').length

describe('the line of a fault', () => {
  it('is never before the sign that was put in, nor behind the end', () => {
    for (const sign of ['"', "'", ',', '}', '{', ':', 'x', '\\', '0', '\u0001', '/']) {
      for (let at = 0; at <= GOOD.length; at++) {
        const text = GOOD.slice(0, at) + sign + GOOD.slice(at)
        if (isJson(text)) continue
        // A string that began on the line is where its fault is found.
        expect(faultyLine(text)).toBeGreaterThanOrEqual(lineAt(GOOD, at) - 1)
        expect(faultyLine(text)).toBeLessThanOrEqual(lineAt(text, text.length))
      }
    }
  })

  it('is the last one where the end is missing', () => {
    for (let end = 1; end < GOOD.length; end++) {
      const text = GOOD.slice(0, end)
      if (!isJson(text)) expect(faultyLine(text)).toBe(lineAt(text, text.length))
    }
  })

  it('is the one of the second value where there are two', () => {
    expect(faultyLine(`${GOOD}${GOOD}`)).toBe(6)
  })
})
