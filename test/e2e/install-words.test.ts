// What install and uninstall say of what they were given, and of what they find; by the built program.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { home, OTHERS, run } from './host-home.ts'
import { elsewhere, MAIN } from './hosts.ts'

it('of a project says nothing of hosts, which does not look there', () => {
  const { folder, env } = home()
  const project = join(folder, 'shop')
  mkdirSync(project)
  const { status, stdout } = run(['install', 'cursor', '--project', '--yes'], env, project)
  expect({ status, file: existsSync(join(project, '.cursor', 'mcp.json')) }).toStrictEqual({ status: 0, file: true })
  expect(stdout).not.toMatch(/ hosts\n/)
  expect(run(['install', 'cursor', '--yes'], env, project).stdout).toMatch(/ hosts\n/)
})

it('names the variables that go with an entry written by hand, and keeps it', () => {
  const { file, env } = home()
  const entry = { command: 'npx', args: ['alipay-mcp'], env: { ALIPAY_PRIVATE_KEY: 'geheim' } }
  const byHand = JSON.stringify({ mcpServers: { alipay: entry } })
  writeFileSync(file, byHand)
  const { status, stdout } = run(['uninstall', 'cursor', '--yes'], env)
  expect(status).toBe(0)
  expect(stdout).toContain('ALIPAY_PRIVATE_KEY')
  expect(stdout).not.toContain('geheim')
  const backup = `${file}.before-alipay-mcp`
  expect(stdout).toContain(backup)
  expect(readFileSync(backup, 'utf8')).toBe(byHand)
})

it.each([
  ['xx', /There is no host xx\.\nAll of them:/],
  ['', /There is no host like that\.\nAll of them:/],
  ['trea', /Did you mean trae\?/],
  ['windsrf', /Did you mean windsurf\?/],
])('proposes for %j only what is like it', (name, words) => {
  expect(run(['install', name], home().env).stderr).toMatch(words)
})

it('of a host without a file says where to remove the server, not where to add it', () => {
  const { stdout, status } = run(['uninstall', 'trae'], home().env)
  expect(stdout).toMatch(/remove the server alipay in .* Trae/)
  expect(stdout).not.toContain('Add')
  expect(status).toBe(1)
})

it.skipIf(process.platform === 'win32')('names the file that is read-only', () => {
  const { file, env } = home()
  chmodSync(file, 0o444)
  expect(run(['install', 'cursor', '--yes'], env).stdout).toContain(`chmod u+w ${file}`)
})

it('writes nothing where no home folder is known', () => {
  const folder = elsewhere()
  for (const flags of [[], ['--project']]) {
    const env = { HOME: '', USERPROFILE: '', APPDATA: '', LOCALAPPDATA: '' }
    const { stdout, status } = run(['install', 'cursor', '--yes', ...flags], env, folder)
    expect(stdout).toContain('names no home folder')
    expect(status).toBe(1)
  }
  expect(readdirSync(folder)).toStrictEqual([])
})

it('says each problem in Chinese as the doctor does', () => {
  const { stdout } = run(['install', 'cursor', '--yes', '--lang', 'zh', '--max-payment', 'abc'], home().env)
  expect(stdout).toMatch(
    /改正以下问题之前会拒绝所有调用：\n {2}--max-payment 的值是 "abc"，不可用。\n {4}填以元为单位的金额/,
  )
})

describe('a password or a token in an address', () => {
  it.each([
    ['--gateway', 'https://u:geheim@x.example/gateway.do'],
    ['--public-url', 'https://u:p@geheim@x.example'],
    ['--return-url', 'https://x.example/?token=geheim'],
  ])('does not get into the file of a host, nor on the screen: %s %s', (flag, address) => {
    const { file, env } = home()
    for (const words of [['--yes'], ['--print'], [], [`--lang=zh`]]) {
      const { status, stdout, stderr } = run(['install', 'cursor', ...words, flag, address], env)
      expect(stdout + stderr).not.toContain('geheim')
      expect(stderr).toMatch(new RegExp(` init ${flag} \\.\\.\\.`))
      expect(status).toBe(2)
    }
    expect(readFileSync(file, 'utf8')).toBe(OTHERS)
    const removal =
      run(['install', 'cursor', '--yes'], env).status === 0 && run(['uninstall', 'cursor', flag, address], env)
    expect(removal && removal.stdout + removal.stderr).toMatch(/ uninstall cursor --yes/)
    expect(removal && removal.stdout + removal.stderr).not.toContain('geheim')
  })

  it('is not what a file is named', () => {
    const { file, env } = home()
    run(['install', 'cursor', '--yes', '--private-key-file', 'li@shop.pem'], env)
    expect(readFileSync(file, 'utf8')).toContain('li@shop.pem')
  })
})

describe('settings with which the server does nothing', () => {
  it.each([
    [['--private-key-file', 'nope.pem'], /--private-key-file: names a file that cannot be read/],
    [['--max-payment', 'abc'], /--max-payment: is "abc"/],
    [['--tools', 'quer_payment'], /--tools: holds "quer_payment"/],
  ])('are named: %j', (flags, words) => {
    const { stdout } = run(['install', 'cursor', '--yes', ...flags], home().env)
    expect(stdout).toContain('the server starts, and refuses every call until this is corrected')
    expect(stdout).toMatch(words)
  })

  it('are not those of this shell, which the host does not get', () => {
    const { env } = home()
    const { stdout } = run(['install', 'cursor', '--yes'], { ...env, ALIPAY_MAX_PAYMENT: 'abc' })
    expect(stdout).not.toContain('until this is corrected')
    expect(stdout).toContain('it will not have ALIPAY_MAX_PAYMENT')
  })
})

it.each([{ disabled: true }, { enabled: false }])('says of an entry that it is switched off: %j', (field) => {
  const { file, env } = home()
  const entry = { command: process.execPath, args: [MAIN], env: { XDG_CONFIG_HOME: env.XDG_CONFIG_HOME }, ...field }
  writeFileSync(file, JSON.stringify({ mcpServers: { alipay: entry } }))
  const same = run(['install', 'cursor'], env)
  expect(same.stdout).toMatch(/Nothing to do\.\nIt is switched off there/)
  const { stdout } = run(['install', 'cursor', '--yes', '--read-only'], env)
  expect(stdout).toContain('It is switched off there')
  expect(JSON.parse(readFileSync(file, 'utf8')).mcpServers.alipay).toMatchObject(field)
})
