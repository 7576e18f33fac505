// The synchronous return: checks the merchant's return_url and builds the signed link back to it.
import type { Agreement } from './agreements/agreement.ts'
import { Refusal } from './answers.ts'
import { beijingTime } from './clock.ts'
import { yuanOf } from './fen.ts'
import { signedFields } from './notifications/agreement-notification.ts'
import type { Platform } from './platform.ts'
import { signBytes, textToSign } from './signature.ts'
import type { Trade } from './trade.ts'
import type { Opening, ReturnTo } from './trade-store.ts'

/** Own query keys of these names make Alipay suspect an attack. */
const RESERVED = ['body', 'subject', 'service', 'out_trade_no', 'seller_id', 'total_fee', 'method']

export function checkedReturn(values: ReadonlyMap<string, string>): ReturnTo | undefined {
  const return_url = values.get('return_url')
  if (!return_url) return undefined
  // Anything but http(s) would let a link run script on the receipt page.
  if (return_url.length > 256 || !/^https?:\/\//i.test(return_url) || !URL.canParse(return_url)) {
    throw new Refusal('ACQ.INVALID_PARAMETER')
  }
  const keys = new URL(return_url).searchParams
  if (RESERVED.some((key) => keys.has(key))) throw new Refusal('isv.suspected-attack')
  return { url: return_url, app_id: values.get('app_id') ?? '' }
}

/** Where the buyer goes after paying; it carries no trade_status and proves no payment. */
export function signedReturn(opening: Opening, trade: Trade, platform: Platform): string | undefined {
  if (opening.return_to === undefined) return undefined
  const { app_id } = opening.return_to
  const params = new Map([
    ['charset', 'utf-8'],
    ['out_trade_no', trade.out_trade_no],
    ['method', opening.channel === 'page' ? 'alipay.trade.page.pay.return' : 'alipay.trade.wap.pay.return'],
    ['total_amount', yuanOf(trade.total_fen)],
    ['sign', ''],
    ['trade_no', trade.trade_no],
    ['auth_app_id', app_id],
    ['version', '1.0'],
    ['app_id', app_id],
    ['sign_type', 'RSA2'],
    ['seller_id', platform.seller_id],
    ['timestamp', beijingTime(platform.clock.now())],
  ])
  return signedAddress(opening.return_to.url, params, platform)
}

/** [guess G37] After signing: what the notification says, and like the return from a payment no proof. */
export function signedAgreementReturn(agreement: Agreement, platform: Platform): string | undefined {
  const { return_to } = agreement.terms
  if (return_to === undefined) return undefined
  const { url, app_id } = return_to
  const said = Object.entries(signedFields(agreement, platform)).flatMap(([name, value]): [string, string][] => {
    return value === undefined ? [] : [[name, value]]
  })
  const params = new Map([
    ['charset', 'utf-8'],
    ['method', 'alipay.user.agreement.page.sign.return'],
    ...said,
    ['sign', ''],
    ['auth_app_id', app_id],
    ['version', '1.0'],
    ['app_id', app_id],
    ['sign_type', 'RSA2'],
    ['timestamp', beijingTime(platform.clock.now())],
  ] as const)
  return signedAddress(url, params, platform)
}

function signedAddress(return_url: string, params: Map<string, string>, { keys }: Platform): string {
  const text = textToSign(params, ['sign', 'sign_type'])
  params.set('sign', signBytes(Buffer.from(text), keys.alipay.privateKey))
  const url = new URL(return_url)
  for (const [key, value] of params) url.searchParams.append(key, value)
  return url.href
}
