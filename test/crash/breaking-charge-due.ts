// charge-due in a process of its own that kills itself at one of its steps; tests bundle and start it.
import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { Clock } from '../../src/clock.ts'
import { AlipayGateway } from '../../src/gateway/alipay-gateway.ts'
import { NO_APPROVER } from '../../src/guard/call.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { placeOf } from '../../src/server/ledger-location.ts'
import { newShop, type ShopCall } from '../../src/shop/buyer.ts'
import { chargeAll } from '../../src/subscriptions/charge-all.ts'
import { readConfig } from '../settings/read-config.ts'
import { KILLED_AT } from './plan.ts'

const { [KILLED_AT]: killedAt = '', ...variables } = process.env
const [, time = '0', name = ''] = /^(\d+) (.+)$/.exec(killedAt) ?? []
let left = Number(time)

function pass(step: string): void {
  if (step !== name || --left !== 0) return
  process.kill(process.pid, 'SIGKILL')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

function gated<T extends object>(called: string, target: T): T {
  return new Proxy(target, {
    get(_, key) {
      const operation: unknown = Reflect.get(target, key)
      if (key === 'agreements' && operation) return gated('agreements', operation)
      if (typeof operation !== 'function') return operation
      return async (...args: unknown[]) => {
        pass(`before ${called}.${String(key)}`)
        const result: unknown = await Reflect.apply(operation, target, args)
        pass(`after ${called}.${String(key)}`)
        return result
      }
    },
  })
}

async function main(): Promise<void> {
  const read = readConfig(variables)
  if (!('config' in read)) throw new Error(JSON.stringify(read.problems))
  const { config } = read
  const { credentials, gateway: at, timeout, subscriptions: terms } = config
  if (!credentials || at === undefined || !terms) throw new Error('tests name the emulator, and the product')
  const keys = {
    privateKey: credentials.privateKey.reveal(),
    alipayPublicKey: credentials.alipayPublicKey.reveal(),
  }
  const agreements = { product: terms.product, personal_product_code: terms.personalProduct, sign_scene: terms.scene }
  const clock = new Clock()
  const connection = { gateway: at, app_id: credentials.app_id, timeout, agreements, ...keys }
  const gateway = new AlipayGateway(connection, clock, (date, askedAt) => void clock.follow(date, askedAt))
  await gateway.checkIn()
  const opened = await openLedger(placeOf(config))
  const ledger = gated('ledger', opened)
  const owner = randomUUID()
  const call: ShopCall = {
    ...{ clock, rules: config, approver: NO_APPROVER, role: 'merchant', gateway: gated('gateway', gateway) },
    ledger: async () => ledger,
    actor: () => ({ at: clock.now(), owner, host: 'terminal' }),
    shop: newShop(config.shop, () => {}),
  }
  const made = await chargeAll(call)
  writeSync(1, JSON.stringify(made.map(({ outcome }) => outcome)))
  opened.close()
  gateway.shutDown()
}

await main()
