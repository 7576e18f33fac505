// How hosts start this server, on each platform and in each form of running it.
import { describe, expect, it } from 'vitest'
import { isOurs, type Program, pathOfHosts, type Start, startIn, startOf, versionOf } from '../../src/hosts/start.ts'

/** @param links what is at a path, where that is not itself */
const program = (of: Partial<Program>, links: Readonly<Record<string, string>> = {}): Program => ({
  platform: 'linux',
  node: '/usr/bin/node',
  script: '/home/li/alipay-mcp/dist/main.js',
  main: '/home/li/alipay-mcp/dist/main.js',
  version: '1.2.3',
  path: '/usr/bin:/bin',
  folders: {},
  realPath: (path) => links[path] ?? (path === of.node || (!of.node && path === '/usr/bin/node') ? path : undefined),
  ...of,
})
const NPX = '/home/li/.npm/_npx/0123/node_modules/.bin/alipay-mcp'

describe('a checkout, or a program installed for all', () => {
  it('is started by whole paths', () => {
    const start = startOf(program({}), ['--dotenv', '/home/li/shop.env'])
    expect(start).toStrictEqual({
      command: '/usr/bin/node',
      args: ['/home/li/alipay-mcp/dist/main.js', '--dotenv', '/home/li/shop.env'],
      env: {},
    })
  })

  it('is started by the file that a link leads to', () => {
    const main = '/usr/local/lib/node_modules/alipay-mcp/dist/main.js'
    expect(startOf(program({ script: '/usr/local/bin/alipay-mcp', main }), []).args).toStrictEqual([main])
  })

  it('is started by a link of Homebrew, which stays when Node.js is replaced', () => {
    const node = '/opt/homebrew/Cellar/node@22/22.20.0/bin/node'
    const link = '/opt/homebrew/opt/node@22/bin/node'
    expect(startOf(program({ platform: 'darwin', node }, { [link]: node }), []).command).toBe(link)
    expect(startOf(program({ platform: 'darwin', node }), []).command).toBe(node)
  })
})

it('gets the folders of settings and ledger where they are elsewhere, since hosts hand these variables not on', () => {
  const folders = { XDG_CONFIG_HOME: '/home/li/conf' }
  expect(startOf(program({ folders }), []).env).toStrictEqual(folders)
  expect(startOf(program({ folders, script: NPX }), []).env).toStrictEqual(folders)
})

describe('npx', () => {
  it('is pinned', () => {
    const start = startOf(program({ script: NPX }), ['--read-only'])
    expect(start).toStrictEqual({ command: 'npx', args: ['-y', 'alipay-mcp@1.2.3', '--read-only'], env: {} })
  })

  it('brings libsql along where it did so for install, and is ours all the same', () => {
    const start = startOf(program({ script: NPX, libsql: '0.5.29' }), ['--read-only'])
    const packages = ['-p', 'alipay-mcp@1.2.3', '-p', 'libsql@0.5.29']
    expect(start).toStrictEqual({ command: 'npx', args: ['-y', ...packages, 'alipay-mcp', '--read-only'], env: {} })
    expect([isOurs(start, () => undefined), versionOf(start, () => undefined)]).toStrictEqual([true, '1.2.3'])
  })

  it.each([
    ['nvm', 'linux', '/home/li/.nvm/versions/node/v22.20.0/bin/node'],
    ['volta', 'darwin', '/Users/li/.volta/tools/image/node/22.20.0/bin/node'],
    ['the installer of nodejs.org', 'darwin', '/usr/local/bin/node'],
  ] as const)(
    'is named by its whole path where it comes with %s, with a PATH for what it starts',
    (_, platform, node) => {
      const start = startOf(program({ platform, node, script: NPX, path: `${node}:/usr/bin` }), [])
      const folder = node.replace(/\/node$/, '')
      expect(start.command).toBe(`${folder}/npx`)
      expect(start.args).toStrictEqual(['-y', 'alipay-mcp@1.2.3'])
      expect(start.env).toStrictEqual({ PATH: `${folder}:${pathOfHosts({ platform, path: '' })}` })
    },
  )

  it('is named by its whole path where hosts would find another Node.js first', () => {
    const node = '/usr/bin/node'
    const found = program({ script: NPX, node }, { '/usr/local/bin/node': '/usr/local/bin/node' })
    expect(startOf(found, []).command).toBe('/usr/bin/npx')
  })

  it('is found by a link to this Node.js', () => {
    const node = '/usr/local/lib/nodejs/v22/bin/node'
    const linked = program({ script: NPX, node }, { '/usr/local/bin/node': node })
    expect(startOf(linked, []).command).toBe('npx')
  })
})

describe('npx on Windows', () => {
  const WINDOWS = {
    platform: 'win32',
    node: 'C:\\Program Files\\nodejs\\node.exe',
    script: 'C:\\Users\\li\\AppData\\Local\\npm-cache\\_npx\\0123\\node_modules\\alipay-mcp\\dist\\main.js',
  } as const

  it('is a command file, which needs cmd', () => {
    const path = 'C:\\Windows\\system32;c:\\program files\\nodejs\\'
    const links = { 'c:\\program files\\nodejs\\node.exe': 'C:\\Program Files\\nodejs\\node.exe' }
    expect(startOf(program({ ...WINDOWS, path }, links), [])).toStrictEqual({
      command: 'cmd',
      args: ['/c', 'npx', '-y', 'alipay-mcp@1.2.3'],
      env: {},
    })
  })

  it('is run by its script where fnm made a PATH for one shell', () => {
    const node = 'C:\\Users\\li\\AppData\\Roaming\\fnm\\node-versions\\v22\\installation\\node.exe'
    const folder = 'C:\\Users\\li\\AppData\\Roaming\\fnm\\node-versions\\v22\\installation'
    const path = 'C:\\Users\\li\\AppData\\Local\\fnm_multishells\\1_2;C:\\Windows'
    const start = startOf(program({ ...WINDOWS, node, path }), [])
    expect(start.command).toBe(node)
    expect(start.args).toStrictEqual([`${folder}\\node_modules\\npm\\bin\\npx-cli.js`, '-y', 'alipay-mcp@1.2.3'])
    expect(start.env.PATH?.split(';')[0]).toBe(folder)
    expect(start.env.PATH).not.toContain('multishells')
  })
})

const start = (command: string, ...args: string[]): Start => ({ command, args, env: {} })
const versionAt = (main: string) => (main === '/home/li/zhifu/dist/main.js' ? '0.9.0' : undefined)

describe('an entry is ours', () => {
  it.each([
    [start('npx', '-y', 'alipay-mcp@1.0.0'), '1.0.0'],
    [start('npx', 'alipay-mcp'), undefined],
    [start('cmd', '/c', 'npx', '-y', 'alipay-mcp@1.0.0-beta.1', '--read-only'), '1.0.0-beta.1'],
    [start('npx', '--registry', 'https://r.example', '--', 'alipay-mcp@1.0.0'), '1.0.0'],
    [start('C:\\Program Files\\nodejs\\node.exe', 'C:\\n\\npm\\bin\\npx-cli.js', '-y', 'alipay-mcp@1.0.0'), '1.0.0'],
    [start('CMD.EXE', '/C', 'npx.cmd', 'alipay-mcp'), undefined],
    [start('npm', 'exec', '--yes', '--package=alipay-mcp@1.0.0', '--', 'alipay-mcp'), '1.0.0'],
    [start('pnpm', 'dlx', 'alipay-mcp@1.0.0'), '1.0.0'],
    [start('/opt/bun/bin/bunx', 'alipay-mcp@1.0.0'), '1.0.0'],
    [start('env', 'A=1', 'B=2', 'npx', '-y', 'alipay-mcp@1.0.0'), '1.0.0'],
    [start('/usr/local/bin/alipay-mcp', 'serve'), undefined],
    [start('C:\\Users\\li\\AppData\\Roaming\\npm\\alipay-mcp.cmd'), undefined],
    [start('node', '--no-warnings', '/x/alipay-mcp/dist/main.js'), undefined],
    [start('/usr/bin/node', '/home/li/zhifu/dist/main.js', '--dotenv', 'x'), '0.9.0'],
  ])('%j', (one, version) => {
    expect(isOurs(one, versionAt)).toBe(true)
    expect(versionOf(one, versionAt)).toBe(version)
  })
})

describe('an entry is not ours', () => {
  it.each([
    start('npx', '-y', '@alipay/mcp-server-alipay'),
    start('npx', '-y', 'not-alipay-mcp@1.0.0'),
    start('npx', '-y', 'server-files', '/home/li/alipay-mcp'),
    start('npx', '-y', 'server-files', 'alipay-mcp'),
    start('npx', '-y', '-p', 'alipay-mcp', 'server-files'),
    start('/tmp/x.sh', 'alipay-mcp'),
    start('/tmp/x.sh', '/home/li/zhifu/dist/main.js'),
    start('docker', 'run', '-i', 'alipay-mcp'),
    start('npm', 'install', 'alipay-mcp'),
    start('pnpm', 'alipay-mcp'),
    start('cmd', '/c', 'x.bat', 'alipay-mcp'),
    start('env', 'A=alipay-mcp'),
    start('env'),
    start('node', '--title=/x/alipay-mcp'),
    start('node', '/home/li/other/dist/main.js'),
  ])('%j', (one) => {
    expect(isOurs(one, versionAt)).toBe(false)
  })
})

describe('what an entry starts is read', () => {
  it.each([
    [
      { command: 'npx', args: ['-y', 'x'], env: { A: '1' } },
      { command: 'npx', args: ['-y', 'x'], env: { A: '1' } },
    ],
    [
      { type: 'local', command: ['npx', 'x'], environment: {} },
      { command: 'npx', args: ['x'], env: {} },
    ],
    [
      { cmd: 'npx', args: ['x'], envs: { A: 1 } },
      { command: 'npx', args: ['x'], env: { A: '1' } },
    ],
    [{ type: 'http', url: 'https://example.com' }, undefined],
    ['text', undefined],
    [null, undefined],
  ])('%j', (entry, expected) => {
    expect(startIn(entry)).toStrictEqual(expected)
  })
})
