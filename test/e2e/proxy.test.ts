// The built server behind a proxy, over TLS: a payment goes through the tunnel.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { type AddressInfo, connect, type Server } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { elsewhere, RawServer } from './hosts.ts'

const listening = async (server: Server) => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

it('takes a payment through HTTPS_PROXY, and sends one CONNECT for many calls', async () => {
  const emulator = await startEmulator()
  const folder = elsewhere()
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost']
  execFileSync('openssl', [...request, '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  })
  const tls = https.createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (incoming, outgoing) => {
    const { method, url, headers } = incoming
    const to = new URL(url ?? '', emulator.gateway)
    const relayed = http.request(to, { method, headers: { ...headers, host: to.host } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(relayed)
  })
  const connects: string[] = []
  const proxy = http.createServer()
  proxy.on('connect', ({ url }, socket) => {
    connects.push(String(url))
    const tunnel = connect(Number(String(url).split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      tunnel.pipe(socket).pipe(tunnel)
    })
    tunnel.on('error', () => socket.destroy())
  })
  const [tlsPort, proxyPort] = [await listening(tls), await listening(proxy)]

  const server = new RawServer({
    ALIPAY_GATEWAY: `https://localhost:${tlsPort}/gateway.do`,
    ALIPAY_APP_ID: emulator.app_id,
    ALIPAY_PRIVATE_KEY: emulator.private_key,
    ALIPAY_PUBLIC_KEY: emulator.alipay_public_key,
    HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`,
    NODE_EXTRA_CA_CERTS: cert,
  })
  await server.open('2025-11-25')
  for (const out_trade_no of ['A', 'B', 'C']) {
    expect(await server.call('query_payment', { out_trade_no })).toMatchObject({
      sub_code: 'ACQ.TRADE_NOT_EXIST',
    })
  }
  expect(connects).toStrictEqual([`localhost:${tlsPort}`])
  await server.end()
  tls.closeAllConnections()
  proxy.closeAllConnections()
  tls.close()
  proxy.close()
  await emulator.close()
})
