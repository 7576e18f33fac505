// Fifty thousand calls on a small heap: whether memory grows with the number of calls.
import { once } from 'node:events'
import { queryOf, timePerCall } from './calls.mjs'
import { cleanEnv, MAIN, McpServer, paidOrder } from './child.mjs'
import { row } from './figures.mjs'

const PROBE = new URL('memory-probe.mjs', import.meta.url).href
const BLOCK = 10_000
const BLOCKS = 5

export async function soakRows({ home, emulator, say }) {
  const args = ['--max-old-space-size=64', '--expose-gc', '--import', PROBE, MAIN]
  const server = new McpServer({ args, env: cleanEnv(home, emulator.variables), ipc: true })
  await server.open()
  const out_trade_no = await paidOrder(server, emulator)
  const seen = []
  for (let block = 1; block <= BLOCKS; block++) {
    await timePerCall(BLOCK, 16, () => queryOf(server, out_trade_no))
    seen.push(await probe(server.child))
    say(`soak: ${block * BLOCK} of ${BLOCKS * BLOCK} calls`)
  }
  await server.stop()
  return [
    growthRow('live memory per 10,000 calls', seen, 'live', 0.5),
    growthRow('resident memory per 10,000 calls', seen, 'resident'),
  ]
}

async function probe(child) {
  child.send('measure')
  const [seen] = await once(child, 'message')
  return seen
}

/** The first block fills caches and compiles code; the slope is that of the others. */
function growthRow(name, seen, kind, budget) {
  const values = seen.map((one) => one[kind])
  const note = `MB after each ${BLOCK}: ${values.map((value) => value.toFixed(2)).join(', ')}; heap of 64 MB`
  return row(name, slope(values), 'MB', { budget, note })
}

/** Of the straight line through the values, by least squares. */
function slope(values) {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const over = values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0)
  return over / values.reduce((sum, _, index) => sum + (index - middle) ** 2, 0)
}
