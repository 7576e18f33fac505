// Measures the built program and prints each figure beside its budget; a broken budget ends it with 1.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { callRows } from './bench/calls.mjs'
import { MAIN, startEmulator } from './bench/child.mjs'
import { table } from './bench/figures.mjs'
import { ledgerRows } from './bench/ledger.mjs'
import { packageRows, toolRows } from './bench/size.mjs'
import { soakRows } from './bench/soak.mjs'
import { startRows } from './bench/start.mjs'

const USAGE = `npm run bench -- [--quick] [--json]
Ratios of two figures of the same round, medians over the rounds; read them, not the milliseconds.
  --quick  fewer rounds, no soak
  --json   the rows as JSON`

const { quick, json, help } = parseArgs({
  options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
}).values

// Others' work hits the server, which uses several threads, harder than `node -e 0` and exec.
const busy = loadavg()[0] > availableParallelism() / 2

if (help) console.log(USAGE)
else if (existsSync(MAIN)) await run()
else throw new Error('There is no dist/main.js to measure: run "npm run build" first.')

async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-bench-'))
  const home = mkdtempSync(join(folder, 'home-'))
  const emulator = await startEmulator(home)
  try {
    const rows = await measure({ home, folder, emulator })
    process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1
    console.log(json ? JSON.stringify({ ...where(), rows }, undefined, 2) : report(rows))
  } finally {
    emulator.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(world) {
  const rows = []
  say('start')
  rows.push(...(await startRows({ ...world, rounds: quick ? 7 : 25 })))
  say('calls')
  rows.push(...(await callRows({ ...world, rounds: quick ? 4 : 12 })))
  say('ledger')
  rows.push(...(await ledgerRows({ ...world, rounds: quick ? 100 : 1000 })))
  if (!quick) rows.push(...(await soakRows({ ...world, say })))
  rows.push(...(await toolRows(world)))
  say('npx')
  rows.push(...(await packageRows({ ...world, rounds: quick ? 3 : 7 })))
  return rows
}

function where() {
  return { node: process.version, platform: `${process.platform} ${process.arch}`, busy }
}

function report(rows) {
  const over = rows.filter(({ ok }) => !ok)
  const verdict =
    over.length === 0 ? 'Every budget is held.' : `Over budget: ${over.map(({ name }) => name).join('; ')}.`
  const caution = busy ? ' Others kept this computer busy: ratios may be higher than on a quiet one.' : ''
  return `${table(rows)}\n\nNode ${process.version}. ${verdict}${caution}`
}

function say(what) {
  process.stderr.write(`[bench] ${what}\n`)
}
