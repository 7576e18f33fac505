// What init shows of a made pair: its public half, the Beijing day on which it was made, and what is still missing.
import { beforeEach, expect, it, vi } from 'vitest'
import { readCommandLine } from '../../../src/cli/command-line.ts'
import { showHowToGoOn, showUpload } from '../../../src/cli/init/upload.ts'

let out = ''
beforeEach(() => {
  out = ''
  vi.spyOn(process.stdout, 'write').mockImplementation(((text: string, done?: () => void) => {
    out += text
    done?.()
    return true
  }) as typeof process.stdout.write)
})

it('names the day as it was in Beijing, like every other line', async () => {
  const since = new Date('2026-11-30T16:30:00Z')
  const pair = { privateKeyFile: '/k/a.pem', publicHalfFile: '/k/a.txt', publicHalf: 'MIIB', since }
  await showUpload(readCommandLine(['init'], {}), { environment: 'sandbox', pair, isNew: false })
  expect(out).toContain('The pair that was made on 2026-12-01 is taken')
})

it.each([
  [
    ['--app-id', 'APPID', '--public-key-file', 'FILE'],
    'Once Alipay shows its own public key 支付宝公钥, save it in a file',
  ],
  [['--seller-id', 'PID'], 'written yet; still missing: --seller-id. Once the steps above are done, go on with:'],
  [[], 'written yet. Once the steps above are done, go on with:'],
])('asks for the key of Alipay only where it was not given: %j', async (still, words) => {
  await showHowToGoOn(readCommandLine(['init'], {}), still)
  expect(out).toContain(words)
  expect(out).toMatch(new RegExp(` init --make-keys ?${still.join(' ')}\\n`))
})
