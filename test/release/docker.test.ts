// The Dockerfile of listen: linted, and its steps done in a folder, since no Docker runs here.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { DockerfileParser, type Instruction } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts'
import { type Env, HOMELESS } from '../e2e/hosts.ts'
import { readConfig } from '../settings/read-config.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const text = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
const steps = DockerfileParser.parse(text).getInstructions()
const of = (keyword: string) => steps.filter((step) => step.getKeyword() === keyword)
const wordsOf = (step: Instruction) => step.getArguments().map((word) => word.getValue())
const jsonOf = (keyword: string): string[] =>
  JSON.parse(/\[.*\]$/s.exec(of(keyword)[0]?.getArgumentsContent() ?? '')?.[0] ?? '[]')

describe('the Dockerfile', () => {
  it('has nothing that the linter finds', () => {
    expect(validate(text)).toStrictEqual([])
    expect(validate(text.replace('ENTRYPOINT', 'ENTRYPONT'))).not.toStrictEqual([])
  })

  it('begins with an image of a known line, and runs as a user without rights', () => {
    expect(of('FROM').map(wordsOf)).toStrictEqual([['node:22-slim']])
    expect(of('USER').map(wordsOf)).toStrictEqual([['node']])
    const keywords = steps.map((step) => step.getKeyword())
    // Nothing behind it would run with more.
    expect(keywords.slice(keywords.indexOf('USER'))).toStrictEqual(['USER', 'HEALTHCHECK', 'ENTRYPOINT'])
    expect(keywords.filter((keyword) => /ADD|ARG|SHELL|ONBUILD/.test(keyword))).toStrictEqual([])
  })

  it('takes into the image what it names, and no settings', () => {
    const copied = of('COPY').flatMap((step) => wordsOf(step).slice(0, -1))
    expect(copied).toStrictEqual(['package.json', 'LICENSE', 'dist'])
    const [everything, ...kept] = readFileSync(join(ROOT, '.dockerignore'), 'utf8').trim().split('\n')
    expect([everything, ...kept.map((line) => line.replace('!', ''))]).toStrictEqual(['*', ...copied])
    expect(of('ENV').join()).not.toMatch(/KEY|SECRET|TOKEN/)
  })
})

/** Its file system lies in a folder, and `chown` is left out: there may be no user `node`. */
class Image {
  readonly root = mkdtempSync(join(tmpdir(), 'alipay-mcp-test-'))
  readonly env: Record<string, string> = {}
  #folder = '/'

  within = (path: string) => join(this.root, path.startsWith('/') ? path : join(this.#folder, path))

  get folder() {
    return this.within('.')
  }

  do(step: Instruction) {
    const words = wordsOf(step)
    switch (step.getKeyword()) {
      case 'WORKDIR':
        this.#folder = words[0] ?? '/'
        return mkdirSync(this.folder, { recursive: true })
      case 'COPY':
        return this.#copy(words.slice(0, -1), words.at(-1) ?? '')
      case 'RUN':
        return this.#run(step.getArgumentsContent() ?? '')
      case 'ENV':
        return words.forEach((word) => {
          const [name = '', value = ''] = word.split(/=(.*)/s)
          this.env[name] = value
        })
    }
  }

  #copy(from: readonly string[], to: string) {
    for (const name of from) {
      const target = to.endsWith('/') ? join(this.within(to), basename(name)) : this.within(to)
      cpSync(join(ROOT, name), target, { recursive: true })
    }
  }

  #run(script: string) {
    const inside = script.replace(/(?<= )\/(?=\w)/g, `${this.root}/`)
    execFileSync('sh', ['-euc', `chown() { test -e "$2"; }\n${inside}`], { cwd: this.folder })
  }
}

describe.skipIf(process.platform === 'win32')('what it makes', () => {
  const image = new Image()
  let emulator: Emulator
  beforeAll(async () => {
    emulator = await startEmulator()
    for (const step of steps) image.do(step)
    // The Node.js of the image has a SQLite; this one may need a package.
    if (!process.getBuiltinModule?.('node:sqlite'))
      symlinkSync(join(ROOT, 'node_modules'), join(image.folder, 'node_modules'))
  })
  afterAll(() => emulator.close())

  const settings = (): Env => ({
    ALIPAY_GATEWAY: emulator.gateway,
    ALIPAY_APP_ID: emulator.app_id,
    ALIPAY_PRIVATE_KEY: emulator.private_key,
    ALIPAY_PUBLIC_KEY: emulator.alipay_public_key,
    ALIPAY_PUBLIC_URL: 'http://127.0.0.1:8421',
  })

  it('listens, keeps the ledger in its volume, is found healthy, and ends with 0', async () => {
    const [command = '', ...args] = jsonOf('ENTRYPOINT')
    expect(command).toBe('node')
    const folders = { ALIPAY_DATA_DIR: image.within(image.env.ALIPAY_DATA_DIR ?? '') }
    // The ports of the image are its own; here they must be free ones.
    const env = { ...HOMELESS, ...image.env, ...folders, ALIPAY_LISTEN: '127.0.0.1:0', ...settings() }
    const listening = spawn(process.execPath, [...args, '--health-port', '0'], { cwd: image.folder, env })
    const exited = once(listening, 'exit')
    const port = await healthPort(listening.stderr)
    expect(existsSync(join(folders.ALIPAY_DATA_DIR, 'ledger.db'))).toBe(true)
    expect(await healthCheck(port)).toBe(0)
    listening.kill('SIGTERM')
    expect(await exited).toStrictEqual([0, null])
    expect(await healthCheck(port)).toBe(1)
  })

  it('listens on all addresses of the container, since the proxy is outside of it', () => {
    const { ALIPAY_LISTEN } = image.env
    const result = readConfig({ ...settings(), ALIPAY_LISTEN })
    expect('config' in result && result.config.environment).toBe('local')
    expect([ALIPAY_LISTEN, ...of('EXPOSE').flatMap(wordsOf)]).toStrictEqual(['0.0.0.0:8421', '8421'])
  })
})

async function healthPort(stderr: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stderr) {
    text += chunk
    const [, port] = /health: http:\/\/127\.0\.0\.1:(\d+)\/health/.exec(text) ?? []
    if (port !== undefined) return port
  }
  throw new Error(text)
}

/** As Docker does it; the exit code. */
async function healthCheck(port: string): Promise<number | null> {
  const [, ...args] = jsonOf('HEALTHCHECK').map((word) => word.replace(':8422/', `:${port}/`))
  expect(args.join()).toContain(`:${port}/health`)
  const [code] = await once(spawn(process.execPath, args), 'exit')
  return code
}
