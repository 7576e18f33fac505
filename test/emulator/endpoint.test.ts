// The HTTP side: who may connect, how much may be sent, starting and ending.
import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { startRaw, useRaw } from './raw-client.ts'

const client = await useRaw()

function send(path: string, options: { method?: string; host?: string; body?: string | Buffer }) {
  const headers = options.host === undefined ? {} : { host: options.host }
  return new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(client.origin + path, { method: options.method ?? 'GET', headers, agent: false }, (answer) => {
      answer.resume().on('end', () => resolve(answer))
    })
    sent.on('error', reject).end(options.body)
  })
}

test('the identity has the shape of Alipay: app, merchant, keys on one line', () => {
  const { app_id, seller_id, private_key, app_public_key, alipay_public_key, gateway, control_url } = client.emulator
  expect(app_id).toMatch(/^9021\d{12}$/)
  expect(seller_id).toMatch(/^2088\d{12}$/)
  for (const key of [private_key, app_public_key, alipay_public_key]) expect(key).toMatch(/^[A-Za-z0-9+/]{300,}=*$/)
  expect(app_public_key).not.toBe(alipay_public_key)
  expect(gateway).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/gateway\.do$/)
  expect(control_url).toBe(gateway.replace('gateway.do', 'control'))
})

test('each emulator has keys, ids and trades of its own', async () => {
  const other = await startRaw()
  await other.paid('ONLY_THERE')
  expect(await client.query('ONLY_THERE')).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' })
  expect(other.emulator.app_id).not.toBe(client.emulator.app_id)
  expect(other.emulator.alipay_public_key).not.toBe(client.emulator.alipay_public_key)
  await other.emulator.close()
})

test('without options the clock is the system clock', async () => {
  const emulator = await startEmulator()
  const before = Math.floor(Date.now() / 1000) * 1000
  const date = Date.parse((await fetch(new URL('/', emulator.gateway))).headers.get('date') ?? '')
  expect(date).toBeGreaterThanOrEqual(before)
  expect(date).toBeLessThanOrEqual(Date.now())
  await emulator.close()
})

test('a port in use is refused with its number and a way out', async () => {
  const port = Number(new URL(client.origin).port)
  await expect(startEmulator({ port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is already in use; choose another`)
})

test('only loopback names are answered, on every path', async () => {
  for (const path of ['/gateway.do', '/control', '/control/trades', '/', '/cashier/x']) {
    for (const host of ['evil.example', '127.0.0.1.evil.example', '10.0.0.1:80']) {
      expect((await send(path, { host })).statusCode).toBe(403)
    }
  }
  for (const host of ['localhost', 'LOCALHOST:81', '127.0.0.1', '[::1]:9']) {
    expect((await send('/control', { host })).statusCode).toBe(200)
  }
})

test('a whole address as the target is served, as clients of a proxy send it, and of loopback names only', async () => {
  const raw = (target: string, host = '127.0.0.1') =>
    new Promise<number | undefined>((resolve, reject) => {
      const { port } = new URL(client.origin)
      const sent = request({ port, path: target, headers: { host }, agent: false }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode))
      })
      sent.on('error', reject).end()
    })
  for (const target of ['/gateway.do', '/control', '/', '', '?a=b']) {
    expect(await raw(client.origin + target)).toBe(200)
  }
  expect(await raw('HTTP://LOCALHOST/control')).toBe(200)
  for (const host of ['evil.example', '127.0.0.1@evil.example', 'evil.example:80', '']) {
    expect(await raw(`http://${host}/control`)).toBe(403)
    expect(await raw(`http://${host || 'evil.example'}/control`, 'evil.example')).toBe(403)
  }
  expect(await raw(`${client.origin}/control`, 'evil.example')).toBe(403)
  for (const target of ['https://127.0.0.1/control', '*', 'control']) expect(await raw(target)).toBe(400)
})

test('a body above one MiB is refused, one below is read', async () => {
  const large = Buffer.alloc(1024 * 1024 + 1, 'a')
  for (const path of ['/gateway.do', '/control/pay', '/cashier/x/pay']) {
    expect((await send(path, { method: 'POST', body: large })).statusCode).toBe(413)
  }
  expect((await send('/gateway.do', { method: 'POST', body: large.subarray(1) })).statusCode).toBe(200)
})

test('other HTTP methods, paths and targets are refused', async () => {
  expect((await send('/gateway.do', { method: 'PUT' })).statusCode).toBe(405)
  expect((await send('/control/trades', { method: 'OPTIONS' })).statusCode).toBe(405)
  expect((await send('/gateway.dont', {})).statusCode).toBe(404)
  expect((await send('/controls', {})).statusCode).toBe(404)
  expect((await send('//evil.example/', {})).statusCode).toBe(404)
})

test('close ends idle connections and held answers, and frees the port', async () => {
  const other = await startRaw()
  const port = Number(new URL(other.origin).port)
  const idle = connect(port, '127.0.0.1')
  await new Promise((resolve) => idle.once('connect', resolve))
  const idleEnded = new Promise((resolve) => idle.once('close', resolve))
  idle.resume().on('error', () => {})
  await other.control('/faults', { fault: 'delay', ms: 600_000 })
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const timersBefore = timers()
  const held = other.query('X').catch((error: unknown) => error)
  const waiting = async () => (await fetch(`${other.emulator.control_url}/faults`)).json()
  while (((await waiting()) as { faults: unknown[] }).faults.length > 0);

  await other.emulator.close()
  await idleEnded
  expect(await held).toBeInstanceOf(Error)
  expect(timers()).toBeLessThanOrEqual(timersBefore)
  const again = await startEmulator({ port })
  await again.close()
  await again.close()
})
