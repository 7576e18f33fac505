// The ledger on SQLite: each method one transaction over the books of one partition.
import type { OrderName } from '../../gateway/gateway.ts'
import type * as L from '../ledger.ts'
import * as approving from './approvals.ts'
import * as deciding from './attempts.ts'
import type { Database } from './database.ts'
import * as forgetting from './erase.ts'
import * as intents from './intents.ts'
import { list } from './list-orders.ts'
import { OrderMemory, replacements, shown } from './orders.ts'
import * as books from './partition.ts'
import * as records from './reports.ts'
import * as ordering from './reserve-order.ts'
import { foundRefund, reserveRefund, weigh } from './reserve-refund.ts'
import { nameOf, type Seen, saw } from './trade-updates.ts'

export class SqliteLedger implements L.Ledger {
  readonly #db: Database
  readonly #books: books.Books
  readonly #memory: OrderMemory

  constructor(
    db: Database,
    partition: L.Partition,
    readonly inMemory: boolean,
  ) {
    this.#db = db
    this.#books = books.openBooks(db, partition)
    this.#memory = new OrderMemory(this.#books)
  }

  async order(name: OrderName) {
    const order = this.#memory.find(name)
    return order && shown(order)
  }

  async replacements(out_trade_no: string) {
    return replacements(this.#books, out_trade_no)
  }

  async intents(out_trade_no: string) {
    return intents.intentsOf(this.#books, out_trade_no)
  }

  async unsettled(out_trade_no?: string) {
    return intents.unsettled(this.#books, out_trade_no)
  }

  async list(filter: L.ListFilter) {
    return this.#db.read(() => list(this.#books, filter))
  }

  async reserveOrder(order: L.NewOrder, limits: { daily_payments_fen?: number | undefined }, act: L.Act) {
    const { daily_payments_fen } = limits
    return this.#db.write(() => ordering.reserveOrder(this.#books, order, daily_payments_fen, act))
  }

  async saw(seen: Seen, act: L.Act, adopt = false) {
    return saw(this.#books, this.#memory.find(nameOf(seen)), seen, act, adopt)
  }

  async wishClose(out_trade_no: string, act: L.Act) {
    this.#db.write(() => ordering.wishClose(this.#books, out_trade_no, act))
  }

  async withdrawCloseWish(out_trade_no: string, act: L.Act) {
    ordering.withdrawCloseWish(this.#books, this.#memory.find({ out_trade_no }), act)
  }

  async reserve(
    kind: 'create' | 'close',
    out_trade_no: string,
    act: L.Act,
    daily_payments_fen?: number | undefined,
  ) {
    return this.#db.write(() => deciding.reserve(this.#books, kind, out_trade_no, act, daily_payments_fen))
  }

  async weighRefund(wish: L.RefundWish, rules: L.RefundRules, act: L.Act) {
    return this.#db.read(() => weigh(this.#books, wish, rules, act))
  }

  async reserveRefund(wish: L.RefundWish, rules: L.RefundRules, yes: L.Yes | undefined, act: L.Act) {
    return this.#db.write(() => reserveRefund(this.#books, wish, rules, yes, act))
  }

  async markSending(id: number, repeat: boolean, act: L.Act) {
    return this.#db.write(() => deciding.markSending(this.#books, id, repeat, act))
  }

  async settle(id: number, settled: L.Settled, act: L.Act, attempt?: number) {
    return this.#db.write(() => deciding.settle(this.#books, id, settled, act, attempt))
  }

  async takeOver(id: number, act: L.Act) {
    return this.#db.write(() => deciding.takeOver(this.#books, id, act))
  }

  async foundRefund(wish: L.RefundWish, proof: { gmt_refund_pay?: string | undefined }, act: L.Act) {
    return this.#db.write(() => foundRefund(this.#books, wish, proof, act))
  }

  async requestApproval(request: L.ApprovalRequest, act: L.Act) {
    return this.#db.write(() => approving.requestApproval(this.#books, request, act))
  }

  async approval(id: number) {
    return approving.approvalById(this.#books, id)
  }

  async openApprovals(at: number) {
    return approving.openApprovals(this.#books, at)
  }

  async decide(id: number, yes: boolean, by: 'page' | 'terminal', act: L.Act) {
    return this.#db.write(() => approving.decide(this.#books, id, yes, by, act))
  }

  async frozen() {
    return books.frozen(this.#books)
  }

  async freeze(why: string | undefined, act: L.Act) {
    this.#db.write(() => books.freeze(this.#books, why, act))
  }

  async unfreeze(act: L.Act) {
    this.#db.write(() => books.unfreeze(this.#books, act))
  }

  async events(filter: records.RecordFilter) {
    return records.events(this.#books, filter)
  }

  async approvals(filter: records.RecordFilter) {
    return records.approvals(this.#books, filter)
  }

  async days(since?: number) {
    return records.days(this.#books, since)
  }

  async forget(out_trade_no: string, act: L.Act) {
    const known = this.#db.write(() => forgetting.forget(this.#books, out_trade_no, act))
    if (known) this.#db.shedOldPages()
    return known
  }

  async prune(madeBefore: number, act: L.Act) {
    const removed = this.#db.write(() => forgetting.prune(this.#books, madeBefore, act))
    if (removed > 0) this.#db.shedOldPages()
    return removed
  }

  close() {
    this.#db.close()
  }
}
