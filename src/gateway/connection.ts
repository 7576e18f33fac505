// What it takes to talk to one gateway as one app.
import type { KeyObject } from 'node:crypto'

export interface Connection {
  gateway: string
  app_id: string
  privateKey: KeyObject
  alipayPublicKey: KeyObject
  notify_url?: string | undefined
  return_url?: string | undefined
  /** One exchange, milliseconds. */
  timeout: number
  /** PEM texts, in certificate mode 公钥证书模式. */
  certificates?: { app: string; alipay: string; root: string } | undefined
  /** For those who act for a merchant. */
  app_auth_token?: string | undefined
  /** Which product of precreate the merchant has signed for. */
  qrProductCode?: string | undefined
}
