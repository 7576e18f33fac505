// The server of src/cli/serve.ts that kills or stops its own process at one step of its calls; tests bundle and start it.

import { readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { Clock } from '../../src/clock.ts'
import { AlipayGateway } from '../../src/gateway/alipay-gateway.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { placeOf } from '../../src/server/ledger-location.ts'
import { createServer } from '../../src/server/server.ts'
import { newServices } from '../../src/server/shared-services.ts'
import type { Config } from '../../src/settings/config.ts'
import { newShop } from '../../src/shop/buyer.ts'
import { SUBSCRIPTION_TOOLS } from '../../src/tools/subscriptions/index.ts'
import { readConfig } from '../settings/read-config.ts'
import { losing } from './losing-gateway.ts'
import { PLAN, type Plan } from './plan.ts'
import { sabotaged } from './sabotage.ts'
import { Steps } from './steps.ts'

const { [PLAN]: planText = '', ...variables } = process.env
const plan: Plan = JSON.parse(planText)

/** Its time goes on while the process is stopped, as that of a computer that sleeps; its own waits take no time. */
class SleepersClock extends Clock {
  #slept = 0

  override async sleep(ms: number): Promise<void> {
    this.#slept += Math.max(0, ms)
  }

  override ticks(): number {
    return super.ticks() + this.#slept
  }

  override now(): number {
    return super.now() + Number(plan.aheadFile === undefined ? 0 : readFileSync(plan.aheadFile, 'utf8'))
  }
}

const clock = new SleepersClock()
const config = configured()
let gateway = newGateway()
const ledger = sabotaged(await openLedger(placeOf(config)), plan.sabotage)
const owner = `breaking ${process.pid}`
const steps = new Steps(plan, (line) => writeSync(2, `${line}\n`))
// The old connections are gone by then: a send must not come to nothing by that chance.
steps.onGoingOn = () => {
  gateway = newGateway()
}

/** Each call counts its own steps, so that several can be broken off at once, each at the same step of its own. */
function servicesOfCall() {
  const call = steps.newCall()
  const gated = call.gated('ledger', () => ledger)
  const line = losing(() => gateway, plan.loses?.[call.call - 1] ?? undefined)
  return newServices({
    ...{ environment: config.environment, channels: config.channels, rules: config },
    ...{ gateway: call.gated('gateway', () => line), ledger: async () => gated },
    role: 'merchant',
    ...(config.subscriptions && { shop: newShop(config.shop, () => {}), pages: PAGES }),
    ...{ clock, owner, qrFolder: join(variables.ALIPAY_DATA_DIR ?? '', 'qr') },
  })
}

function configured(): Config {
  const read = readConfig(variables)
  if ('config' in read) return read.config
  throw new Error(JSON.stringify(read.problems))
}

function agreementsOf(terms: Config['subscriptions']) {
  return terms && { product: terms.product, personal_product_code: terms.personalProduct, sign_scene: terms.scene }
}

function newGateway(): AlipayGateway {
  return new AlipayGateway(connection(config), clock, (date, askedAt) => void clock.follow(date, askedAt))
}

function connection({ credentials, gateway, timeout, subscriptions }: Config) {
  if (!credentials || gateway === undefined) throw new Error('tests name the emulator to be used')
  const { app_id, privateKey, alipayPublicKey } = credentials
  const keys = { privateKey: privateKey.reveal(), alipayPublicKey: alipayPublicKey.reveal() }
  return { gateway, app_id, timeout, agreements: agreementsOf(subscriptions), ...keys }
}

/** Nobody opens them here. */
const PAGES_AT = 'https://pay.example.com'
const PAGES = { at: PAGES_AT, proven: async () => ({ at: PAGES_AT }) }
const moreTools = config.subscriptions ? SUBSCRIPTION_TOOLS.merchant : []

serveStdio(() =>
  createServer({
    ...{ role: 'merchant', hasItems: false, tell: () => {}, toolsets: config.toolsets, moreTools },
    environment: config.environment,
    readOnly: config.readOnly,
    services: async () => servicesOfCall(),
    calls: { track: (call) => call, stopping: new AbortController().signal },
    report: (id, error) => writeSync(2, `unexpected ${id}: ${String(error)}\n`),
  }),
)
process.stdin.on('end', () => process.exit(0))
