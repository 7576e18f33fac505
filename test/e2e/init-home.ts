// An empty home for init, what it wrote there, and an emulator that takes what it was given.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Env, elsewhere, type Fields, MAIN, RawCommand } from './hosts.ts'

export class Home {
  readonly at = elsewhere()
  readonly folder = join(this.at, 'config', 'alipay-mcp')
  readonly settingsFile = join(this.folder, 'settings.json')
  readonly env: Env = {
    HOME: this.at,
    XDG_CONFIG_HOME: join(this.at, 'config'),
    XDG_DATA_HOME: join(this.at, 'data'),
    XDG_CACHE_HOME: join(this.at, 'cache'),
    LANG: 'C',
    // No test reaches Alipay's sandbox, nor any name server.
    HTTPS_PROXY: 'http://127.0.0.1:9',
  }

  /** Without a terminal. */
  run(args: readonly string[], env: Env = {}): { code: number | null; text: string; stderr: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
      cwd: this.at,
      env: { ...this.env, ...env },
      encoding: 'utf8',
      input: '',
    })
    return { code: status, text: stdout, stderr }
  }

  file(name: string, text: string, mode = 0o600): string {
    mkdirSync(dirname(join(this.at, name)), { recursive: true })
    writeFileSync(join(this.at, name), text, { mode })
    return join(this.at, name)
  }

  read = (path: string): string => readFileSync(path, 'utf8')

  settings(): Fields {
    return { ...Object(JSON.parse(readFileSync(this.settingsFile, 'utf8'))) }
  }

  /** Each file in the settings folder with its content; nothing where there is no such folder. */
  state(): Readonly<Record<string, string>> {
    if (!existsSync(this.folder)) return {}
    const names = readdirSync(this.folder).sort()
    return Object.fromEntries(names.map((name) => [name, readFileSync(join(this.folder, name), 'utf8')]))
  }
}

export async function startEmulator(...args: string[]) {
  const command = new RawCommand(['emulator', '--json', ...args])
  const running: Record<'gateway' | 'app_id' | 'seller_id' | 'alipay_public_key' | 'private_key', string> = JSON.parse(
    await command.output(/\n$/),
  )
  return { ...running, stop: () => command.stop() }
}
