// The commands beside serve, and the packed program run from another folder.
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { elsewhere, MAIN, newHost, RawCommand } from './hosts.ts'

const run = (...args: string[]) =>
  spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', env: {}, cwd: elsewhere() })

it('tells one payment from link to refund in the demo, and ends with 0', () => {
  const { status, stdout, stderr } = run('demo')
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(stdout).toMatch(/buyer -> shop[\s\S]*one request, one refund\n[\s\S]*6\.90 yuan, shop -> buyer/)
  expect(stdout).toMatch(/All as it should be/)
  expect(stdout.split('\n').filter((line) => line.length > 80 && !line.includes('main.js'))).toStrictEqual([])
  const [block = ''] = /^\{\n[\s\S]*^\}$/m.exec(stdout) ?? []
  expect(JSON.parse(block)).toStrictEqual({
    mcpServers: { alipay: { command: process.execPath, args: [realpathSync(MAIN)] } },
  })
}, 60_000)

it('shows each call and its answer in the demo with --verbose, in Chinese where that is wanted', () => {
  const { status, stdout } = run('demo', '--verbose', '--lang', 'zh')
  expect(status).toBe(0)
  expect(stdout).toMatch(
    / 1 {2}商家收款 9\.90 元：生成短链接\n {4}调用 create_payment \{[\s\S]*询问商家\n {6}是否同意退款？\n/,
  )
  expect(stdout).toContain('全部符合预期')
}, 60_000)

it('prints the emulator as one line of JSON for other programs', async () => {
  const emulator = new RawCommand(['emulator', '--json'])
  const line = JSON.parse(await emulator.output(/\n/))
  const names = ['app_id', 'app_public_key', 'alipay_public_key', 'control_url', 'gateway', 'seller_id']
  expect(Object.keys(line).sort()).toStrictEqual([...names, 'private_key', 'private_key_pkcs1'].sort())
  expect((await fetch(line.control_url)).status).toBe(200)
  expect(await emulator.stop()).toBe(0)
})

it('explains itself, and names the nearest thing for what it does not know', () => {
  expect(run('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  for (const args of [['version'], ['-V']]) expect(run(...args).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect(run('help', 'settings').stdout).toMatch(/ALIPAY_READ_ONLY, or --read-only/)
  expect(run('ledger', '--help').stdout).toMatch(/^Usage: node .* ledger\s[\s\S]*--month M[\s\S]*Exit codes:/)
  expect(run('serv')).toMatchObject({ status: 2, stderr: expect.stringContaining('Did you mean serve?') })
  expect(run('--read-onli')).toMatchObject({ status: 2, stderr: expect.stringContaining('--read-only') })
  expect(run('--private-key', 'SECRET').stderr).toMatch(/use --private-key-file/)
  expect(run('--private-key', 'SECRET').stderr).not.toMatch(/SECRET/)
})

it('runs from the packed file alone, with nothing else installed', async () => {
  const folder = elsewhere()
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: join(MAIN, '../..'),
  })
  const [tarball = ''] = readdirSync(folder)
  execFileSync('tar', ['xzf', tarball], { cwd: folder })
  const main = join(folder, 'package', 'dist', 'main.js')
  const host = await newHost({}, main)
  expect(await host.call('create_payment', { subject: 'Tea', total_amount: 1 })).toMatchObject({
    environment: 'local',
  })
  await host.close()
}, 60_000)
