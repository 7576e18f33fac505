// Real processes at one ledger, for tests: built from other-server.ts, started, told to go together, or killed.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { onTestFinished } from 'vitest'
import type { Load } from './other-server.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** @returns the file to run, and what removes it */
export async function buildServer(): Promise<{ file: string; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-server-'))
  // The engine is looked for where a program's packages are: beside it.
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction')
  const file = join(folder, 'other-server.mjs')
  await build({
    entryPoints: [join(ROOT, 'test/ledger/other-server.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['libsql', 'sql.js'],
    logLevel: 'error',
  })
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export class Server {
  readonly #child: ChildProcessWithoutNullStreams
  #out = ''
  #errors = ''

  constructor(file: string, job: string, folder: string, owner: string, load: Load) {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME }
    this.#child = spawn(process.execPath, [file, job, folder, owner, JSON.stringify(load)], { env })
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#out += text
    })
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text
    })
    onTestFinished(() => void this.#child.kill('SIGKILL'))
  }

  /** Waits until it has said so many lines. */
  async said(lines: number): Promise<void> {
    while (this.lines.length < lines) await once(this.#child.stdout, 'data')
  }

  go(): void {
    this.#child.stdin.end('go\n')
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** Whole lines after the first, which says that it is ready. @throws Error with what it wrote to standard error */
  async ended(): Promise<readonly unknown[]> {
    await once(this.#child, 'close')
    if (this.#errors) throw new Error(this.#errors)
    return this.lines.slice(1)
  }

  get lines(): readonly unknown[] {
    return this.#out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
  }
}

/** Four servers that begin at one moment; what each of them said. */
export async function four(
  file: string,
  job: string,
  folder: string,
  load: (server: number) => Load,
): Promise<readonly (readonly unknown[])[]> {
  const servers = [0, 1, 2, 3].map((i) => new Server(file, job, folder, `server ${i}`, load(i)))
  await Promise.all(servers.map((server) => server.said(1)))
  for (const server of servers) server.go()
  return Promise.all(servers.map((server) => server.ended()))
}
