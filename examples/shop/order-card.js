// What the browser shows of an order or a subscription: a card with its link and code; and a box with what was delivered.
import QRCode from 'qrcode'
import { isOnThisComputer } from './settings.js'

/** A code is for another device: of a link that opens on this computer only there is none. */
export function cardOf(order) {
  const { link } = order
  const isHere = link !== undefined && isOnThisComputer(new URL(link).hostname)
  const isToScan = link !== undefined && !isHere && order.state !== 'live'
  return { kind: 'order', ...order, isHere, code: isToScan ? codeOf(link) : undefined }
}

/** Its dark squares as the path of a drawing, row by row. */
function codeOf(link) {
  const { size, data } = QRCode.create(link, { errorCorrectionLevel: 'M' }).modules
  const dark = [...data].flatMap((bit, at) => (bit ? `M${at % size} ${Math.floor(at / size)}h1v1h-1z` : []))
  return { size, path: dark.join('') }
}

/** @returns undefined where nothing is to be shown, as for what the model makes itself */
export function goodsOf(tool, { out_trade_no: number, codes, delivered_text: text }) {
  if (tool !== 'deliver_order' || (codes === undefined && text === undefined)) return undefined
  return { kind: 'goods', number, codes: codes?.map(({ redeem_code }) => redeem_code) ?? [], text }
}
