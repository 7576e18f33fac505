// Completion: what is offered for words that are typed by half, and scripts that the shells take.
import { spawnSync } from 'node:child_process'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { readCommandLine } from '../../src/cli/command-line.ts'
import { complete, completion } from '../../src/cli/completion.ts'
import { temporaryFiles } from '../settings/settings-for-tests.ts'

const { file } = temporaryFiles()

let out = ''
beforeEach(() => {
  out = ''
  vi.spyOn(process.stdout, 'write').mockImplementation(((text: string, done?: () => void) => {
    out += text
    done?.()
    return true
  }) as typeof process.stdout.write)
})

async function offered(...words: string[]): Promise<readonly string[]> {
  out = ''
  await complete(words, 'en')
  return out.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t', 1).join('')]))
}

describe('completion', () => {
  it.each([
    [['list'], ['listen', ':4']],
    [
      ['doctor', '--pro'],
      ['--probe', ':4'],
    ],
    [
      ['ledger', '--state', 'und'],
      ['undelivered', ':4'],
    ],
    [
      ['serve', '--env', 's'],
      ['sandbox', ':4'],
    ],
    [
      ['call', 'refund'],
      ['refund_payment', ':4'],
    ],
    [
      ['call', 'query_payment', 'out'],
      ['out_trade_no=', ':4'],
    ],
    [
      ['config', 'g'],
      ['get', ':4'],
    ],
    [
      ['config', 'get', 'ALIPAY_MAX_R'],
      ['ALIPAY_MAX_REFUND', ':4'],
    ],
    [
      ['init', '--existing', ''],
      ['change', 'aside', ':4'],
    ],
    [
      ['install', 'curs'],
      ['cursor', ':4'],
    ],
    [
      ['uninstall', 'cherry'],
      ['cherry-studio', ':4'],
    ],
    [
      ['help', 'settin'],
      ['settings', ':4'],
    ],
    [
      ['completion', 'b'],
      ['bash', ':4'],
    ],
  ])('offers for %j what fits', async (words, fits) => {
    expect(await offered(...words)).toStrictEqual(fits)
  })

  it('leaves the names of files to the shell', async () => {
    expect(await offered('serve', '--dotenv', '')).toStrictEqual([':0'])
  })

  it('says what each is, in the language of the person', async () => {
    await complete(['doct'], 'zh')
    expect(out).toMatch(/^doctor\t检查配置/)
  })

  it.each<[shell: string, program: string, call: string]>([
    ['bash', '/opt/alipay mcp/dist/main.js', "node '/opt/alipay mcp/dist/main.js' complete --"],
    ['zsh', '/opt/alipay mcp/dist/main.js', `{ node '/opt/alipay mcp/dist/main.js' "$@"; }`],
    ['fish', '/opt/alipay mcp/dist/main.js', "    node '/opt/alipay mcp/dist/main.js' $argv\n"],
    ['bash', `/opt/it's "$x"/main.js`, `node '/opt/it'\\''s "$x"/main.js' complete --`],
    ['zsh', `/opt/it's "$x"/main.js`, `node '/opt/it'\\''s "$x"/main.js' "$@"`],
    ['fish', `/opt/it's "$x"/main.js`, `node '/opt/it'\\''s "$x"/main.js' $argv`],
  ])('gives a script that %s takes, of a program at %s', async (shell, program, call) => {
    await completion(readCommandLine(['completion', shell], {}), program)
    // Once: in other quotes it would be another path.
    expect(out.split('main.js')).toHaveLength(2)
    expect(out).toContain(call)
    const hasShell = spawnSync(shell, ['-c', 'true']).status === 0
    const script = file(`completion.${shell}`, out)
    if (hasShell)
      expect(spawnSync(shell, ['-n', script], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  })

  it('gives a script that evaluates nothing of what was typed', async () => {
    await completion(readCommandLine(['completion', 'bash'], {}), 'main.js')
    expect(out).not.toMatch(/eval|readonly|compgen/)
    await completion(readCommandLine(['completion', 'zsh'], {}), 'main.js')
    expect(out).toContain('flagPrefix="-P ${(q)BASH_REMATCH}"')
  })

  it('names the nearest shell', async () => {
    await expect(completion(readCommandLine(['completion', 'bsh'], {}), 'main.js')).rejects.toThrow(
      /Did you mean bash\?/,
    )
    await expect(completion(readCommandLine(['completion'], {}), 'main.js')).rejects.toThrow(/bash, zsh or fish/)
  })
})
