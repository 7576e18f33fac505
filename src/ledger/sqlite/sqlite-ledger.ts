// The ledger on SQLite: each method one look at one partition, or one decision in one transaction.
import type { OrderName } from '../../gateway/gateway.ts'
import type { Ledger, PartitionKey, ShopPart, SubscriptionPart } from '../ledger.ts'
import { markAlertsSent, raiseAlert, unsentAlerts } from './alerts.ts'
import { announcements, saveAnnouncement } from './announcements.ts'
import { approvalById, decide, openApprovals, requestApproval } from './approvals.ts'
import { resolve } from './attempt-ends.ts'
import { markSending, reserve, takeOver } from './attempts.ts'
import { askRefund, buyerRequest, buyerRequests, declineRequest, handToOperator } from './buyer-requests.ts'
import { chargeByNumber, charges, noteChargeAbsent, reserveCharge } from './charges.ts'
import { checkout, clockOffsets, giveOnPage, press, saveClockOffsets, withdraw } from './checkouts.ts'
import { acceptItems } from './codes.ts'
import { findDamage } from './damage.ts'
import type { Database } from './database.ts'
import {
  dueHooks,
  endHook,
  findDelivery,
  markDelivered,
  readJournal,
  reserveDelivery,
  undelivered,
} from './deliveries.ts'
import { hasUnread } from './delivery-journal.ts'
import { forget, prune } from './erase.ts'
import { intentsInDoubt, intentsOf } from './intents.ts'
import { list } from './list-orders.ts'
import { recordNotification } from './notifications.ts'
import { OrderMemory, replacements, toOrder } from './orders.ts'
import { freeze, frozen, openPartition, type Partition, unfreeze } from './partition.ts'
import { beginPostpone, endPostpone } from './postponing.ts'
import { approvals, days, events, ordersElsewhere } from './reports.ts'
import { paymentsBlock, requestClose, reserveOrder, withdrawCloseRequest } from './reserve-order.ts'
import { evaluateRefund, foundRefund, reserveRefund } from './reserve-refund.ts'
import { buyerHash, claimSale, findSale, isClaimCode, leftOf, newSaleNumber, openSale, recoverSale } from './sales.ts'
import { subscription } from './subscription-rows.ts'
import {
  dueAgreements,
  pressSign,
  recordAgreement,
  requestAgreementQuery,
  requestCancel,
  reserveSubscription,
  rivals,
  subscriptions,
} from './subscriptions.ts'
import { nameOf, recordTrade } from './trade-updates.ts'
import {
  endLease,
  endQueryRequest,
  leaseOwner,
  mayRequestQuery,
  queryRequests,
  requestQuery,
  takeLease,
  unpaidOrders,
} from './watching.ts'

/** One statement, or several reads of one moment. */
type Work<Args extends unknown[], T> = (partition: Partition, ...args: Args) => T

/** @param folder of the file; undefined: it is in memory */
export function sqliteLedger(db: Database, key: PartitionKey, folder: string | undefined): Ledger {
  const partition = openPartition(db, key, folder)
  if (hasUnread(partition)) db.decide(() => readJournal(partition))
  const memory = new OrderMemory(partition)
  const look =
    <Args extends unknown[], T>(work: Work<Args, T>) =>
    (...args: Args) =>
      db.look(() => work(partition, ...args))
  const write =
    <Args extends unknown[], T>(work: Work<Args, T>) =>
    (...args: Args) =>
      db.write(() => work(partition, ...args))
  const find = (name: OrderName) => db.look(() => memory.find(name))
  return {
    inMemory: folder === undefined,
    async order(name) {
      const order = await find(name)
      return order && toOrder(order)
    },
    replacements: look(replacements),
    intents: look(intentsOf),
    inDoubt: look(intentsInDoubt),
    list: (filter) => db.read(() => list(partition, filter)),
    reserveOrder: write(reserveOrder),
    paymentsBlock: look(paymentsBlock),
    recordTrade: async (update, actor, addIfMissing = false) =>
      recordTrade(partition, await find(nameOf(update)), update, actor, addIfMissing),
    recordNotification: write(recordNotification),
    ...shopPart(look, write),
    ...subscriptionPart(look, write),
    holdsOrders: look(({ db: of, id }) => of.get('select 1 from orders where partition = ? limit 1', id) !== undefined),
    unpaidOrders: look(unpaidOrders),
    checkout: look(checkout),
    press: write(press),
    withdraw: write(withdraw),
    clockOffsets: look(clockOffsets),
    saveClockOffsets: write(saveClockOffsets),
    requestQuery: async (...asked) => (await look(mayRequestQuery)(...asked)) && write(requestQuery)(...asked),
    queryRequests: look(queryRequests),
    endQueryRequest: write(endQueryRequest),
    takeLease: write(takeLease),
    endLease: write(endLease),
    leaseOwner: look(leaseOwner),
    raiseAlert: write(raiseAlert),
    unsentAlerts: look(unsentAlerts),
    markAlertsSent: write(markAlertsSent),
    requestClose: write(requestClose),
    withdrawCloseRequest: async (out_trade_no, actor, requested_at) =>
      withdrawCloseRequest(partition, await find({ out_trade_no }), actor, requested_at),
    reserve: write(reserve),
    evaluateRefund: (...asked) => db.read(() => evaluateRefund(partition, ...asked)),
    reserveRefund: write(reserveRefund),
    markSending: write(markSending),
    resolve: write(resolve),
    takeOver: write(takeOver),
    foundRefund: write(foundRefund),
    requestApproval: write(requestApproval),
    approval: look(approvalById),
    openApprovals: look(openApprovals),
    decide: write(decide),
    frozen: look(frozen),
    freeze: write(freeze),
    unfreeze: write(unfreeze),
    events: look(events),
    approvals: look(approvals),
    days: look(days),
    ordersElsewhere: look(ordersElsewhere),
    damage: () => findDamage(db),
    forget: sheddingPages(db, write(forget)),
    prune: sheddingPages(db, write(prune)),
    close: () => db.close(),
  }
}

/** What was erased must not stay in the write-ahead log. */
function sheddingPages<Args extends unknown[], T extends boolean | number>(
  db: Database,
  erase: (...args: Args) => Promise<T>,
): (...args: Args) => Promise<T> {
  return async (...args) => {
    const erased = await erase(...args)
    if (erased) await db.shedOldPages()
    return erased
  }
}

type Runs = <Args extends unknown[], T>(
  work: (partition: Partition, ...args: Args) => T,
) => (...args: Args) => Promise<T>

function subscriptionPart(look: Runs, write: Runs): SubscriptionPart {
  return {
    reserveSubscription: write(reserveSubscription),
    subscription: look(subscription),
    subscriptions: look(subscriptions),
    pressSign: write(pressSign),
    rivals: look(rivals),
    recordAgreement: write(recordAgreement),
    requestCancel: write(requestCancel),
    saveAnnouncement: write(saveAnnouncement),
    announcements: look(announcements),
    charges: look(charges),
    charge: look(chargeByNumber),
    reserveCharge: write(reserveCharge),
    noteChargeAbsent: write(noteChargeAbsent),
    beginPostpone: write(beginPostpone),
    endPostpone: write(endPostpone),
    requestAgreementQuery: write(requestAgreementQuery),
    dueAgreements: look(dueAgreements),
  }
}

function shopPart(look: Runs, write: Runs): ShopPart {
  return {
    buyerHash: look(buyerHash),
    newSaleNumber: look(newSaleNumber),
    sale: look(findSale),
    openSale: look(openSale),
    claimSale: write(claimSale),
    isClaimCode: look(isClaimCode),
    recoverSale: write(recoverSale),
    leftOf: look(leftOf),
    acceptItems: write(acceptItems),
    reserveDelivery: write(reserveDelivery),
    giveOnPage: write(giveOnPage),
    delivery: look(findDelivery),
    dueHooks: look(dueHooks),
    endHook: write(endHook),
    undelivered: look(undelivered),
    markDelivered: write(markDelivered),
    askRefund: write(askRefund),
    buyerRequest: look(buyerRequest),
    buyerRequests: look(buyerRequests),
    handToOperator: write(handToOperator),
    declineRequest: write(declineRequest),
  }
}
