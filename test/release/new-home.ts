// A home in which nothing was ever installed, whose npm knows one registry, and the Node.js that its user runs there.
import { execFile } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { npxEnv, type Registry } from '../../scripts/registry.mjs'

/** With which a desktop starts a program, whatever the shell of its user has. */
export const DESKTOP_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

const temporary = () => realpathSync(mkdtempSync(join(tmpdir(), 'alipay-mcp-test-')))

export class NewHome {
  readonly at = temporary()
  /** Of the shell. */
  readonly path: string
  readonly #registry: string

  /** @param bin where node and npx are */
  constructor({ url }: Registry, bin: string) {
    this.path = `${bin}:${DESKTOP_PATH}`
    this.#registry = url
    // Hosts do not hand on what a shell was told of the registry.
    this.file('.npmrc', `registry=${url}\nupdate-notifier=false\n`)
  }

  file(name: string, text: string): string {
    writeFileSync(join(this.at, name), text, { mode: 0o600 })
    return join(this.at, name)
  }

  read = (...path: string[]) => readFileSync(join(this.at, ...path), 'utf8')

  /** As typed in the shell; fails as the command does. */
  async npx(...args: readonly string[]): Promise<string> {
    const env = npxEnv(this.at, this.#registry, { PATH: this.path })
    const { stdout } = await promisify(execFile)('npx', ['-y', ...args], { cwd: this.at, env })
    return stdout
  }
}

/** Where this Node.js lies, with npx beside it, as in every installation; npm's package `node` has none. */
export function installation(): string {
  const beside = dirname(realpathSync(process.execPath))
  return existsSync(join(beside, 'npx')) ? beside : ownInstallation()
}

/** This Node.js in a folder where no host looks for one, as nvm keeps it. */
export function ownInstallation(): string {
  const bin = join(temporary(), 'bin')
  mkdirSync(bin)
  const node = realpathSync(process.execPath)
  try {
    linkSync(node, join(bin, 'node'))
  } catch {
    copyFileSync(node, join(bin, 'node'))
  }
  const folders = (process.env.PATH ?? '').split(delimiter)
  const npx = folders.map((one) => join(one, 'npx')).find((file) => existsSync(file))
  symlinkSync(realpathSync(npx ?? ''), join(bin, 'npx'))
  return bin
}
