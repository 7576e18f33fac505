// The ledger on SQLite: each method one transaction over one partition.
import type { OrderName } from '../../gateway/gateway.ts'
import type * as L from '../ledger.ts'
import * as approving from './approvals.ts'
import * as deciding from './attempts.ts'
import type { Database } from './database.ts'
import * as forgetting from './erase.ts'
import * as intents from './intents.ts'
import { list } from './list-orders.ts'
import { OrderMemory, replacements, toOrder } from './orders.ts'
import * as partitions from './partition.ts'
import * as records from './reports.ts'
import * as ordering from './reserve-order.ts'
import { evaluateRefund, foundRefund, reserveRefund } from './reserve-refund.ts'
import { nameOf, recordTrade, type TradeUpdate } from './trade-updates.ts'

export class SqliteLedger implements L.Ledger {
  readonly #db: Database
  readonly #partition: partitions.Partition
  readonly #memory: OrderMemory

  constructor(
    db: Database,
    key: L.PartitionKey,
    readonly inMemory: boolean,
  ) {
    this.#db = db
    this.#partition = partitions.openPartition(db, key)
    this.#memory = new OrderMemory(this.#partition)
  }

  async order(name: OrderName) {
    const order = this.#memory.find(name)
    return order && toOrder(order)
  }

  async replacements(out_trade_no: string) {
    return replacements(this.#partition, out_trade_no)
  }

  async intents(out_trade_no: string) {
    return intents.intentsOf(this.#partition, out_trade_no)
  }

  async inDoubt(out_trade_no?: string) {
    return intents.intentsInDoubt(this.#partition, out_trade_no)
  }

  async list(filter: L.ListFilter) {
    return this.#db.read(() => list(this.#partition, filter))
  }

  async reserveOrder(order: L.NewOrder, limits: { daily_payments_fen?: number | undefined }, actor: L.Actor) {
    const { daily_payments_fen } = limits
    return this.#db.write(() => ordering.reserveOrder(this.#partition, order, daily_payments_fen, actor))
  }

  async recordTrade(update: TradeUpdate, actor: L.Actor, addIfMissing = false) {
    return recordTrade(this.#partition, this.#memory.find(nameOf(update)), update, actor, addIfMissing)
  }

  async requestClose(out_trade_no: string, actor: L.Actor) {
    this.#db.write(() => ordering.requestClose(this.#partition, out_trade_no, actor))
  }

  async withdrawCloseRequest(out_trade_no: string, actor: L.Actor) {
    ordering.withdrawCloseRequest(this.#partition, this.#memory.find({ out_trade_no }), actor)
  }

  async reserve(
    kind: 'create' | 'close',
    out_trade_no: string,
    actor: L.Actor,
    daily_payments_fen?: number | undefined,
  ) {
    return this.#db.write(() =>
      deciding.reserve(this.#partition, kind, out_trade_no, actor, daily_payments_fen),
    )
  }

  async evaluateRefund(request: L.RefundRequest, rules: L.RefundRules, actor: L.Actor) {
    return this.#db.read(() => evaluateRefund(this.#partition, request, rules, actor))
  }

  async reserveRefund(
    request: L.RefundRequest,
    rules: L.RefundRules,
    yes: L.Yes | undefined,
    actor: L.Actor,
  ) {
    return this.#db.write(() => reserveRefund(this.#partition, request, rules, yes, actor))
  }

  async markSending(id: number, repeat: boolean, actor: L.Actor) {
    return this.#db.write(() => deciding.markSending(this.#partition, id, repeat, actor))
  }

  async resolve(id: number, resolution: L.Resolution, actor: L.Actor, attempt?: number) {
    return this.#db.write(() => deciding.resolve(this.#partition, id, resolution, actor, attempt))
  }

  async takeOver(id: number, actor: L.Actor) {
    return this.#db.write(() => deciding.takeOver(this.#partition, id, actor))
  }

  async foundRefund(
    request: L.RefundRequest,
    proof: { gmt_refund_pay?: string | undefined },
    actor: L.Actor,
  ) {
    return this.#db.write(() => foundRefund(this.#partition, request, proof, actor))
  }

  async requestApproval(request: L.ApprovalRequest, actor: L.Actor) {
    return this.#db.write(() => approving.requestApproval(this.#partition, request, actor))
  }

  async approval(id: number) {
    return approving.approvalById(this.#partition, id)
  }

  async openApprovals(at: number) {
    return approving.openApprovals(this.#partition, at)
  }

  async decide(id: number, yes: boolean, by: 'page' | 'terminal', actor: L.Actor) {
    return this.#db.write(() => approving.decide(this.#partition, id, yes, by, actor))
  }

  async frozen() {
    return partitions.frozen(this.#partition)
  }

  async freeze(why: string | undefined, actor: L.Actor) {
    this.#db.write(() => partitions.freeze(this.#partition, why, actor))
  }

  async unfreeze(actor: L.Actor) {
    this.#db.write(() => partitions.unfreeze(this.#partition, actor))
  }

  async events(filter: records.RecordFilter) {
    return records.events(this.#partition, filter)
  }

  async approvals(filter: records.RecordFilter) {
    return records.approvals(this.#partition, filter)
  }

  async days(since?: number) {
    return records.days(this.#partition, since)
  }

  async forget(out_trade_no: string, actor: L.Actor) {
    const known = this.#db.write(() => forgetting.forget(this.#partition, out_trade_no, actor))
    if (known) this.#db.shedOldPages()
    return known
  }

  async prune(createdBefore: number, actor: L.Actor) {
    const removed = this.#db.write(() => forgetting.prune(this.#partition, createdBefore, actor))
    if (removed > 0) this.#db.shedOldPages()
    return removed
  }

  close() {
    this.#db.close()
  }
}
