// Starts the local emulator of Alipay's gateway: fresh keys, no trades yet, one loopback port.
import { randomInt } from 'node:crypto'
import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { AgreementStore } from './agreements/agreement-store.ts'
import { type CertificateTexts, certificatesOf, newCertificates } from './certificates.ts'
import { type EmulatorClock, movableClock } from './clock.ts'
import { Console } from './console.ts'
import { createEndpoint } from './endpoint.ts'
import { FaultQueue } from './faults.ts'
import { NotificationQueue } from './notifications/notification-queue.ts'
import { type Platform, usualRules } from './platform.ts'
import { type AppKeys, completeKeys, type Keys, newRsaKeys, pkcs1Text, privateText, publicText } from './signature.ts'
import { TradeStore } from './trade-store.ts'

export type { EmulatorClock }

export interface EmulatorOptions {
  /** 0, the default, takes any free port; always loopback only. */
  port?: number
  clock?: EmulatorClock
  /** The sandbox's rules instead of production's: one full refund only, success or not, and 15 hour limits. */
  sandboxRules?: boolean
  /** Certificate mode: requests must name the certificates by their SN, answers name Alipay's. `true` makes new ones. */
  certificates?: boolean | CertificateTexts
  /** Of the first app and of Alipay; fresh ones for those that are absent. */
  keys?: Partial<Keys>
  /** Of the first app, and of the merchant; new ones if absent. */
  ids?: ReturnType<typeof newIds>
  /** The app's gateway address 应用网关, where agreements are notified; the control API sets it, too. */
  appGateway?: string
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
  /** The application's private key, PKCS#8 base64 without header on one line; empty where only its public key was given. */
  private_key: string
  /** The same as PKCS#1. */
  private_key_pkcs1: string
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
    ...privateTexts(platform.keys.application),
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

function emulatedApp([app_id, keys]: [string, AppKeys]): EmulatedApp {
  return { app_id, private_key: privateTexts(keys).private_key, public_key: publicText(keys.publicKey) }
}

function privateTexts({ privateKey }: AppKeys): Pick<Emulator, 'private_key' | 'private_key_pkcs1'> {
  if (!privateKey) return { private_key: '', private_key_pkcs1: '' }
  return { private_key: privateText(privateKey), private_key_pkcs1: pkcs1Text(privateKey) }
}

function certificateTexts({ certificates }: Platform): Pick<Emulator, 'app_cert' | 'alipay_cert' | 'root_cert'> {
  if (!certificates) return {}
  const { app, alipay, root } = certificates
  return { app_cert: app.pem, alipay_cert: alipay.pem, root_cert: root.pem }
}

async function newPlatform(options: EmulatorOptions, signal: AbortSignal): Promise<Platform> {
  const clock = options.clock ?? movableClock()
  const keys = await completeKeys(options.keys)
  const others = await Promise.all(Array.from({ length: (options.apps ?? 1) - 1 }, newRsaKeys))
  const { app_id, seller_id } = options.ids ?? newIds()
  return {
    origin: '',
    clock,
    keys,
    certificates: await certificatesFor(options, keys, clock.now()),
    app_id,
    apps: new Map([[app_id, keys.application], ...others.map((pair) => [newAppId(), pair] as const)]),
    seller_id,
    trades: new TradeStore(),
    agreements: new AgreementStore(),
    console: new Console(options.appGateway),
    faults: new FaultQueue(),
    notifications: new NotificationQueue(signal),
    calls: new Map(),
    rules: usualRules(options.sandboxRules),
    pause: (ms) => sleep(ms, undefined, { signal }),
  }
}

async function certificatesFor({ certificates }: EmulatorOptions, keys: Keys, now: number) {
  if (!certificates) return undefined
  return certificatesOf(certificates === true ? await newCertificates(keys, now) : certificates)
}

export function newIds(): { app_id: string; seller_id: string } {
  return { app_id: newAppId(), seller_id: `2088${twelveDigits()}` }
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
