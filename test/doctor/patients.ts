// For the doctor's tests: an emulator with good settings, servers that are no gateway, and one run of doctor.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { readCommandLine } from '../../src/cli/command-line.ts'
import { doctor } from '../../src/cli/doctor.ts'
import type { Report } from '../../src/doctor/report.ts'
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/emulator.ts'
import { vectors } from '../keys-for-tests.ts'

export type Env = Readonly<Record<string, string>>

const undo: (() => unknown)[] = []
/** Ends every server and removes every file that was made here. */
export async function cleanUp(): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step()
}

export interface Patient {
  emulator: Emulator
  /** Settings with which all is well. */
  env: Env
  control(path: string, body: object): Promise<void>
}

export async function newPatient(options: EmulatorOptions = {}): Promise<Patient> {
  const emulator = await startEmulator(options)
  undo.push(() => emulator.close())
  const env = {
    ALIPAY_ENV: 'local',
    ALIPAY_GATEWAY: emulator.gateway,
    ALIPAY_APP_ID: emulator.app_id,
    ALIPAY_PRIVATE_KEY: emulator.private_key,
    ALIPAY_PUBLIC_KEY: emulator.alipay_public_key,
  }
  return { emulator, env, control: (path, body) => control(emulator, path, body) }
}

async function control({ control_url }: Emulator, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(control_url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (answer.status !== 200) throw new Error(await answer.text())
}

/** Alipay's own sandbox, which no test reaches. */
export const SANDBOX: Env = {
  ALIPAY_APP_ID: '9021000000000001',
  ALIPAY_PRIVATE_KEY: vectors.app.private_pkcs8,
  ALIPAY_PUBLIC_KEY: vectors.alipay.public_spki,
}

export const without = (env: Env, ...names: string[]): Env =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)))

let folder: string | undefined
export function file(name: string, content: string, mode = 0o600): string {
  folder ??= mkdtempSync(join(tmpdir(), 'doctor-test-'))
  const made = folder
  undo.push(() => {
    rmSync(made, { recursive: true, force: true })
    folder = undefined
  })
  writeFileSync(join(made, name), content)
  chmodSync(join(made, name), mode)
  return join(made, name)
}

async function listening(server: net.Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  undo.push(() => server.close())
  if (server instanceof http.Server) undo.push(() => server.closeAllConnections())
  return Object(server.address()).port
}

type Body = string | Buffer

/** The address of a server that answers everything with the same, or as it is told each time. */
export async function answering(status: number, body: Body | (() => Body), headers: Env = {}): Promise<string> {
  const give = typeof body === 'function' ? body : () => body
  const server = http.createServer((_request, response) => response.writeHead(status, headers).end(give()))
  return `http://127.0.0.1:${await listening(server)}/gateway.do`
}

export async function selfSigned(): Promise<string> {
  const [key, cert] = [file('tls-key.pem', ''), file('tls-cert.pem', '')]
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...name]
  execFileSync('openssl', made, { stdio: 'pipe' })
  const secure = { key: readFileSync(key), cert: readFileSync(cert) }
  const server = https.createServer(secure, (_request, response) => response.end('{"error_response":{}}'))
  return `https://127.0.0.1:${await listening(server)}/gateway.do`
}

/** A proxy that answers every CONNECT with that status. */
export async function refusingProxy(status: string): Promise<string> {
  const server = http.createServer()
  server.on('connect', (_request, socket) => socket.end(`HTTP/1.1 ${status}\r\n\r\n`))
  return `http://127.0.0.1:${await listening(server)}`
}

/** Takes connections and says nothing. */
export async function silent(): Promise<string> {
  const server = net.createServer((socket) => {
    undo.push(() => socket.destroy())
    socket.on('error', () => {}).resume()
  })
  return `127.0.0.1:${await listening(server)}`
}

export async function nobody(): Promise<string> {
  const server = net.createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = Object(server.address())
  await new Promise((resolve) => server.close(resolve))
  return `127.0.0.1:${port}`
}

const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', 'NO_PROXY', 'no_proxy']
const READ_ELSEWHERE = [...PROXIES, 'NODE_TLS_REJECT_UNAUTHORIZED']

/** One run on these settings alone; Node and the libraries for proxies see only what is named here. */
export async function run(env: Env, args: readonly string[] = []) {
  for (const name of READ_ELSEWHERE) vi.stubEnv(name, env[name] ?? '')
  try {
    let output = ''
    const code = await doctor(readCommandLine(['doctor', ...args], env), async (text) => {
      output += text
    })
    return { code, output }
  } finally {
    vi.unstubAllEnvs()
  }
}

export async function report(env: Env, args: readonly string[] = []) {
  const { code, output } = await run(env, ['--json', ...args])
  const read: Report = JSON.parse(output)
  return { code, output, ...read }
}
