// init killed, or out of disk, at each of its steps: the old settings or the new ones whole, and the next init goes on.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { leaks, vectors } from '../keys-for-tests.ts'
import { Home } from './init-home.ts'

const HOOK = fileURLToPath(new URL('./break-off.mjs', import.meta.url))
const NEW = {
  environment: 'sandbox',
  app_id: '9021000000000001',
  max_payment: '9.00',
  max_refund: '500.00',
  daily_refunds: '2000.00',
  refund_approval: 'chat',
}

/** Settings of the emulator, and a file from which a sandbox app with both keys is to be imported. */
function begin() {
  const home = new Home()
  home.file('config/alipay-mcp/settings.json', '{ "environment": "local", "max_payment": "9.00" }')
  const { private_pkcs8 } = vectors.app
  const content = { app_id: NEW.app_id, private_key: private_pkcs8, alipay_public_key: vectors.alipay.public_spki }
  const args = ['init', '--env', 'sandbox', '--import', home.file('shop.json', JSON.stringify(content)), '--yes']
  return { home, args: [...args, '--existing', 'change'] }
}

const broken = (home: Home, at: number, by: 'kill' | 'full') => ({
  ...{ NODE_OPTIONS: `--import ${HOOK}`, BREAK_AT: String(at), BREAK_BY: by, BREAK_IN: home.folder },
})

const whole = (home: Home) => ({
  ...NEW,
  private_key_file: join(home.folder, 'sandbox-private-key.pem'),
  public_key_file: join(home.folder, 'sandbox-alipay-public-key.pem'),
})

function stepsOfInit(): number {
  const { home, args } = begin()
  const { stderr } = home.run(args, broken(home, 0, 'kill'))
  expect(home.settings()).toStrictEqual(whole(home))
  return Number(/STEPS (\d+)/.exec(stderr)?.[1])
}

it.each(['kill', 'full'] as const)(
  'by %s at each step',
  (by) => {
    const steps = stepsOfInit()
    // Folder, two keys and the settings, each opened, written, synced and put in place.
    expect(steps).toBeGreaterThan(15)
    const ends = new Set<string>()
    for (let at = 1; at <= steps; at++) {
      const { home, args } = begin()
      const before = home.state()['settings.json']
      const { code, text, stderr } = home.run(args, broken(home, at, by))
      const now = home.state()['settings.json']
      const isOld = now === before
      if (!isOld) expect(home.settings()).toStrictEqual(whole(home))
      ends.add(isOld ? 'old' : 'new')
      if (by === 'full' && isOld) {
        expect(code).toBe(1)
        expect(stderr.replace(/\s+/g, ' ')).toMatch(
          /Cannot write in .*: the disk is full\. The settings are as they were/,
        )
      }
      expect(leaks(text + stderr, vectors.app.private_pkcs8)).toBe(false)
      const again = home.run(args)
      expect(home.settings()).toStrictEqual(whole(home))
      expect(again.stderr).toBe('')
      const keys = Object.keys(home.state()).filter((name) => name.endsWith('.pem'))
      expect(keys).toStrictEqual(['sandbox-alipay-public-key.pem', 'sandbox-private-key.pem'])
    }
    expect(ends).toContain('old')
  },
  600_000,
)

it('where the folder is not to be written in, it says so, and leaves it', () => {
  const home = new Home()
  home.file('config/alipay-mcp', 'a file, not a folder')
  const { code, stderr } = home.run(['init', '--env', 'local', '--yes'])
  expect(code).not.toBe(0)
  expect(stderr.replace(/\s+/g, ' ')).toMatch(/Cannot write in|cannot be read/)
  expect(home.read(join(home.at, 'config', 'alipay-mcp'))).toBe('a file, not a folder')
})
