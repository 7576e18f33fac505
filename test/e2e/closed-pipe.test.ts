// A reader of a pipe that has seen enough, as in `| head` and `| true`: what changes something is finished, and its exit code is true.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { MAIN } from './hosts.ts'
import { Home } from './init-home.ts'

function intoClosedPipe(home: Home, ...args: string[]) {
  const source = `node "$0" "$@" | true; exit "\${PIPESTATUS[0]}"`
  const { PATH = '' } = process.env
  const { status, stderr } = spawnSync('bash', ['-c', source, MAIN, ...args], {
    ...{ cwd: home.at, encoding: 'utf8', env: { ...home.env, PATH } },
  })
  return { code: status, stderr }
}

it('does not cut off what writes', () => {
  const home = new Home()
  expect(intoClosedPipe(home, 'init', '--env', 'local', '--yes')).toStrictEqual({ code: 0, stderr: '' })
  expect(home.settings()).toStrictEqual({ environment: 'local' })
  expect(intoClosedPipe(home, 'install', 'cursor', '--yes')).toStrictEqual({ code: 0, stderr: '' })
  expect(existsSync(join(home.at, '.cursor', 'mcp.json'))).toBe(true)
})

it('does not turn a failure into a success', () => {
  expect(intoClosedPipe(new Home(), 'doctor', '--env', 'sandbx')).toStrictEqual({ code: 1, stderr: '' })
})

it.each([[['help']], [['help', 'settings']], [['config']], [['demo']]])('ends %j without a word', (args) => {
  expect(intoClosedPipe(new Home(), ...args)).toStrictEqual({ code: 0, stderr: '' })
})
