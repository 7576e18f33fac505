// What all calls of one process share. Loaded when it is first needed: what it is made of is most of the program.
import { Approvals } from '../approval/approvals.ts'
import type { ApprovalsOptions } from '../approval/context.ts'
import type { Rules } from '../guard/call.ts'
import { PaymentWatches } from '../orders/payment-watch.ts'
import { OwnOrders } from '../orders/similar-orders.ts'
import { QrFiles } from '../qr.ts'
import { Refunds } from '../refunds/refund.ts'
import type { Services } from '../tools/tool.ts'

export interface SharedServices
  extends Omit<Services, 'actor' | 'approver' | 'signal' | 'stopping' | 'progress' | 'namedBuyer'> {
  /** This process, for the ledger; random. */
  owner: string
  approvals: Approvals
}

interface Parts extends Pick<SharedServices, 'gateway' | 'clock' | 'ledger' | 'owner' | 'pages' | 'role' | 'shop'> {
  rules: Rules
  qrFolder: string
  openPage?: ApprovalsOptions['openPage']
}

/** With nothing in flight, as after a start. */
export function newServices({ qrFolder, openPage, ...parts }: Parts): SharedServices {
  const { clock, ledger, rules } = parts
  const approvals = new Approvals({ environment: rules.environment, clock, ledger, openPage })
  const shared = {
    refunds: new Refunds(),
    watches: new PaymentWatches(clock),
    ownOrders: new OwnOrders(clock),
    qrFiles: new QrFiles(qrFolder),
  }
  return { ...parts, ...shared, approvals }
}
