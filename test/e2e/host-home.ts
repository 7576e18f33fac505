// A home folder with Cursor in it, and calls of the built program from it.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Env, elsewhere, MAIN } from './hosts.ts'

export const OTHERS = '{\n  "mcpServers": {\n    "a": { "command": "node", "env": { "TOKEN": "geheim" } }\n  }\n}\n'

export function home() {
  const folder = elsewhere()
  const file = join(folder, '.cursor', 'mcp.json')
  mkdirSync(join(folder, '.cursor'))
  writeFileSync(file, OTHERS)
  return { folder, file, env: { HOME: folder, XDG_CONFIG_HOME: join(folder, 'config'), USERPROFILE: folder } }
}

export function run(args: readonly string[], env: Env, cwd = elsewhere()) {
  const { PATH = '' } = process.env
  return spawnSync(process.execPath, [MAIN, ...args], { cwd, env: { PATH, ...env }, encoding: 'utf8' })
}
