// A server whose only tool asks the merchant, so that every way to ask him can be tried without an order.
import { InMemoryTransport } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { vi } from 'vitest'
import { Approvals } from '../../src/approval/approvals.ts'
import { Clock } from '../../src/clock.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import type { CallRate } from '../../src/server/call-rate.ts'
import { CallsInFlight } from '../../src/server/calls-in-flight.ts'
import { createServer } from '../../src/server/server.ts'
import { allowed, QUIET, world } from './approval-tool.ts'

vi.mock('../../src/tools/index.ts', () => import('./approval-tool.ts'))

/** Sleeping moves it on at once; what a test wants to happen meanwhile happens then. */
export class EventfulClock extends Clock {
  slept = 0
  meanwhile: () => Promise<unknown> = async () => {}

  override async sleep(ms: number): Promise<void> {
    this.advance(Math.max(0, ms))
    this.slept += ms
    await this.meanwhile()
  }
}

export interface ApprovalServer {
  clock: EventfulClock
  ledger: Ledger
  calls: CallsInFlight
  approvals: Approvals
  /** Pages that a browser was told to show. */
  pages: string[]
  /** A new client's end; whatever connects to it is served. */
  connect(): InMemoryTransport
}

export interface ApprovalServerOptions {
  callRate?: CallRate
  folder?: string
  environment?: 'local' | 'sandbox' | 'production'
  openPage?: (url: string) => Promise<unknown>
}

export async function startApprovalServer(options: ApprovalServerOptions = {}): Promise<ApprovalServer> {
  const { environment = 'local', folder, callRate } = options
  allowed.length = 0
  Object.assign(world, QUIET)
  const ledger = await openLedger({ folder, partition: { environment, gateway: 'http://g', merchant: 'm' } })
  const clock = new EventfulClock()
  const calls = new CallsInFlight()
  const pages: string[] = []
  const openPage = options.openPage ?? (async (url: string) => pages.push(url))
  const approvals = new Approvals({ environment, clock, ledger: async () => ledger, openPage })
  const shared = { rules: { environment }, clock, owner: 'o', approvals, ledger: async () => ledger }
  const deps = {
    role: 'merchant' as const,
    hasItems: false,
    tell: () => {},
    environment,
    readOnly: false,
    services: async () => Object(shared),
    calls,
    callRate,
    report(_: string, error: unknown) {
      throw new Error('unexpected', { cause: error })
    },
  }
  const connect = () => {
    const [near, far] = InMemoryTransport.createLinkedPair()
    serveStdio(() => createServer(deps), { transport: far })
    return near
  }
  return { clock, ledger, calls, approvals, pages, connect }
}
