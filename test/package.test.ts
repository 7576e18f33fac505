// What `npm pack` would publish: nothing but the program, and nothing of the machine on which it was built.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { pack } from '../scripts/registry.mjs'
import { packageFaults } from '../scripts/release/package-faults.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const LICENCES = 'dist/THIRD-PARTY-LICENCES.txt'

const npm = (...args: string[]) =>
  execFileSync('npm', args, {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'ignore'],
  })

const packed = pack(ROOT, mkdtempSync(join(tmpdir(), 'alipay-mcp-test-')))
const paths = packed.files.map(({ path }) => path)
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8')
/** The packed files that hold it. */
const filesWith = (part: string) => paths.filter((path) => text(path).includes(part))

it('is fit to be published: files, licences, source maps, secrets, size', () => {
  expect(packageFaults(packed, ROOT)).toStrictEqual([])
})

it('starts as a command of its own', () => {
  expect(text('dist/main.js')).toMatch(/^#!\/usr\/bin\/env node\n/)
})

it.each(['alipay-sdk', 'zod', '@modelcontextprotocol/server', 'dotenv', '@cfworker/json-schema', 'sql.js'])(
  'gives the licence of %s, whose code is in it',
  (name) => {
    expect(sections().get(name)).toMatch(/^Licence: (MIT|Apache-2\.0|BSD-2-Clause)\n/m)
  },
)

it('gives for each package a licence text, or says that none comes with it', () => {
  const short = [...sections().values()].filter((section) => section.length < 200)
  const silent = short.filter((section) => !section.includes('No licence file comes with this package'))
  expect(silent).toStrictEqual([])
})

it('leaves out the validator that compiles code, and the HTTP client of alipay-sdk that sends again by itself', () => {
  expect([...sections().keys()].filter((name) => /^(ajv|undici|urllib)/.test(name))).toStrictEqual([])
})

it('has no path of this computer in it', () => {
  const modules = realpathSync(join(ROOT, 'node_modules'))
  expect([ROOT, `${realpathSync(ROOT)}/`, modules, `${homedir()}/`].flatMap(filesWith)).toStrictEqual([])
})

it('names no package registry', () => {
  const own = new URL(npm('config', 'get', 'registry').trim()).host
  expect(filesWith(own)).toStrictEqual([])
  expect(paths.filter((path) => /\bregistry\.[\w-]+\.(org|com)\b/.test(text(path)))).toStrictEqual([])
})

/** The text about each package, by its name. */
function sections(): ReadonlyMap<string, string> {
  const [, ...texts] = text(LICENCES).split(/^-{80}\n/m)
  return new Map(texts.map((section) => [section.split(' ', 1).join(''), section]))
}
