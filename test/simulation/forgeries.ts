// Answers that somebody between server and Alipay makes up: well-formed, about the right order, and not signed by Alipay.
import { gatewayJson, type Reply } from '../../src/emulator/reply.ts'
import type { Fields } from './alipay.ts'

export interface Forgery {
  says: 'done' | 'refused' | 'nothing'
  signed: 'not' | 'wrongly'
  /** Whether the request reaches Alipay all the same. */
  effect: boolean
}

const NOBODYS_SIGNATURE = Buffer.alloc(128, 7).toString('base64')
const TRADE_NO = '2026112022001400000000000001'

export function forged({ says, signed }: Forgery, { method, biz }: { method: string; biz: Fields }): Reply {
  const { out_trade_no = 'FORGED', trade_no = TRADE_NO } = biz
  const order = { out_trade_no, trade_no }
  const answers: Record<Forgery['says'], Fields> = {
    done: { code: '10000', msg: 'Success', ...order, ...rosy(method, biz) },
    refused: { code: '40004', msg: 'Business Failed', sub_code: refusal(method), sub_msg: '', ...order },
    nothing: { code: '10000', msg: 'Success' },
  }
  const key = `${method.replaceAll('.', '_')}_response`
  const sign = signed === 'wrongly' ? `,"sign":"${NOBODYS_SIGNATURE}"` : ''
  return gatewayJson(`{"${key}":${JSON.stringify(answers[says])}${sign}}`)
}

function rosy(method: string, { refund_amount, out_request_no }: Fields): Fields {
  const date = '2026-11-20 12:00:00'
  switch (method) {
    case 'alipay.trade.refund':
      return { fund_change: 'Y', refund_fee: refund_amount, gmt_refund_pay: date }
    case 'alipay.trade.fastpay.refund.query':
      return { out_request_no, refund_amount: '1.00', refund_status: 'REFUND_SUCCESS', gmt_refund_pay: date }
    case 'alipay.trade.query':
      return { trade_status: 'TRADE_SUCCESS', total_amount: '1.00', send_pay_date: date }
    case 'alipay.trade.precreate':
      return { qr_code: 'https://qr.example/forged' }
    default:
      return {}
  }
}

function refusal(method: string): string {
  return method === 'alipay.trade.query' ? 'ACQ.TRADE_NOT_EXIST' : 'ACQ.INVALID_PARAMETER'
}
