// The number of a new order.
import { randomBytes } from 'node:crypto'
import { beijingTime } from '../clock.ts'

/** Nobody else's order has it; one that the merchant gave may be in use elsewhere. */
export function isOurNumber(out_trade_no: string): boolean {
  return /^\d{17}[0-9a-f]{16}$/.test(out_trade_no)
}

/** Sortable by time, not to be guessed, unique across processes: 17 digits of Beijing time, 64 random bits. */
export function newOrderNumber(now: number): string {
  const time = `${beijingTime(now)}${String(now % 1000).padStart(3, '0')}`.replace(/\D/g, '')
  return `${time}${randomBytes(8).toString('hex')}`
}
