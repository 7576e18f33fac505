// Completion in a real bash: TAB offers what fits, and nothing that was typed is run, written or read as code.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { elsewhere, MAIN } from './hosts.ts'

/** Of the package bash-completion: here the words are given. */
const WORDS_GIVEN = `_get_comp_words_by_ref() { words=("\${pressed[@]}"); cword=$((\${#pressed[@]} - 1)); cur=\${pressed[cword]}; }`
const PRESS_TAB = `complete -p alipay-mcp; _alipay_mcp; printf '%s\\n' "\${COMPREPLY[@]}"`

const scriptOf = (main: string) =>
  spawnSync(process.execPath, [main, 'completion', 'bash'], { encoding: 'utf8', env: { HOME: elsewhere() } }).stdout

/** Sourced twice, as .bashrc often is. */
function pressTab(script: string, typed: readonly string[], cwd = elsewhere()) {
  const source = `${WORDS_GIVEN}\nsource "$0"; source "$0"\npressed=("$@")\n${PRESS_TAB}`
  const file = join(elsewhere(), 'completion.bash')
  writeFileSync(file, script)
  const { PATH = '' } = process.env
  const { stdout, stderr } = spawnSync('bash', ['-c', source, file, 'alipay-mcp', ...typed], {
    cwd,
    env: { PATH, HOME: cwd },
    encoding: 'utf8',
  })
  return { offered: stdout.split('\n').slice(1).filter(Boolean), stderr }
}

describe('TAB in bash', () => {
  const script = scriptOf(MAIN)

  it.each([
    [['lis'], ['listen']],
    [
      ['serve', '--env', ''],
      ['local', 'sandbox', 'production'],
    ],
    [['serve', '--env=s'], ['sandbox']],
    [['call', 'query_payment', 'out'], ['out_trade_no=']],
    [['call', 'query_payment', 'out_trade_no='], []],
  ])('offers for %j what fits, without a word of its own', (typed, offered) => {
    expect(pressTab(script, typed)).toStrictEqual({ offered, stderr: '' })
  })

  it('leaves files alone, and runs nothing that was typed', () => {
    const folder = elsewhere()
    writeFileSync(join(folder, 'orders.csv'), 'mine')
    for (const typed of [
      ['ledger', '--csv', '>', 'orders.csv', ''],
      ['call', 'create_payment', 'subject=$(touch made)', ''],
      ['call', 'create_payment', '`touch made`'],
      ['call', ';', 'touch', 'made', ''],
      ['call', "it's", '"half', ''],
    ]) {
      expect(pressTab(script, typed, folder).stderr).toBe('')
      // Beside them is only what a newer Node.js keeps of this program, since the folder is the home as well.
      expect(readdirSync(folder).filter((name) => name !== '.cache')).toStrictEqual(['orders.csv'])
      expect(readFileSync(join(folder, 'orders.csv'), 'utf8')).toBe('mine')
    }
  })

  it('finds the program, whatever its path holds', () => {
    const folder = join(elsewhere(), `it's "my" $HOME \`x\``)
    const dist = dirname(MAIN)
    mkdirSync(folder)
    cpSync(dist, join(folder, 'dist'), { recursive: true })
    cpSync(join(dist, '..', 'package.json'), join(folder, 'package.json'))
    symlinkSync(join(dist, '..', 'node_modules'), join(folder, 'node_modules'))
    expect(pressTab(scriptOf(join(folder, 'dist', 'main.js')), ['lis'])).toStrictEqual({
      offered: ['listen'],
      stderr: '',
    })
  })
})
