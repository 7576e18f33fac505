// A server that is configured wrongly, or read-only, as its host sees it; and the canary key that must appear nowhere.
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ALL_NAMES, READ_ONLY_NAMES } from '../tools/catalogue.ts'
import { type Env, elsewhere, MAIN, newHost, pay, RawCommand, RawServer } from './hosts.ts'
import { closeShops, openLedgerShop } from './ledger-shop.ts'

async function opened(env: Env, args: readonly string[] = []): Promise<RawServer> {
  const server = new RawServer(env, args)
  await server.open('2025-11-25')
  return server
}

it('starts with a broken configuration, lists its tools, and says at every call and on stderr what to set', async () => {
  const server = await opened({ ALIPAY_APP_ID: 'abc', ALIPAY_TIMEOUT_MS: 'soon', ALIPAY_ENV: 'prod' })
  const { tools } = await server.ask('tools/list', {})
  expect(Object(tools)).toHaveLength(ALL_NAMES.length)
  for (const tool of Object(tools)) {
    const answer = await server.call(tool.name, {})
    expect(answer).toMatchObject({ isError: true, error: 'not_configured', environment: 'not_configured' })
    for (const text of [String(answer.message), server.stderr]) {
      expect(text).toMatch(/ALIPAY_ENV: is "prod"\. Fix: use one of local, sandbox, production\./)
      expect(text).toMatch(/ALIPAY_APP_ID: .*ALIPAY_PRIVATE_KEY: .*ALIPAY_PUBLIC_KEY: .*ALIPAY_TIMEOUT_MS: /s)
    }
  }
  await server.end()
})

it('names the command that a person runs as this server was started, fit to be pasted in any folder', async () => {
  const { env, ledger } = await openLedgerShop()
  await ledger.freeze(undefined, { at: Date.now(), owner: 'test', host: 'test' })
  const folder = elsewhere()
  writeFileSync(join(folder, 'my shop.env'), 'ALIPAY_FROB=1\n')
  const server = new RawServer(env, ['--dotenv', 'my shop.env'], folder)
  await server.open('2025-11-25')
  const { next_step } = await server.call('create_payment', { subject: 'Tea', total_amount: 1 })
  await Promise.all([server.end(), closeShops()])
  const file = process.platform === 'win32' ? `"${join(folder, 'my shop.env')}"` : `'${join(folder, 'my shop.env')}'`
  expect(next_step).toContain(`with "node ${MAIN} unfreeze --dotenv ${file}".`)
  expect(server.stderr).toContain(`see node ${MAIN} help settings.`)
})

it('never shows a key, whether it is good or bad, whatever is asked', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const canary = pem.split('\n')[5] ?? ''
  expect(canary).toHaveLength(64)
  const alipays = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const environments: Env[] = [
    { ALIPAY_APP_ID: '9021000000000001', ALIPAY_PRIVATE_KEY: pem, ALIPAY_PUBLIC_KEY: alipays },
    { ALIPAY_APP_ID: '9021000000000001', ALIPAY_PRIVATE_KEY: pem, ALIPAY_PUBLIC_KEY: pem },
    { ALIPAY_APP_ID: pem, ALIPAY_PRIVATE_KEY: `${pem.slice(0, 700)}`, ALIPAY_PUBLIC_KEY: alipays },
    { ALIPAY_APP_ID: '9021000000000001', ALIPAY_PRIVATE_KEY: alipays, ALIPAY_PUBLIC_KEY: canary },
    { ...(await answering(pem)) },
  ]
  for (const env of environments) {
    const server = await opened({ ...env, NODE_DEBUG: 'alipay-sdk*' })
    await server.ask('tools/list', {})
    await server.call('create_payment', {
      subject: canary.slice(0, 10),
      total_amount: 1,
      out_trade_no: 'N_1',
    })
    await server.call('query_payment', { out_trade_no: 'NONE' })
    await server.end()
    const everything = server.lines.join('\n') + server.stderr
    for (const part of [canary, canary.slice(0, 24), canary.slice(-24)]) expect(everything).not.toContain(part)
  }
})

/** Credentials that a gateway on a closed port never answers, so that the failure paths are gone through as well. */
async function answering(pem: string): Promise<Env> {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
  return {
    ALIPAY_GATEWAY: 'http://127.0.0.1:9/gateway.do',
    ALIPAY_APP_ID: '9021000000000001',
    ALIPAY_PRIVATE_KEY: pem,
    ALIPAY_PUBLIC_KEY: other.export({ type: 'spki', format: 'pem' }).toString(),
  }
}

it('offers exactly the tools hinted read-only when it is read-only, also while it is not configured', async () => {
  for (const env of [{ ALIPAY_READ_ONLY: 'true' }, { ALIPAY_READ_ONLY: 'maybe' }]) {
    const server = await opened(env)
    const { tools } = await server.ask('tools/list', {})
    const names = Object(tools).map(({ name }: { name: string }) => name)
    expect(names).toStrictEqual(READ_ONLY_NAMES)
    await expect(server.ask('tools/call', { name: 'refund_payment', arguments: {} })).rejects.toThrow('not found')
    await server.end()
  }
})

it('takes its settings from --dotenv, which the emulator command printed, and flags win over it', async () => {
  const emulator = new RawCommand(['emulator'])
  const file = join(elsewhere(), 'emulator.env')
  writeFileSync(file, await emulator.output(/ALIPAY_PUBLIC_KEY=.*\n/))
  const server = await opened({}, ['--dotenv', file, '--channels', 'mobile'])
  const made = await server.call('create_payment', { subject: 'Tea', total_amount: 1 })
  expect(made).toMatchObject({ channel: 'mobile', environment: 'local' })
  await pay(made.pay_url)
  const { out_trade_no } = made
  expect(await server.call('query_payment', { out_trade_no })).toMatchObject({ paid: true })
  await server.end()
  expect(await emulator.stop()).toBe(0)
})

it('reads no .env of the folder it is started in', async () => {
  const folder = elsewhere()
  writeFileSync(join(folder, '.env'), 'ALIPAY_ENV=production\nALIPAY_READ_ONLY=true\n')
  const server = new RawServer({}, [], folder)
  await server.open('2025-11-25')
  expect(await server.call('query_payment', { out_trade_no: 'X' })).toMatchObject({ environment: 'local' })
  expect(Object((await server.ask('tools/list', {})).tools)).toHaveLength(ALL_NAMES.length)
  await server.end()
})

it('says whom to ask when the gateway is down', async () => {
  const { ALIPAY_GATEWAY, ...rest } = await answering(
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  )
  const host = await newHost({ ALIPAY_GATEWAY: String(ALIPAY_GATEWAY), ...rest })
  const answer = await host.call('refund_payment', { out_trade_no: 'X' })
  expect(answer).toMatchObject({ isError: true, error: 'not_sent', retry: 'yes_once' })
  expect(answer.message).toMatch(/^Not sent: nothing listens at the gateway address/)
  await host.close()
})
