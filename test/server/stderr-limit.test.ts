// Standard error within bounds: so many lines and bytes a minute, and how many were left out.
import { describe, expect, it } from 'vitest'
import { MOST_BYTES, MOST_LINES, StderrLimit } from '../../src/server/stderr-limit.ts'

function limited() {
  const written: string[] = []
  const clock = { now: 5_000 }
  const limit = new StderrLimit(
    (text) => written.push(text),
    () => clock.now,
  )
  return { limit, written, clock }
}

describe('standard error', () => {
  it('takes so many lines a minute, and then says how many were left out', () => {
    const { limit, written, clock } = limited()
    for (let line = 0; line < MOST_LINES + 50; line++) limit.write('bad\n')
    expect(written).toHaveLength(MOST_LINES)
    clock.now += 59_999
    limit.look()
    expect(written).toHaveLength(MOST_LINES)
    clock.now += 1
    limit.look()
    expect(written.slice(MOST_LINES)).toStrictEqual([
      '[alipay-mcp] 50 lines (200 bytes) were left out here: 200 lines a minute at most.\n',
    ])
    for (let line = 0; line < MOST_LINES; line++) limit.write('good\n')
    expect(written).toHaveLength(2 * MOST_LINES + 1)
  })

  it('takes so many bytes a minute, and what is short still fits', () => {
    const { limit, written } = limited()
    for (let text = 0; text < 40; text++) limit.write(`${'x'.repeat(10_000)}\n`)
    limit.write('short\n')
    expect(Buffer.byteLength(written.join(''))).toBeLessThanOrEqual(MOST_BYTES)
    expect(written.at(-1)).toBe('short\n')
  })

  it('cuts a text that alone would fill it', () => {
    const { limit, written } = limited()
    limit.write('字'.repeat(1_000_000))
    expect(written).toHaveLength(1)
    expect(written[0]).toMatch(/… \(cut; 3000000 bytes\)\n$/)
    expect(Buffer.byteLength(String(written[0]))).toBeLessThan(17_000)
  })

  it('says at the end of the process what it left out, once', () => {
    const { limit, written } = limited()
    limit.write('x\n'.repeat(300))
    limit.tellWhatWasLeftOut()
    limit.tellWhatWasLeftOut()
    expect(written).toStrictEqual([expect.stringContaining('300 lines')])
  })
})
