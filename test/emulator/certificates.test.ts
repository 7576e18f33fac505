// Certificate mode, judged by alipay-sdk and by openssl, which both share nothing with the emulator.
import { execFileSync } from 'node:child_process'
import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AlipaySdk } from 'alipay-sdk'
import { afterAll, describe, expect, test } from 'vitest'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { gbkText, type Params, pageOrder, startRaw, useRaw } from './raw-client.ts'

const client = await useRaw({ certificates: true })
const sdk = newSdk()
const { appCertSn = '', alipayRootCertSn = '' } = sdk.config
/** As the SDK computes them from the files. */
const sns: Params = { app_cert_sn: appCertSn, alipay_root_cert_sn: alipayRootCertSn }
const folder = mkdtempSync(join(tmpdir(), 'emulator-certificates-'))
afterAll(() => rmSync(folder, { recursive: true }))

function newSdk(): AlipaySdk {
  const { app_id, private_key, gateway, app_cert = '', alipay_cert = '', root_cert = '' } = client.emulator
  return new AlipaySdk({
    appId: app_id,
    privateKey: private_key,
    keyType: 'PKCS8',
    gateway,
    appCertContent: app_cert,
    alipayPublicCertContent: alipay_cert,
    alipayRootCertContent: root_cert,
    camelcase: false,
  })
}

const query = (more: Params = {}) => client.call('alipay.trade.query', { out_trade_no: 'Z' }, more)
const exec = () => sdk.exec('alipay.trade.query', { bizContent: { out_trade_no: 'Z' } }, { validateSign: true })
const certificates = (bundle = '') => bundle.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n/g) ?? []

describe('alipay-sdk', () => {
  test('is understood with the three certificates and verifies the answers', async () => {
    expect(await exec()).toMatchObject({ code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' })
    const link = sdk.pageExecute('alipay.trade.page.pay', 'GET', { bizContent: pageOrder('Z') })
    expect(await client.control('/pay', { pay_url: link })).toMatchObject({ status: 200 })
    expect(await exec()).toMatchObject({ code: '10000', trade_status: 'TRADE_SUCCESS' })
  })

  test('gets the same serial numbers; an answer carries that of the certificate for Alipay', async () => {
    expect(sns.app_cert_sn).toMatch(/^[0-9a-f]{32}$/)
    expect(sns.alipay_root_cert_sn).toMatch(/^[0-9a-f]{32}_[0-9a-f]{32}$/)
    const called = await query(sns)
    expect(called).toMatchObject({ verified: true, response: { sub_code: 'ACQ.TRADE_NOT_EXIST' } })
    const { alipayCertSn } = sdk.config
    expect(called.text).toMatch(
      new RegExp(`^\\{"alipay_trade_query_response":\\{.*\\},"alipay_cert_sn":"${alipayCertSn}","sign":"[^"]+"\\}$`),
    )
  })

  test('sees through an answer of another certificate, which had its effect', async () => {
    await client.control('/faults', { fault: 'other_cert_sn' })
    await expect(exec()).rejects.toThrow('验签失败')
    expect(await exec()).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' })
    await client.control('/faults', { fault: 'other_cert_sn' })
    const other = await query(sns)
    expect(other.verified).toBe(false)
    expect(other.text).toMatch(/\},"alipay_cert_sn":"[0-9a-f]{32}","sign":"[^"]{344}"\}$/)
    expect(other.text).not.toContain(sdk.config.alipayCertSn)
  })
})

describe('the certificates', () => {
  test('hold the keys that sign, and differ from one emulator to the next', async () => {
    const { app_cert = '', alipay_cert = '', app_public_key, alipay_public_key } = client.emulator
    for (const [pem, key] of [
      [app_cert, app_public_key],
      [alipay_cert, alipay_public_key],
    ] as const) {
      const der = createPublicKey(pem).export({ type: 'spki', format: 'der' })
      expect(der.toString('base64')).toBe(key)
    }
    const other = await startEmulator({ certificates: true })
    await other.close()
    expect(other.app_cert).not.toBe(app_cert)
  })

  test('are valid by the emulator clock, for about five years', () => {
    const { validFrom, validTo } = new X509Certificate(client.emulator.app_cert ?? '')
    expect([validFrom, validTo]).toEqual(['Nov 19 02:00:00 2026 GMT', 'Nov 19 02:00:00 2031 GMT'])
  })

  test('are absent without certificate mode', async () => {
    const plain = await startRaw()
    for (const key of ['app_cert', 'alipay_cert', 'root_cert']) expect(plain.emulator).not.toHaveProperty(key)
    const called = await plain.query('Z')
    expect(called.sub_code).toBe('ACQ.TRADE_NOT_EXIST')
    await plain.emulator.close()
  })

  test('have serials that begin with the day and that PHP, too, writes in decimal', () => {
    const { app_cert = '', alipay_cert = '', root_cert } = client.emulator
    for (const pem of [app_cert, alipay_cert, ...certificates(root_cert)]) {
      const { serialNumber } = new X509Certificate(pem)
      expect(serialNumber).toMatch(/^20261120[0-9A-F]{24}$/)
      expect(BigInt(`0x${serialNumber}`) < 2n ** 127n).toBe(true)
    }
  })

  test('get one SN from every SDK: an issuer of four plain attributes, a bundle with blank lines between', () => {
    const { app_cert = '', root_cert = '' } = client.emulator
    // python-alipay-sdk splits at blank lines, and one at the end would be a certificate that cannot be read.
    const bundle = root_cert.split('\n\n')
    expect(bundle).toHaveLength(3)
    expect(bundle.map((pem) => pem.trim())).toStrictEqual(certificates(root_cert).map((pem) => pem.trim()))
    // Java and Go quote what RFC 2253 reserves, python-alipay-sdk knows these four names only.
    const plain = /^C=([\w ]+)\nO=([\w ]+)\nOU=([\w ]+)\nCN=([\w ]+)$/
    const snOf = (pem: string) => {
      const { issuer, serialNumber } = new X509Certificate(pem)
      const [, C, O, OU, CN] = plain.exec(issuer) ?? []
      const text = `CN=${CN},OU=${OU},O=${O},C=${C}${BigInt(`0x${serialNumber}`)}`
      return createHash('md5').update(text).digest('hex')
    }
    expect(snOf(app_cert)).toBe(appCertSn)
    const [first = '', , second = ''] = bundle
    expect(`${snOf(first)}_${snOf(second)}`).toBe(alipayRootCertSn)
  })

  test('satisfy openssl: chain, bundle of two RSA roots around another kind', () => {
    const file = (name: string, content = '') => {
      writeFileSync(join(folder, name), content)
      return join(folder, name)
    }
    const roots = certificates(client.emulator.root_cert)
    const signatures = roots.map((pem, at) => {
      const text = execFileSync('openssl', ['x509', '-noout', '-text', '-in', file(`root${at}.pem`, pem)]).toString()
      return /Signature Algorithm: (\S+)/.exec(text)?.[1]
    })
    expect(signatures).toEqual(['sha256WithRSAEncryption', 'ecdsa-with-SHA256', 'sha256WithRSAEncryption'])
    const bundle = file('bundle.pem', client.emulator.root_cert)
    const leaves = [file('app.pem', client.emulator.app_cert), file('alipay.pem', client.emulator.alipay_cert)]
    const at = String(Date.parse('2026-11-20T10:00:00+08:00') / 1000)
    const verified = execFileSync('openssl', ['verify', '-attime', at, '-CAfile', bundle, ...leaves])
    expect(verified.toString()).toBe(leaves.map((leaf) => `${leaf}: OK\n`).join(''))
    const subject = execFileSync('openssl', ['x509', '-noout', '-subject', '-nameopt', 'utf8', '-in', leaves[0] ?? ''])
    expect(subject.toString()).toContain('本地模拟商家')
  })
})

describe('requests', () => {
  test('without or with wrong serial numbers are refused, signed, in this order', async () => {
    const { app_cert_sn = '', alipay_root_cert_sn = '' } = sns
    const [onlyFirst = ''] = alipay_root_cert_sn.split('_')
    const steps: [Params, string, string][] = [
      [{}, '40001', 'isv.missing-app-cert-sn'],
      [{ app_cert_sn: 'x' }, '40001', 'isv.missing-alipay-root-cert-sn'],
      [{ app_cert_sn: 'x', alipay_root_cert_sn: 'x' }, '40002', 'isv.app-cert-not-exist'],
      [{ app_cert_sn, alipay_root_cert_sn: 'x' }, '40002', 'isv.invalid-alipay-root-cert-sn'],
      [{ app_cert_sn, alipay_root_cert_sn: onlyFirst }, '40002', 'isv.invalid-alipay-root-cert-sn'],
    ]
    for (const [more, code, sub_code] of steps) {
      expect(await query(more)).toMatchObject({ verified: true, response: { code, sub_code } })
    }
    const unsigned = { ...client.params('alipay.trade.query', {}, sns), sign: 'eA==' }
    expect((await client.send(unsigned)).response.sub_code).toBe('isv.invalid-signature')
  })

  test('for a page get the error page', async () => {
    const answer = await client.open(client.link('alipay.trade.page.pay', pageOrder('Z')))
    expect(await gbkText(answer)).toContain('错误代码 missing-app-cert-sn')
    const link = client.link('alipay.trade.page.pay', pageOrder('Z'), sns)
    expect((await client.open(link)).status).toBe(302)
  })
})

test('a sign that comes first brings the serial number with it', async () => {
  await client.control('/faults', { fault: 'sign_first' })
  const params = client.signed(client.params('alipay.trade.query', { out_trade_no: 'Z' }, sns))
  const text = await (
    await fetch(client.emulator.gateway, { method: 'POST', body: new URLSearchParams(params) })
  ).text()
  const [, sign = '', content = ''] =
    /^\{"sign":"([^"]+)","alipay_cert_sn":"\w{32}","alipay_trade_query_response":(.*)\}$/.exec(text) ?? []
  expect(client.alipayVerifies(content, sign)).toBe(true)
})
