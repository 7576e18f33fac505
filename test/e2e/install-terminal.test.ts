// install, uninstall and hosts by the built program: at a pseudo terminal, in scripts, and with entries that do not start.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { home, OTHERS, run } from './host-home.ts'
import { type Env, MAIN } from './hosts.ts'
import { closeTerminals, hasTerminal, Terminal } from './terminal.ts'

afterEach(closeTerminals)

const serversIn = (file: string) => JSON.parse(readFileSync(file, 'utf8')).mcpServers
const hostsIn = (env: Env) => {
  const { stdout, status } = run(['hosts', '--json'], env)
  return { status, stdout, hosts: JSON.parse(stdout).hosts }
}

describe.skipIf(!hasTerminal)('at a terminal', () => {
  it('shows the change, and writes it after a yes alone', async () => {
    const { file, env } = home()
    for (const no of ['\r', 'n\r', 'maybe\r', '\u0004']) {
      const terminal = new Terminal(['install', 'cursor'], env)
      await terminal.answer(/\+ +"alipay": \{[\s\S]*\[y\/N\]/, no)
      expect(await terminal.exited).toBe(1)
      expect(terminal.screen).toContain('Nothing was written.')
      expect(readFileSync(file, 'utf8')).toBe(OTHERS)
    }
    const terminal = new Terminal(['install', 'cursor', '--lang', 'zh'], env)
    await terminal.answer(/写入吗/, 'y\r')
    expect(await terminal.exited).toBe(0)
    expect(terminal.screen).toContain('已写入。请重启 Cursor')
    // The language of the terminal is not the server's.
    expect(serversIn(file).alipay).toStrictEqual({
      ...{ command: process.execPath, args: [MAIN] },
      // Where the settings file is; a host does not hand this on.
      env: { XDG_CONFIG_HOME: env.XDG_CONFIG_HOME },
    })
    const removal = new Terminal(['uninstall', 'cursor'], env)
    await removal.answer(/\[y\/N\]/, 'y\r')
    expect(await removal.exited).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(OTHERS)
    expect(existsSync(`${file}.before-alipay-mcp`)).toBe(false)
  })
})

describe('in a script', () => {
  it('needs --yes', () => {
    const { file, env } = home()
    const { status, stdout, stderr } = run(['install', 'cursor'], env)
    expect(status).toBe(2)
    expect(stdout).toContain('"alipay": {')
    expect(stdout + stderr).not.toContain('geheim')
    expect(stderr).toMatch(/nobody is at a terminal[\s\S]* install cursor --yes/)
    expect(readFileSync(file, 'utf8')).toBe(OTHERS)
  })

  it('writes the settings of this call by their whole paths, and names what a host would lack', () => {
    const { folder, file, env } = home()
    writeFileSync(join(folder, 'shop.env'), 'ALIPAY_ENV=local\n', { mode: 0o600 })
    const words = ['install', 'cursor', '--yes', '--dotenv', 'shop.env', '--read-only']
    const { status, stdout } = run(words, { ...env, ALIPAY_APP_ID: '2021000000000000' }, folder)
    expect(status).toBe(0)
    expect(serversIn(file).alipay.args).toStrictEqual([MAIN, '--dotenv', join(folder, 'shop.env'), '--read-only'])
    expect(stdout).toMatch(/it will not have ALIPAY_APP_ID\.[\s\S]* init/)
    expect(readFileSync(file, 'utf8')).not.toContain('2021000000000000')
    expect(run(words, env, folder).stdout).toContain('Nothing to do')
  })

  it.each([[], ['--yes'], ['--project', '--yes']])(
    'does not replace what starts another program, with %j',
    (...flags) => {
      const { folder, file, env } = home()
      writeFileSync(file, '{"mcpServers":{"alipay":{"command":"npx","args":["@alipay/mcp-server-alipay"]}}}')
      const before = readFileSync(file, 'utf8')
      const { status, stdout } = run(['install', 'cursor', ...flags], env, folder)
      expect(status).toBe(1)
      // What is proposed works, and is not what was just done.
      expect(stdout.replaceAll('\u00a0', ' ')).toMatch(/Run this at a terminal.*\n.* install cursor( --project)?\n$/)
      expect(run(['uninstall', 'cursor', '--yes'], env).status).toBe(1)
      expect(readFileSync(file, 'utf8')).toBe(before)
    },
  )

  it.each(['install', 'uninstall'])('%s prints no key of an entry that was written by hand', (command) => {
    const { file, env } = home()
    const secret = 'MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQ'
    const args = [`ALIPAY_PRIVATE_KEY=${secret}`, 'TOKEN=geheim', 'npx', '-y', 'alipay-mcp@0.0.9']
    writeFileSync(file, JSON.stringify({ mcpServers: { alipay: { command: 'env', args } } }))
    const { stdout, stderr } = run([command, 'cursor'], env)
    expect(stdout).toContain('- env ALIPAY_PRIVATE_KEY=*** TOKEN=*** npx -y alipay-mcp@0.0.9')
    expect(stdout + stderr).not.toMatch(/MIIE|geheim/)
  })

  it.each([
    [['install'], /takes the name of a host[\s\S]*cursor/],
    [['install', 'curser'], /no host curser\. Did you mean cursor\?/],
    [['uninstall', 'frobnicate'], /no host frobnicate\.\nAll of them:/],
    [['install', 'claude-desktop', '--project', '--yes'], /has no file of its own in a project/],
    [['install', 'cursor', 'codex'], /install takes/],
  ])('%j is not understood', (args, words) => {
    const { status, stderr } = run(args, home().env)
    expect(stderr).toMatch(words)
    expect(status).toBe(2)
  })

  it('says which line is broken, and leaves the file', () => {
    const { file, env } = home()
    writeFileSync(file, '{\n  "mcpServers": {,}\n}\n')
    const { status, stdout } = run(['install', 'cursor', '--yes'], env)
    expect({ status, stdout }).toStrictEqual({ status: 1, stdout: expect.stringContaining('is broken on line 2,') })
    expect(readFileSync(file, 'utf8')).toBe('{\n  "mcpServers": {,}\n}\n')
  })

  it.each([
    ['cursor', /cursor:\/\/anysphere/],
    ['codex', /\[mcp_servers\.alipay\][\s\S]*codex mcp add alipay .*-- /],
    ['claude-code', /claude mcp add -s user alipay .*-- /],
    ['cherry-studio', /"mcpServers"[\s\S]*cherrystudio:\/\/mcp\/install/],
  ])('prints what %s takes, and writes nothing', (host, words) => {
    const { file, env } = home()
    const { status, stdout } = run(['install', host, '--print'], env)
    expect(stdout).toMatch(words)
    expect(status).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(OTHERS)
  })

  it('does not say of a host without a file that it is done', () => {
    const { status, stdout } = run(['install', 'qoder', '--yes'], home().env)
    expect(status).toBe(1)
    expect(stdout).toContain('Nothing was written')
  })
})

describe('hosts', () => {
  it('starts each entry as its host does', () => {
    const { folder, env } = home()
    mkdirSync(join(folder, '.codex'))
    run(['install', 'cursor', '--yes'], env)
    run(['install', 'codex', '--yes'], env)
    const { status, hosts, stdout } = hostsIn(env)
    expect(status).toBe(0)
    const facts = {
      installed: true,
      starts: true,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      tools: expect.any(Number),
    }
    expect(hosts).toMatchObject([
      { name: 'codex', ...facts },
      { name: 'cursor', ...facts },
    ])
    expect(stdout).not.toContain('geheim')
    const table = run(['hosts'], env)
    expect(table.stdout).toMatch(/Cursor +cursor +\d+\.\d+\.\d+ +yes, \d+ tools/)
    expect(table.stdout).not.toContain('geheim')
  })

  it.each([
    ['missing', { command: '/no/such/folder/npx', args: ['alipay-mcp'] }],
    ['missing', { command: 'alipay-mcp', args: [] }],
    ['ended', { command: process.execPath, args: ['--no-such-flag', 'alipay-mcp'] }],
  ])('says that an entry is %s: %j', (why, entry) => {
    const { file, env } = home()
    writeFileSync(file, JSON.stringify({ mcpServers: { alipay: entry } }))
    const { status, hosts } = hostsIn(env)
    expect(hosts).toMatchObject([{ name: 'cursor', installed: true, starts: false, why }])
    expect(status).toBe(1)
  })

  it('says that an entry starts and is not configured, with the call that tells why', () => {
    const { env } = home()
    run(['install', 'cursor', '--yes', '--max-payment', 'abc'], env)
    const { status, hosts } = hostsIn(env)
    expect(hosts).toMatchObject([{ name: 'cursor', starts: true, configured: false }])
    expect(status).toBe(1)
    const table = run(['hosts', '--lang', 'zh'], env)
    expect(table.status).toBe(1)
    expect(table.stdout).toMatch(/可以，但配置有误\n/)
    expect(table.stdout).toMatch(/查看配置有什么问题：\n {2}\S.* doctor --max-payment abc\n/)
  })

  it('starts nothing of another program', () => {
    const { folder, file, env } = home()
    const mark = join(folder, 'started')
    const entry = {
      command: process.execPath,
      args: ['-e', `require('fs').writeFileSync(${JSON.stringify(mark)}, '')`],
    }
    writeFileSync(file, JSON.stringify({ mcpServers: { alipay: entry, other: entry } }))
    const { status, hosts } = hostsIn(env)
    expect(hosts).toMatchObject([{ name: 'cursor', installed: false, other_program: true }])
    expect({ status, started: existsSync(mark) }).toStrictEqual({ status: 0, started: false })
  })

  it('starts nothing that only has its name among its words', () => {
    const { folder, file, env } = home()
    const mark = join(folder, 'started')
    const script = join(folder, 'x.mjs')
    writeFileSync(script, `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(mark)}, '')\n`)
    writeFileSync(file, JSON.stringify({ mcpServers: { alipay: { command: 'node', args: [script, 'alipay-mcp'] } } }))
    const { hosts } = hostsIn(env)
    expect(hosts).toMatchObject([{ name: 'cursor', installed: false, other_program: true }])
    expect(existsSync(mark)).toBe(false)
    expect(run(['install', 'cursor', '--yes'], env).status).toBe(1)
    expect(readFileSync(file, 'utf8')).toContain('x.mjs')
  })

  it('says of a broken file which line is', () => {
    const { file, env } = home()
    writeFileSync(file, '{')
    const { status, hosts } = hostsIn(env)
    expect(hosts).toMatchObject([{ name: 'cursor', problem: expect.stringContaining('broken on line 1') }])
    expect(status).toBe(1)
  })
})
