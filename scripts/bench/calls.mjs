// query_payment through MCP against the same query by alipay-sdk's own exec, on one emulator.
import { AlipaySdk } from 'alipay-sdk'
import { cleanEnv, McpServer, paidOrder } from './child.mjs'
import { ratioRow } from './figures.mjs'

const LEVELS = [
  { inFlight: 1, calls: 150, budget: 0.75 },
  { inFlight: 16, calls: 800, budget: 0.5 },
  { inFlight: 64, calls: 960, budget: 0.5 },
]
const WARM_UP = 2000

export async function callRows({ home, rounds, emulator }) {
  const server = new McpServer({ env: cleanEnv(home, emulator.variables) })
  await server.open()
  const out_trade_no = await paidOrder(server, emulator)
  const sides = [() => queryOf(server, out_trade_no), direct(emulator, out_trade_no)]
  for (const call of sides) await timePerCall(WARM_UP, 16, call)
  const measured = LEVELS.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, level] of LEVELS.entries()) measured[index].push(await pair(level, sides, round))
  }
  await server.stop()
  return LEVELS.map(({ inFlight, budget }, index) =>
    ratioRow(`query, ${inFlight} in flight`, measured[index], { budget, against: 'alipay-sdk exec' }),
  )
}

/** @throws Error for anything but a paid order: errors are faster than answers */
export async function queryOf(server, out_trade_no) {
  const { paid } = await server.call('query_payment', { out_trade_no })
  if (paid !== true) throw new Error('query_payment does not see the payment')
}

/** Milliseconds per call, by all workers together. */
export async function timePerCall(calls, inFlight, call) {
  let left = calls
  const worker = async () => {
    while (left-- > 0) await call()
  }
  const begin = performance.now()
  await Promise.all(Array.from({ length: inFlight }, worker))
  return (performance.now() - begin) / calls
}

/** Who goes first alternates. */
async function pair({ calls, inFlight }, [ours, theirs], round) {
  const run = (call) => timePerCall(calls, inFlight, call)
  if (round % 2 === 0) return [await run(ours), await run(theirs)]
  const base = await run(theirs)
  return [await run(ours), base]
}

function direct({ gateway, app_id, private_key, alipay_public_key }, out_trade_no) {
  const sdk = new AlipaySdk({
    appId: app_id,
    privateKey: private_key,
    keyType: 'PKCS8',
    alipayPublicKey: alipay_public_key,
    gateway,
  })
  return async () => {
    const answer = await sdk.exec('alipay.trade.query', { bizContent: { out_trade_no } }, { validateSign: true })
    if (answer.tradeStatus !== 'TRADE_SUCCESS') throw new Error(`exec answered ${JSON.stringify(answer)}`)
  }
}
