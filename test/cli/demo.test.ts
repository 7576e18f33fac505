// What the demo draws and ends with: a code that dark terminals show right, and settings that a host takes as they are.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { claudeCodeCall, hostSettings } from '../../src/cli/demo/story.ts'
import { blackOnWhite } from '../../src/cli/demo.ts'
import { drawForTerminal } from '../../src/qr.ts'
import { VERSION } from '../../src/version.ts'
import { elsewhere } from '../e2e/hosts.ts'

it('draws each row of a code black on white on a terminal, whatever its colours, and plain into a pipe', async () => {
  const code = await drawForTerminal('https://qr.alipay.com/bax00000000000')
  const rows = blackOnWhite(code, true).split('\n').filter(Boolean)
  expect(rows.length).toBeGreaterThan(10)
  for (const row of rows) expect(row.startsWith('\u001b[30;107m') && row.endsWith('\u001b[0m')).toBe(true)
  expect(blackOnWhite(code, false)).toBe(code)
})

it('names the real path of a clone, and one version through npx for what npm has installed', () => {
  const folder = elsewhere()
  const main = join(folder, 'main.js')
  writeFileSync(main, '')
  expect(JSON.parse(hostSettings(main))).toStrictEqual({
    mcpServers: { alipay: { command: process.execPath, args: [main] } },
  })
  const installed = join(folder, 'node_modules', 'alipay-mcp')
  mkdirSync(installed, { recursive: true })
  writeFileSync(join(installed, 'main.js'), '')
  expect(JSON.parse(hostSettings(join(installed, 'main.js')))).toStrictEqual({
    mcpServers: { alipay: { command: 'npx', args: ['-y', `alipay-mcp@${VERSION}`] } },
  })
  expect(claudeCodeCall(join(installed, 'main.js'))).toBe(
    `claude mcp add -s user alipay -- npx -y alipay-mcp@${VERSION}`,
  )
  const words = claudeCodeCall(main).split(' ')
  expect(words.slice(0, 7).join(' ')).toBe('claude mcp add -s user alipay --')
})
