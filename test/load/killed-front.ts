// The built front as a process that is killed again and again, under one port from start to start.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { HOMELESS, MAIN } from '../e2e/hosts.ts'
import { vectors } from '../keys-for-tests.ts'
import { PAID } from '../notifications/notification-bodies.ts'

export const GATEWAY = 'http://127.0.0.1:9/gateway.do'
export const MERCHANT = PAID.seller_id ?? ''

export class KilledFront {
  kills = 0
  #port = 0
  #child: ChildProcess | undefined

  constructor(readonly folder: string) {}

  get address(): string {
    return `http://127.0.0.1:${this.#port}/notify`
  }

  async start(): Promise<void> {
    const env = {
      ...HOMELESS,
      ALIPAY_GATEWAY: GATEWAY,
      ALIPAY_APP_ID: PAID.app_id,
      ALIPAY_SELLER_ID: MERCHANT,
      ALIPAY_PUBLIC_KEY: vectors.alipay.public_spki,
      ALIPAY_DATA_DIR: this.folder,
      ALIPAY_PUBLIC_URL: 'http://127.0.0.1:1',
      ALIPAY_LISTEN: `127.0.0.1:${this.#port}`,
    }
    const child = spawn(process.execPath, [MAIN, 'listen', '--front', '--health-port', '0'], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#child = child
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 10_000) said += text
    })
    const pattern = /Listening on 127\.0\.0\.1:(\d+)/
    while (!pattern.test(said)) {
      if (child.exitCode !== null) throw new Error(`the front ended: ${said}`)
      await setTimeout(20)
    }
    this.#port = Number(pattern.exec(said)?.[1])
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (!child) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  stop = () => this.#end('SIGTERM')

  /** Evenly over what is to be sent. */
  async killAgain(times: number, share: () => number): Promise<void> {
    for (let n = 1; n <= times; n++) {
      while (share() < n / (times + 1)) await setTimeout(5)
      await this.#end('SIGKILL')
      this.kills++
      await this.start()
    }
  }
}
