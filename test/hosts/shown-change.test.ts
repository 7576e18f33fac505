// The words of an entry as a terminal shows them: no key, no password and no token among them.
import { describe, expect, it } from 'vitest'
import { shownCall } from '../../src/hosts/shown-change.ts'
import { bare, leaks, vectors } from '../keys-for-tests.ts'

const shown = (...[command = '', ...args]: string[]) => shownCall({ command, args, env: {} })
const PEM = vectors.app.private_pkcs8
const KEY = bare(PEM)

describe('a key is never shown', () => {
  it.each([
    [['env', `ALIPAY_PRIVATE_KEY=${KEY}`, 'npx', '-y', 'alipay-mcp@0.0.9']],
    [['docker', 'run', '-i', '-e', `ALIPAY_PRIVATE_KEY=${KEY}`, 'alipay-mcp']],
    [['docker', 'run', `-eALIPAY_PRIVATE_KEY=${KEY}`, 'alipay-mcp']],
    [['docker', 'run', `--env=ALIPAY_PRIVATE_KEY=${PEM}`, 'alipay-mcp']],
    [['npx', 'alipay-mcp', '--private-key', KEY]],
    [['npx', 'alipay-mcp', `--private-key=${KEY}`]],
    [['npx', 'alipay-mcp', KEY]],
    [['npx', 'alipay-mcp', PEM]],
    [['npx', 'alipay-mcp', `${KEY.replaceAll(/\W/g, 'x').slice(0, 63)}=`]],
    [['npx', 'alipay-mcp', '--config', JSON.stringify({ key: PEM })]],
    [['sh', '-c', `ALIPAY_PRIVATE_KEY=${KEY} npx alipay-mcp`]],
    [[`ALIPAY_PRIVATE_KEY=${KEY} npx alipay-mcp`]],
  ])('%#', (words) => {
    const text = shown(...words)
    expect(leaks(text, PEM)).toBe(false)
    expect(text).toContain('***')
  })
})

it.each([
  [
    ['env', 'TOKEN=geheim', 'npx', 'alipay-mcp'],
    ['env', 'TOKEN=***', 'npx', 'alipay-mcp'],
  ],
  [
    ['env', 'NOTE=two words', 'npx', 'alipay-mcp'],
    ['env', 'NOTE=***', 'npx', 'alipay-mcp'],
  ],
  [
    ['docker', 'run', '--env=TOKEN=geheim', '-eTOKEN=geheim', 'x'],
    ['docker', 'run', '--env=TOKEN=***', '-eTOKEN=***', 'x'],
  ],
  [
    ['npx', 'alipay-mcp', '--api-key', 'geheim', '--password=geheim'],
    ['npx', 'alipay-mcp', '--api-key', '***', '--password=***'],
  ],
  [
    ['sh', '-c', 'A="geheim zwei" B=geheim npx alipay-mcp'],
    ['sh', '-c', 'A=***'],
  ],
  [
    ['npx', '--registry', 'https://li:geheim@r.example/x?t=geheim', 'alipay-mcp'],
    ['npx', '--registry', 'https://***@r.example/x?t=***', 'alipay-mcp'],
  ],
  [
    ['npx', 'alipay-mcp', '--gateway', 'https://li:p@geheim@r.example/x'],
    ['npx', 'alipay-mcp', '--gateway', 'https://***@r.example/x'],
  ],
])('hides values: %j', (words, expected) => {
  expect(shown(...words)).toBe(expected.join(' '))
})

it.each([
  [['npx', '-y', '-p', 'alipay-mcp@1.2.3', '-p', 'libsql@0.5.29', 'alipay-mcp', '--read-only']],
  [['/usr/bin/node', '/x/main.js', '--private-key-file', '/k/my-key.pem', '--read-only=false', '--dotenv=/x/shop.env']],
  [['/Users/LiMing/Tools2025/node/installation/bin/node', '/x/main.js']],
])('shows what is no secret: %j', (words) => {
  expect(shown(...words)).toBe(words.join(' '))
})
