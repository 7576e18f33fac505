// An MCP host and the server process that it started: a real client, the real server, on one life.
import { Client, SdkError, SdkErrorCode } from '@modelcontextprotocol/client'
import { InMemoryTransport } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import type { Approvals } from '../../src/approval/approvals.ts'
import type { ApprovalsOptions } from '../../src/approval/context.ts'
import type { CheckoutPages } from '../../src/checkout/short-link.ts'
import type { Clock } from '../../src/clock.ts'
import type { FrontHandlers } from '../../src/front/front-server.ts'
import { AlipayGateway } from '../../src/gateway/alipay-gateway.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { Signing } from '../../src/gateway/signing.ts'
import type { Rules } from '../../src/guard/call.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { QrFiles } from '../../src/qr.ts'
import type { Refunds } from '../../src/refunds/refund.ts'
import { CallsInFlight } from '../../src/server/calls-in-flight.ts'
import { withRequestDesk } from '../../src/server/request-desk.ts'
import { createServer } from '../../src/server/server.ts'
import { newServices, type SharedServices } from '../../src/server/shared-services.ts'
import type { Role } from '../../src/settings/role.ts'
import type { Shop } from '../../src/shop/buyer.ts'
import { SUBSCRIPTION_TOOLS } from '../../src/tools/subscriptions/index.ts'
import type { Alipay, Fields } from './alipay.ts'
import { AT } from './front.ts'
import type { Life } from './life.ts'
import type { Network } from './network.ts'
import type { Stage } from './world.ts'

// What the server loads when it is first needed is there: to load it takes a moment of this computer, and none of a story.
await Promise.all([
  import('../../src/doctor/finding.ts'),
  import('../../src/gateway/refusals/refusals.ts'),
  import('../../src/server/tool-calls.ts'),
])

/** A person answers within minutes, and the host waits for that. */
const HOST_WAITS_MS = 900_000
const FIRST_PORT = 20_000
const MODERN = '2026-07-28'

/** What a process works with in place of its own; only tests can do that. */
export interface Replaced {
  ledger?: (ledger: Ledger) => Ledger
  gateway?: (gateway: Gateway) => Gateway
  refunds?: () => Refunds
  approvals?: (options: ApprovalsOptions) => Approvals
  front?: (handlers: FrontHandlers, stage: Stage) => FrontHandlers
  /** The file of what was handed out does not lie beside a ledger that is put back. */
  isJournalLost?: boolean
  /** What those read who judge. */
  terminal?: (ledger: Ledger) => Ledger
}

export interface Surroundings {
  clock: Clock
  alipay: Alipay
  network: Network
  replaced: Replaced
  rules: Rules
  /** Where it shows the pages of its orders; undefined: it has none. */
  pages: CheckoutPages | undefined
  /** Who sits in its chat. */
  role: Role
  /** What it sells by items, of this process alone; undefined: nothing. */
  shop: Shop | undefined
  /** Whether it offers subscriptions. */
  isSubscribed: boolean
  /** Whether a person at its computer is asked what buyers want back. */
  isDeskOpen: boolean
  /** Of the protocol: before 2026-07-28 a server asks by itself, since then its answer is the question. */
  era: 'old' | 'modern'
  /** How the merchant answers a form; undefined never does. Absent: the host shows no forms. */
  answer?: ((question: string) => Promise<string | undefined>) | undefined
  /** Our fault. */
  report(id: string, error: unknown): void
}

export interface Host {
  readonly life: Life
  readonly services: SharedServices
  /** `lost` where the process was killed before it answered. */
  /** @param buyer whom the program around the chat names */
  call(tool: string, args: Fields, signal?: AbortSignal, buyer?: string): Promise<Fields | 'lost' | 'cancelled'>
  close(): Promise<void>
}

/** The pictures of codes are nothing that a simulation looks at. */
class NoFiles extends QrFiles {
  override async write(): Promise<undefined> {}
}

export async function openHost(life: Life, ledger: Ledger, around: Surroundings): Promise<Host> {
  const services = servicesOf(life, ledger, around)
  const deps = {
    environment: 'local' as const,
    role: around.role,
    hasItems: around.shop !== undefined && !around.isSubscribed,
    moreTools: around.isSubscribed ? SUBSCRIPTION_TOOLS[around.role] : [],
    tell: () => {},
    readOnly: around.rules.readOnly,
    services: async () => services,
    calls: new CallsInFlight(),
    report: around.report,
  }
  const [near, far] = InMemoryTransport.createLinkedPair()
  serveStdio(() => createServer(deps), { transport: far })
  const client = clientWith(around.answer, around.era)
  await client.connect(near)
  return {
    life,
    services,
    async call(name, args, signal, buyer) {
      const options = { timeout: HOST_WAITS_MS, ...(signal && { signal }) }
      const _meta = buyer === undefined ? undefined : { 'alipay-mcp/buyer': buyer }
      const answered = client.callTool({ name, arguments: { ...args }, ...(_meta && { _meta }) }, options).then(
        ({ structuredContent, isError }): Fields => ({
          ...Object(structuredContent),
          ...(isError && { isError }),
        }),
        (error: unknown) => {
          if (signal?.aborted || isTimeout(error)) return 'cancelled' as const
          throw error
        },
      )
      const ended = await Promise.race([answered, life.death])
      return ended === 'killed' ? 'lost' : ended
    },
    close: () => client.close(),
  }
}

/** A computer that slept long: the host gives up, too. */
function isTimeout(error: unknown): boolean {
  return error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout
}

function clientWith(answer: Surroundings['answer'], era: Surroundings['era']): Client {
  const capabilities = answer ? { elicitation: { form: {} } } : {}
  const versionNegotiation = { mode: { pin: MODERN } } as const
  const options = { capabilities, ...(era === 'modern' && { versionNegotiation }) }
  const client = new Client({ name: 'simulation', version: '1.0.0' }, options)
  if (!answer) return client
  client.setRequestHandler('elicitation/create', async ({ params }) => {
    const decision = await answer(params.message)
    return decision === undefined ? { action: 'cancel' } : { action: 'accept', content: { decision } }
  })
  return client
}

function servicesOf(life: Life, ledger: Ledger, around: Surroundings): SharedServices {
  const { clock, replaced, rules, pages, role, shop } = around
  const own = async () => replaced.ledger?.(ledger) ?? ledger
  const services = newServices({
    gateway: gatewayOf(life, around),
    clock,
    pages,
    role,
    shop,
    ledger: own,
    owner: life.name,
    rules,
    qrFolder: '',
  })
  const made = {
    ...services,
    qrFiles: new NoFiles(''),
    ...(replaced.refunds && { refunds: replaced.refunds() }),
    ...(replaced.approvals && {
      approvals: replaced.approvals({ environment: 'local', clock, ledger: own }),
    }),
  }
  if (!around.isDeskOpen) return made
  return withRequestDesk(made, { stopping: new AbortController().signal, tell: () => {} })
}

/** Whatever leaves by it is of that process. */
export function gatewayOf(life: Life, around: Surroundings): Gateway {
  const port = FIRST_PORT + life.index
  around.network.attach(port, life)
  const gateway = gatewayOn(port, around)
  return around.replaced.gateway?.(gateway) ?? gateway
}

// Other threads end their work in an order of their own, and a run must be the same each time; what they sign is what
// alipay-sdk signs (gateway/signing.test.ts).
const { request } = Signing.prototype
Signing.prototype.request = function (unsigned) {
  return request.call(this, unsigned, false)
}

const AGREEMENTS = {
  product: 'GENERAL_WITHHOLDING',
  personal_product_code: 'CYCLE_PAY_AUTH_P',
  sign_scene: 'INDUSTRY|DIGITAL_MEDIA',
} as const

// One for each port, for all runs: to parse keys takes longer than a whole run.
const gateways = new WeakMap<Alipay, Map<number, AlipayGateway>>()

function gatewayOn(port: number, { alipay, clock }: Surroundings): AlipayGateway {
  const { app_id, keys } = alipay.platform
  const ports = gateways.get(alipay) ?? new Map<number, AlipayGateway>()
  gateways.set(alipay, ports)
  const known = ports.get(port)
  if (known) return known
  const connection = {
    gateway: `http://127.0.0.1:${port}/gateway.do`,
    app_id,
    privateKey: keys.application.privateKey,
    alipayPublicKey: keys.alipay.publicKey,
    notify_url: `${AT}/notify`,
    agreements: AGREEMENTS,
    timeout: 15_000,
  }
  const gateway = new AlipayGateway(connection, clock, false)
  ports.set(port, gateway)
  return gateway
}
