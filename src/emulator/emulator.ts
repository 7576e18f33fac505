// Starts the local emulator of Alipay's gateway: fresh keys, no trades yet, one loopback port.
import { randomInt } from 'node:crypto'
import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { newCertificates } from './certificates.ts'
import { type EmulatorClock, movableClock } from './clock.ts'
import { Console } from './console.ts'
import { createEndpoint } from './endpoint.ts'
import { FaultQueue } from './faults.ts'
import { CLOSE_BEFORE_SCAN, type Platform, PRECREATE_REPEAT } from './platform.ts'
import { type KeyPair, type Keys, newKeys, newRsaKeys, privateText, publicText } from './signature.ts'
import { TradeStore } from './trade-store.ts'

export type { EmulatorClock }

export interface EmulatorOptions {
  /** 0, the default, takes any free port; always loopback only. */
  port?: number
  clock?: EmulatorClock
  /** The sandbox's rules instead of production's: one full refund only, success or not, and 15 hour limits. */
  sandboxRules?: boolean
  /** Certificate mode: requests must name the certificates by their SN, answers name Alipay's. */
  certificates?: boolean
  /** Of the first app and of Alipay; fresh ones if absent. */
  keys?: Keys
  /** How many apps the one merchant has, 1 by default; in certificate mode only the first has a certificate. */
  apps?: number
}

/** An app of the merchant, with its own key; they share Alipay's. */
export interface EmulatedApp {
  app_id: string
  /** PKCS#8 base64 without header on one line. */
  private_key: string
  public_key: string
}

export interface Emulator {
  gateway: string
  control_url: string
  app_id: string
  seller_id: string
  /** The application's private key, PKCS#8 base64 without header on one line. */
  private_key: string
  app_public_key: string
  alipay_public_key: string
  /** All apps; the first is the one named above. */
  apps: readonly EmulatedApp[]
  /** PEM texts, in certificate mode only; `root_cert` is a bundle of several, as Alipay's is. */
  app_cert?: string
  alipay_cert?: string
  root_cert?: string
  /** Ends every connection and pending answer; nothing is left running. */
  close(): Promise<void>
}

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const closing = new AbortController()
  const platform = await newPlatform(options, closing.signal)
  const server = createEndpoint(platform)
  const origin = `http://127.0.0.1:${await listen(server, options.port ?? 0)}`
  platform.origin = origin
  return {
    gateway: `${origin}/gateway.do`,
    control_url: `${origin}/control`,
    app_id: platform.app_id,
    seller_id: platform.seller_id,
    private_key: privateText(platform.keys.application.privateKey),
    app_public_key: publicText(platform.keys.application.publicKey),
    alipay_public_key: publicText(platform.keys.alipay.publicKey),
    apps: [...platform.apps].map(emulatedApp),
    ...certificateTexts(platform),
    async close() {
      closing.abort()
      await closeServer(server)
    },
  }
}

function emulatedApp([app_id, { privateKey, publicKey }]: [string, KeyPair]): EmulatedApp {
  return { app_id, private_key: privateText(privateKey), public_key: publicText(publicKey) }
}

function certificateTexts({ certificates }: Platform): Pick<Emulator, 'app_cert' | 'alipay_cert' | 'root_cert'> {
  if (!certificates) return {}
  const { app, alipay, root } = certificates
  return { app_cert: app.pem, alipay_cert: alipay.pem, root_cert: root.pem }
}

async function newPlatform(options: EmulatorOptions, signal: AbortSignal): Promise<Platform> {
  const clock = options.clock ?? movableClock()
  const keys = options.keys ?? (await newKeys())
  const others = await Promise.all(Array.from({ length: (options.apps ?? 1) - 1 }, newRsaKeys))
  const app_id = newAppId()
  return {
    origin: '',
    clock,
    keys,
    certificates: options.certificates ? await newCertificates(keys, clock.now()) : undefined,
    app_id,
    apps: new Map([[app_id, keys.application], ...others.map((pair) => [newAppId(), pair] as const)]),
    seller_id: `2088${twelveDigits()}`,
    trades: new TradeStore(),
    console: new Console(),
    faults: new FaultQueue(),
    calls: new Map(),
    rules: {
      sandbox: options.sandboxRules ?? false,
      precreate_repeat: PRECREATE_REPEAT[0],
      close_before_scan: CLOSE_BEFORE_SCAN[0],
      balance_fen: undefined,
    },
    pause: (ms) => sleep(ms, undefined, { signal }),
  }
}

function newAppId(): string {
  return `9021${twelveDigits()}`
}

function twelveDigits(): string {
  return String(randomInt(10 ** 12)).padStart(12, '0')
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'is already in use' : `cannot be used (${cause.code})`
      reject(new Error(`Port ${port} on 127.0.0.1 ${why}; choose another one, or 0 for any free port.`, { cause }))
    })
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
