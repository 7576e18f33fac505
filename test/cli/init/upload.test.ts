// What init shows of a made pair: its public half, and the Beijing day on which it was made.
import { expect, it, vi } from 'vitest'
import { readCommandLine } from '../../../src/cli/command-line.ts'
import { showUpload } from '../../../src/cli/init/upload.ts'

it('names the day as it was in Beijing, like every other line', async () => {
  let out = ''
  vi.spyOn(process.stdout, 'write').mockImplementation(((text: string, done?: () => void) => {
    out += text
    done?.()
    return true
  }) as typeof process.stdout.write)
  const since = new Date('2026-11-30T16:30:00Z')
  const pair = { privateKeyFile: '/k/a.pem', publicHalfFile: '/k/a.txt', publicHalf: 'MIIB', since }
  await showUpload(readCommandLine(['init'], {}), { environment: 'sandbox', pair, isNew: false })
  expect(out).toContain('The pair that was made on 2026-12-01 is taken')
})
