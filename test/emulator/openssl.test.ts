// A judge that is neither side: the openssl command signs a request and verifies the answer.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { useRaw } from './raw-client.ts'

const client = await useRaw()
const folder = mkdtempSync(join(tmpdir(), 'emulator-openssl-'))
const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const pem = (label: string, base64: string) =>
  `-----BEGIN ${label}-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`

afterAll(() => rmSync(folder, { recursive: true }))

test('a request signed by openssl alone is accepted and its answer verifies with openssl alone', async () => {
  const text = [
    `app_id=${client.emulator.app_id}`,
    'biz_content={"out_trade_no":"订单_1"}',
    'charset=utf-8',
    'method=alipay.trade.query',
    'sign_type=RSA2',
    'timestamp=2026-11-20 10:00:00',
    'version=1.0',
  ]
  const key = file('app.pem', pem('PRIVATE KEY', client.emulator.private_key))
  const request = file('request.txt', text.join('&'))
  const sign = execFileSync('openssl', ['dgst', '-sha256', '-sign', key, request]).toString('base64')

  const params = Object.fromEntries(text.map((pair) => [pair.split('=')[0], pair.slice(pair.indexOf('=') + 1)]))
  const called = await client.send({ ...params, sign })
  expect(called.response).toMatchObject({
    code: '40004',
    sub_code: 'ACQ.TRADE_NOT_EXIST',
    out_trade_no: '订单_1',
  })

  const [, content = '', signature = ''] = /^\{"\w+":(\{.*\}),"sign":"([^"]+)"\}$/.exec(called.text) ?? []
  const alipayKey = file('alipay.pem', pem('PUBLIC KEY', client.emulator.alipay_public_key))
  const signatureFile = file('answer.sig', Buffer.from(signature, 'base64'))
  const opensslVerifies = (answer: string) =>
    execFileSync('openssl', ['dgst', '-sha256', '-verify', alipayKey, '-signature', signatureFile, answer], {
      stdio: 'pipe',
    }).toString()
  expect(opensslVerifies(file('answer.txt', content))).toBe('Verified OK\n')
  expect(() => opensslVerifies(file('forged.txt', content.replace('40004', '10000')))).toThrow()
})

test('the public key given out for the application belongs to its private key', () => {
  const key = file('pair.pem', pem('PRIVATE KEY', client.emulator.private_key))
  const der = execFileSync('openssl', ['pkey', '-in', key, '-pubout', '-outform', 'DER'])
  expect(der.toString('base64')).toBe(client.emulator.app_public_key)
})
