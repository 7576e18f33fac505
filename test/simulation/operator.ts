// The operator at a terminal, who says yes or no to what buyers want back: each time in a process of its own.
import { LedgerError, NoAnswerError, OutcomeUnknownError, RefusedError } from '../../src/errors.ts'
import type { Approver, Call } from '../../src/guard/call.ts'
import type { BuyerRequest, Ledger } from '../../src/ledger/ledger.ts'
import { toYuan } from '../../src/money.ts'
import { Refunds } from '../../src/refunds/refund.ts'
import { declineForBuyer, refundForBuyer } from '../../src/shop/operator-refund.ts'
import type { Fields } from './alipay.ts'
import { begun, end } from './calling.ts'
import { gatewayOf } from './host.ts'
import type { Life } from './life.ts'
import type { World } from './world.ts'

const READING_MS = 300

/** The person said no, or an answer of before stands. */
class SaidNo extends Error {
  constructor(readonly isTaken: boolean) {
    super('no')
  }
}

export class Operator {
  constructor(readonly world: World) {}

  /** @param killedAt after so many operations of the process */
  async answer(place: number, yes: boolean, killedAt?: number): Promise<void> {
    const { world } = this
    const requests = await world.terminal.buyerRequests()
    const request = requests[place % Math.max(1, requests.length)]
    const order = world.agent.orders.find(({ out_trade_no }) => out_trade_no === request?.out_trade_no)
    if (!request || !order) return
    const life = world.newLife('terminal')
    const takeBack = killedAt === undefined ? undefined : life.plan(killedAt, () => world.kill(life))
    const asked = { key: `${request.out_trade_no}|rest`, fen: undefined }
    const spoken = { tool: 'answer_request', args: { out_trade_no: request.out_trade_no, yes }, order, request: asked }
    const call = begun(spoken, [], life, world)
    const answered = await Promise.race([this.#answer(request, yes, life), life.death])
    takeBack?.()
    end(call, answered === 'killed' ? 'lost' : answered, world)
  }

  async #answer(request: BuyerRequest, yes: boolean, life: Life): Promise<Fields> {
    const { world } = this
    const around = world.around(0)
    const own = await world.ledgerOf(life)
    const ledger = world.replaced.ledger?.(own) ?? own
    const { clock, rules } = around
    const actor = () => ({ at: world.stage.time.now(), owner: life.name, host: 'terminal' })
    const call: Call & { refunds: Refunds } = {
      ...{ clock, rules, actor, gateway: gatewayOf(life, around), ledger: async () => ledger },
      approver: this.#approver(ledger, yes, actor),
      refunds: world.replaced.refunds?.() ?? new Refunds(),
    }
    try {
      const { moved } = await refundForBuyer(request, call)
      return { moved, refund_amount: toYuan(request.amount_fen) }
    } catch (error) {
      if (!(error instanceof SaidNo) || !error.isTaken) return failed(error)
    }
    return declineForBuyer(request, 'terminal', call).then((): Fields => ({ declined: true }), failed)
  }

  #approver(ledger: Ledger, yes: boolean, actor: Call['actor']): Approver {
    const { stage, merchant } = this.world
    return {
      inChat: true,
      restartOnAnswer: (operation) => operation(),
      async yes(request) {
        await stage.time.pause(READING_MS)
        if (yes) merchant.saidYes(request.out_trade_no, request.amount_fen)
        const { id } = await ledger.requestApproval(request, actor())
        const taken = await ledger.decide(id, yes, 'terminal', actor())
        if (!yes || (!taken && (await ledger.approval(id))?.state !== 'approved')) throw new SaidNo(!yes && taken)
        return { how: 'operator', approvalDigest: request.approvalDigest, id }
      },
    }
  }
}

/** As a tool would say it. */
function failed(error: unknown): Fields {
  const message = error instanceof Error ? error.message : String(error)
  return { isError: true, error: kindOf(error), message }
}

function kindOf(error: unknown): string {
  if (error instanceof SaidNo) return 'declined'
  if (error instanceof RefusedError) return error.kind
  if (error instanceof NoAnswerError) return 'no_answer'
  if (error instanceof OutcomeUnknownError) return 'unknown'
  return error instanceof LedgerError ? 'ledger_unavailable' : 'internal'
}
