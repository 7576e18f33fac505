// Answers that Alipay's key has signed: what the fuzzer of the judge mutates, and the only ones that may be believed.

import { sign } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { alipay, app } from '../keys-for-tests.ts'

/** Alipay signs the body alone: it may come under the name of any method. */
export interface Genuine {
  /** As it stands in the answer, byte for byte. */
  raw: Buffer
  sign: string
  /** By the key of the app, which is not Alipay's. */
  strangers: string
}

export const METHODS = [
  'alipay.trade.query',
  'alipay.trade.refund',
  'alipay.trade.close',
  'alipay.trade.precreate',
  'alipay.trade.fastpay.refund.query',
] as const

// 系统繁忙 in GBK, and 閿, whose second byte is a brace: }
const BUSY_GBK = Buffer.from('cfb5cdb3b7b1c3a6', 'hex')
const BRACE_GBK = Buffer.from('e97d817b', 'hex')

const NUMBERS = { out_trade_no: 'A', trade_no: 'T1' }
const BODIES: readonly object[] = [
  { code: '10000', msg: 'Success', ...NUMBERS, total_amount: '9.90', trade_status: 'TRADE_SUCCESS' },
  {
    code: '10000',
    msg: 'Success',
    ...NUMBERS,
    total_amount: '9.90',
    trade_status: 'WAIT_BUYER_PAY',
    subject: '茶/"x"',
  },
  { code: '10000', msg: 'Success', ...NUMBERS, fund_change: 'Y', refund_fee: '1.00' },
  { code: '10000', msg: 'Success', out_trade_no: 'B', trade_no: 'T2' },
  { code: '10000', msg: 'Success', out_trade_no: 'A', qr_code: 'https://qr.alipay.com/bax03431ljhokirwl38f00a7' },
  {
    code: '10000',
    msg: 'Success',
    ...NUMBERS,
    out_request_no: 'R',
    refund_status: 'REFUND_SUCCESS',
    refund_amount: '1.00',
  },
  { code: '10000', msg: 'Success' },
  { code: '40004', msg: 'Business Failed', sub_code: 'ACQ.TRADE_NOT_EXIST', sub_msg: '交易不存在' },
  { code: '40004', msg: 'Business Failed', sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH', sub_msg: 'x' },
  { code: '20000', msg: 'Service Currently Unavailable', sub_code: 'isp.unknow-error', sub_msg: '系统繁忙' },
  { code: '40002', msg: 'Invalid Arguments', sub_code: 'isv.invalid-signature', sub_msg: '验签出错 a/b' },
  { code: '40006', msg: 'ISV Permission Denied', sub_code: 'isv.insufficient-isv-permissions' },
]

const texts = [
  ...BODIES.map((body) => JSON.stringify(body)),
  // Spelt otherwise than a program of ours would spell it.
  '{ "code" : "10000" ,\t"out_trade_no":"A","trade_no":"T1"}',
  '{"code":"10000","out_trade_no":"A","constructor":{"a":"}"},"__proto__":{"code":"40004"}}',
  '{"code":"40004","code":"10000","out_trade_no":"A"}',
  '{"code":"10000","out_trade_no":"A","qr_code":"https:\\/\\/qr.alipay.com\\/bax"}',
]

const gbk = [
  Buffer.concat([Buffer.from('{"code":"20000","sub_msg":"'), BUSY_GBK, Buffer.from('"}')]),
  Buffer.concat([
    Buffer.from('{"code":"10000","out_trade_no":"A","trade_no":"T1","store_name":"'),
    BRACE_GBK,
    Buffer.from('"}'),
  ]),
]

// From here, and from the bundle that the command makes.
const SAMPLES = new URL('../../test/samples/', import.meta.url)

/** Their bodies are Alipay's own words. */
function samples(): Buffer[] {
  const files = readdirSync(SAMPLES).filter((name) => name !== 'urls.json')
  return files.flatMap((name) => {
    const { raw_response } = JSON.parse(readFileSync(new URL(name, SAMPLES), 'utf8'))
    const [body] = Object.values(JSON.parse(raw_response))
    return body === undefined ? [] : [Buffer.from(JSON.stringify(body))]
  })
}

/** One with a slash comes a second time, signed as `\/` and sent as `/`. */
export function genuineAnswers(): readonly Genuine[] {
  const raws = [...texts.map((text) => Buffer.from(text)), ...gbk, ...samples()]
  return raws.flatMap((raw) => {
    const escaped = Buffer.from(raw.toString('latin1').replace(/(?<!\\)\//g, '\\/'), 'latin1')
    const signed = escaped.equals(raw) ? [raw] : [raw, escaped]
    return signed.map((bytes) => ({ raw, sign: signed64(bytes, alipay), strangers: signed64(bytes, app) }))
  })
}

const signed64 = (bytes: Buffer, { privateKey }: typeof alipay) =>
  sign('RSA-SHA256', bytes, privateKey).toString('base64')
