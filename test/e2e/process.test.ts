// The life of the server process: what it writes, what it survives, how it leaves.
import { expect, it } from 'vitest'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { control, type Env, pay, RawServer } from './hosts.ts'

async function withEmulator(more: Env = {}): Promise<{ env: Env; gateway: string; close(): Promise<void> }> {
  const emulator = await startEmulator()
  const env = {
    ALIPAY_GATEWAY: emulator.gateway,
    ALIPAY_APP_ID: emulator.app_id,
    ALIPAY_PRIVATE_KEY: emulator.private_key,
    ALIPAY_PUBLIC_KEY: emulator.alipay_public_key,
    ...more,
  }
  return { env, gateway: emulator.gateway, close: () => emulator.close() }
}

it('survives lines that are no messages, and answers the next one', async () => {
  const server = new RawServer()
  await server.open('2025-11-25')
  for (const line of ['{', '', '[]', '{"foo":1}', 'null', '\u0000', '{"jsonrpc":"2.0","id":{},"method":"x"}']) {
    server.write(line)
  }
  expect(await server.call('query_payment', { out_trade_no: 'NONE' })).toMatchObject({
    sub_code: 'ACQ.TRADE_NOT_EXIST',
  })
  await server.end()
})

it('answers 64 calls in flight, each with its own order', async () => {
  const server = new RawServer()
  await server.open('2025-11-25')
  const numbers = Array.from({ length: 64 }, (_, index) => `ORDER_${index}`)
  const create = (out_trade_no: string) =>
    server.call('create_payment', { out_trade_no, subject: 'Tea', total_amount: 1 })
  const made = await Promise.all(numbers.map(create))
  expect(made.map(({ out_trade_no }) => out_trade_no)).toStrictEqual(numbers)
  await server.end()
})

it('writes nothing but JSON-RPC to standard output, whatever happens', async () => {
  const server = new RawServer({ ALIPAY_APP_ID: 'x', NODE_DEBUG: 'alipay-sdk*' })
  await server.open('2025-11-25')
  await server.ask('tools/list', {})
  await server.call('create_payment', {})
  await server.end()
  expect(server.lines.map((line) => JSON.parse(line).jsonrpc)).toStrictEqual(['2.0', '2.0', '2.0'])
})

it.each([
  ['the end of standard input', (server: RawServer) => server.child.stdin.end()],
  ['SIGTERM', (server: RawServer) => server.child.kill('SIGTERM')],
  [
    'a closed standard output',
    (server: RawServer) => {
      server.child.stdout.destroy()
      server.write(JSON.stringify({ jsonrpc: '2.0', id: 99, method: 'tools/list', params: {} }))
    },
  ],
])('leaves on %s, with the emulator and its sockets open', async (_, leave) => {
  const server = new RawServer()
  await server.open('2025-11-25')
  await server.call('query_payment', { out_trade_no: 'NONE' })
  leave(server)
  expect(await server.exited).toBe(0)
})

const LEAVING = {
  'the end of standard input': (server: RawServer) => server.child.stdin.end(),
  'SIGTERM, and once more': (server: RawServer) => {
    server.child.kill('SIGTERM')
    server.child.kill('SIGTERM')
  },
  'SIGHUP of a closed terminal': (server: RawServer) => server.child.kill('SIGHUP'),
}

it.each(Object.keys(LEAVING) as (keyof typeof LEAVING)[])(
  'lets a refund in flight be answered before it leaves on %s',
  async (how) => {
    const { env, gateway, close } = await withEmulator()
    const server = new RawServer(env)
    await server.open('2025-11-25')
    const { out_trade_no, pay_url } = await server.call('create_payment', { subject: 'Tea', total_amount: 5 })
    await pay(pay_url)
    await control(gateway, 'faults', { fault: 'late', method: 'alipay.trade.refund', times: 1, ms: 1000 })
    server.call('refund_payment', { out_trade_no }).catch(() => {})
    await untilSent(gateway)
    LEAVING[how](server)
    expect(await server.exited).toBe(0)
    expect(await refundedAt(gateway)).toBe('5.00')
    await close()
  },
)

it('says "was already made" after a restart, when the refund was done and its answer lost', async () => {
  const { env, gateway, close } = await withEmulator()
  const first = new RawServer(env)
  await first.open('2025-11-25')
  const { out_trade_no, pay_url } = await first.call('create_payment', { subject: 'Tea', total_amount: 5 })
  await pay(pay_url)
  await control(gateway, 'faults', { fault: 'delay', method: 'alipay.trade.refund', times: 1, ms: 60_000 })
  first.call('refund_payment', { out_trade_no }).catch(() => {})
  await untilSent(gateway)
  first.child.kill('SIGKILL')
  await first.exited

  const second = new RawServer(env)
  await second.open('2025-11-25')
  const again = await second.call('refund_payment', { out_trade_no })
  expect(again).toMatchObject({ moved: 'earlier', refund_amount: '5.00' })
  expect(again.message).toMatch(/^Already refunded: .* on .* nothing moved now/)
  expect(await refundedAt(gateway)).toBe('5.00')
  await second.end()
  await close()
})

/** The fault is taken from the queue at the moment when the refund reaches the emulator. */
async function untilSent(gateway: string): Promise<void> {
  for (;;) {
    const { faults } = Object(await (await fetch(new URL('/control/faults', gateway))).json())
    if (faults.length === 0) return
  }
}

async function refundedAt(gateway: string): Promise<unknown> {
  return Object(await (await fetch(new URL('/control/trades', gateway))).json()).refunded
}
