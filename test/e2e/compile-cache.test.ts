// What Node keeps compiled of the program: where it lies, and that no folder can make a start fail.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import module from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Env, elsewhere, MAIN } from './hosts.ts'

const ASKED = '{"jsonrpc":"2.0","id":1,"method":"ping"}\n'
const ANSWERED = '{"result":{},"jsonrpc":"2.0","id":1}\n'
const posix = process.platform !== 'win32'

/** A cache folder as it is given to the program, and the one of the program's in it. */
function place(): { cache: string; compiled: string } {
  const cache = join(realpathSync(elsewhere()), 'cache')
  return { cache, compiled: join(cache, 'alipay-mcp', ...(posix ? [] : ['Cache']), 'compiled') }
}

/** A start, a ping and the end of standard input. */
function startWith(cache: string, more: Env = {}): void {
  const cwd = elsewhere()
  const env = { XDG_CACHE_HOME: cache, LOCALAPPDATA: cache, HOME: dirname(cache), ...more }
  const { stdout, stderr, status } = spawnSync(process.execPath, [MAIN], {
    env,
    cwd,
    input: ASKED,
    encoding: 'utf8',
  })
  expect({ stdout, stderr, status }).toStrictEqual({ stdout: ANSWERED, stderr: '', status: 0 })
  expect(readdirSync(cwd)).toStrictEqual([])
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())

describe.runIf(process.platform !== 'darwin' && 'enableCompileCache' in module)('the compile cache', () => {
  it('lies in a folder of this user alone, and outlives being spoilt', () => {
    const { cache, compiled } = place()
    startWith(cache)
    if (posix) expect(statSync(compiled).mode & 0o777).toBe(0o700)
    const kept = filesIn(compiled)
    expect(kept).not.toStrictEqual([])
    for (const [index, path] of kept.entries()) writeFileSync(path, index % 2 ? '' : 'x'.repeat(10_000))
    startWith(cache)
  })

  it('is switched off by the variable of Node', () => {
    const { cache, compiled } = place()
    startWith(cache, { NODE_DISABLE_COMPILE_CACHE: '1' })
    expect(filesIn(compiled)).toStrictEqual([])
  })

  it('is left out where no folder can be made', () => {
    const { cache } = place()
    writeFileSync(cache, '')
    startWith(cache)
  })

  it.runIf(posix)('is left out with a cache folder that is no path from the root', () => {
    startWith('cache', { HOME: elsewhere() })
  })

  it.runIf(posix && process.getuid?.() !== 0)('is left out where nothing may be written', () => {
    const { cache } = place()
    mkdirSync(cache, { mode: 0o500 })
    startWith(cache)
    expect(filesIn(cache)).toStrictEqual([])
  })

  it.runIf(posix).each([
    ['itself', (compiled: string) => compiled],
    ['above it', (compiled: string) => dirname(compiled)],
  ])('is left out if others can write the folder %s', (_, opened) => {
    const { cache, compiled } = place()
    mkdirSync(compiled, { recursive: true })
    chmodSync(opened(compiled), 0o777)
    startWith(cache)
    expect(filesIn(cache)).toStrictEqual([])
  })

  it.runIf(posix)('is left out if the folder is a link, even to one of this user', () => {
    const { cache, compiled } = place()
    mkdirSync(dirname(compiled), { recursive: true })
    const target = elsewhere()
    symlinkSync(target, compiled)
    startWith(cache)
    expect(filesIn(target)).toStrictEqual([])
  })

  it.runIf(process.getuid?.() === 0).each([
    ['itself', (compiled: string) => compiled],
    ['above it', (compiled: string) => dirname(compiled)],
  ])('is left out if the folder %s is of another user', (_, given) => {
    const { cache, compiled } = place()
    mkdirSync(compiled, { recursive: true })
    chownSync(given(compiled), 65_534, 65_534)
    startWith(cache)
    expect(filesIn(cache)).toStrictEqual([])
  })
})

it.runIf(posix)('starts without HOME, and in a home that is not there', () => {
  const { cache } = place()
  startWith(cache, { HOME: join(cache, 'nowhere'), XDG_CACHE_HOME: '' })
  startWith(cache, { HOME: '', XDG_CACHE_HOME: '' })
})
