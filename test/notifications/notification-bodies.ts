// Bodies of notifications, made from Alipay's documents with Node's own parts, and the key that signs them.
import { type KeyObject, sign } from 'node:crypto'
import { alipay } from '../keys-for-tests.ts'

export const PAID: Readonly<Record<string, string>> = {
  gmt_create: '2026-11-20 10:00:00',
  charset: 'utf-8',
  subject: '咖啡 100% & "大"',
  version: '1.0',
  notify_id: '2026112000222100000000000000000001',
  notify_type: 'trade_status_sync',
  notify_time: '2026-11-20 10:00:05',
  out_trade_no: 'ORDER_1',
  trade_no: '2026112022001400000000000001',
  trade_status: 'TRADE_SUCCESS',
  total_amount: '20.00',
  seller_id: '2088000000000001',
  app_id: '9021000000000001',
  auth_app_id: '9021000000000001',
  sign_type: 'RSA2',
}

export function signedBody(
  fields: Readonly<Record<string, string>>,
  {
    key = alipay.privateKey,
    digest = 'sha256',
    skipEmpty = true,
  }: { key?: KeyObject; digest?: string; skipEmpty?: boolean } = {},
): string {
  const text = Object.keys(fields)
    .filter((name) => name !== 'sign' && name !== 'sign_type' && !(skipEmpty && fields[name] === ''))
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&')
  return new URLSearchParams({ ...fields, sign: sign(digest, Buffer.from(text), key).toString('base64') }).toString()
}
