// How long the server takes to its answer to tools/list, and how much memory it then holds.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cleanEnv, floor, McpServer, paidOrder, residentMemory } from './child.mjs'
import { median, ratioRow, row } from './figures.mjs'

const CALLS = 100

export async function startRows({ home, rounds, emulator }) {
  const times = []
  const memory = []
  await fillCompileCache({ env: cleanEnv(home) })
  for (let round = 0; round < rounds; round++) {
    const base = await floor(home)
    const [time, resident] = await toToolsList({ env: cleanEnv(home) })
    times.push([time, base])
    memory.push([resident, await idleMemory(home)])
  }
  const after = await memoryAfterCalls(home, emulator)
  const idle = median(memory.map(([, base]) => base))
  return [
    ratioRow('start to tools/list', times, { budget: 5, against: 'node -e 0' }),
    ratioRow('memory at tools/list', memory, { unit: 'MB', against: 'an idle node' }),
    row(`memory after ${CALLS} calls`, after / idle, 'x', { note: `${after.toFixed(1)} MB` }),
  ]
}

/** Node writes what it has compiled when the server leaves by itself; all starts but the first find it. */
async function fillCompileCache(how) {
  const server = new McpServer(how)
  await server.open()
  await server.end()
}

/** Milliseconds from spawn to the answer, and the resident memory at that time. */
export async function toToolsList(how) {
  const begin = performance.now()
  const server = new McpServer(how)
  await server.open()
  const time = performance.now() - begin
  const resident = residentMemory(server.child.pid)
  await (how.shell || how.command ? server.end() : server.stop())
  return [time, resident]
}

async function idleMemory(home) {
  const script = 'process.stdin.resume(); process.stdout.write("ready")'
  const node = spawn(process.execPath, ['-e', script], { env: cleanEnv(home) })
  await once(node.stdout, 'data')
  const resident = residentMemory(node.pid)
  node.kill('SIGKILL')
  return resident
}

async function memoryAfterCalls(home, emulator) {
  const server = new McpServer({ env: cleanEnv(home, emulator.variables) })
  await server.open()
  const out_trade_no = await paidOrder(server, emulator)
  for (let call = 0; call < CALLS; call++) await server.call('query_payment', { out_trade_no })
  const resident = residentMemory(server.child.pid)
  await server.stop()
  return resident
}
