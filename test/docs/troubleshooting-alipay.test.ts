// Provokes what the page of troubleshooting quotes of Alipay's refusals.
import { afterAll, beforeAll } from 'vitest'
import { cleanUp, type Env, newPatient, type Patient, report } from '../doctor/patients.ts'
import { vectors } from '../keys-for-tests.ts'
import { useShop } from '../shop.ts'
import { prove } from './troubleshooting-page.ts'

let patient: Patient
const shop = useShop()
beforeAll(async () => {
  patient = await newPatient()
})
afterAll(cleanUp)

const doctor = async (change: Env) => (await report({ ...patient.env, ...change })).output
const query = () => shop.text('query_payment', { out_trade_no: 'ORDER_1' })
const code = () => shop.text('create_payment', { subject: 'Tea', total_amount: '1.00', channel: 'qr' })

prove('alipay', {
  '40002 isv.invalid-signature': () => doctor({ ALIPAY_PRIVATE_KEY: vectors.app.private_pkcs8 }),
  'the signature of the answer does not fit ALIPAY_PUBLIC_KEY': async () => {
    const output = await doctor({ ALIPAY_PUBLIC_KEY: vectors.alipay.public_spki })
    return { en: output, zh: output }
  },
  '40002 isv.invalid-app-id': () => doctor({ ALIPAY_APP_ID: '2021000000000001' }),
  '40006 isv.insufficient-isv-permissions': async () => {
    await shop.control('permissions', { 'alipay.trade.query': false })
    return query()
  },
  '40004 ACQ.ACCESS_FORBIDDEN': async () => {
    await shop.control('permissions', { 'alipay.trade.precreate': 'ACQ.ACCESS_FORBIDDEN' })
    return code()
  },
  '40005 isv.app-call-limited': async () => {
    await shop.control('faults', { fault: 'rate_limit' })
    return code()
  },
  '调试错误，请回到请求来源地，重新发起请求。错误代码 ... 错误原因: ...': async () => {
    const { pay_url } = await shop.call('create_payment', { subject: 'Tea', total_amount: '1.00' })
    const changed = await fetch(String(pay_url).replace('Tea', 'Tee'))
    return new TextDecoder('gbk').decode(await changed.arrayBuffer())
  },
})
