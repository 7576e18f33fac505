// The emulator under the fuzzer of pages: requests signed by its own app, cashiers that are open, and everything else.
import { sign } from 'node:crypto'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { alipay, app } from '../keys-for-tests.ts'
import { TestClock } from '../shop.ts'
import { MARKUP, objectOf } from './hostile.ts'
import type { Input } from './pages.ts'
import { formOf, type HttpAnswer, RawHttp } from './raw-http.ts'

type EmulatorInput = Exclude<Input, { to: 'approval' }>
type Signed = Extract<Input, { to: 'signed' }>
type Cashier = Extract<Input, { to: 'cashier' }>

const FORM = 'application/x-www-form-urlencoded'
// So that what is shown stays short, and the cashiers are open.
const RUNS_WITH_ONE = 60
const page = 'alipay.trade.page.pay'

export async function openEmulator() {
  const emulator = await startEmulator({ clock: new TestClock(), keys: { application: app, alipay } })
  const http = new RawHttp(Number(new URL(emulator.gateway).port))
  const { app_id } = emulator
  let [runs, number] = [0, 0]
  let cashiers: string[] = []

  const get = (path: string) => http.send({ method: 'GET', path, headers: [], body: '' })
  const control = (path: string, json: string, origin = `http://${http.host}`) =>
    http.send({
      method: 'POST',
      path: `/control/${path}`,
      headers: [['content-type', 'application/json'], ...(origin === '' ? [] : [['origin', origin] as const])],
      body: json,
    })
  const signed = async (input: Signed): Promise<HttpAnswer[]> => {
    const answer = await get(`/gateway.do?${parametersOf(input, app_id, `N${number++}`)}`)
    const { location } = answer.headers
    return location?.startsWith('/') ? [answer, await get(location)] : [answer]
  }
  const renew = async () => {
    await control('reset', '{}')
    await control('app', '{"state":"online"}')
    const subjects = MARKUP.slice(0, 3).map(
      (subject) => ({ to: 'signed', method: page, more: [], content: [['subject', subject]] }) as const,
    )
    const opened = await Promise.all(subjects.map((one) => signed(one)))
    cashiers = opened.flatMap(([answer]) => answer?.headers.location ?? [])
  }
  const cashier = ({ which, step, query, form, post, origin }: Cashier) =>
    http.send({
      method: post ? 'POST' : 'GET',
      path: `${cashiers[which] ?? '/cashier/x'}${step && `/${step}`}?${formOf(query)}`,
      headers: [
        ['content-type', FORM],
        ['origin', origin === 'own' ? `http://${http.host}` : origin],
      ],
      body: post ? formOf(form) : '',
    })

  await renew()
  return {
    async send(input: EmulatorInput): Promise<HttpAnswer[]> {
      if (++runs % RUNS_WITH_ONE === 0) await renew()
      // Somewhere a buyer or a merchant looks at the orders.
      const overview = runs % 10 === 0 ? [await get('/')] : []
      if (input.to === 'signed') return [...overview, ...(await signed(input))]
      if (input.to === 'cashier') return [...overview, await cashier(input)]
      if (input.to === 'anywhere') return [...overview, await http.send(input.request)]
      const { path, json, origin } = input
      return [...overview, await control(path, json, origin === 'own' ? undefined : origin)]
    },
    async close() {
      http.close()
      await emulator.close()
    },
  }
}

/** What the methods need, then what the input wants instead, then a signature over all of it. */
function parametersOf({ method, content, more }: Signed, app_id: string, out_trade_no: string): string {
  const product_code = method === page ? 'FAST_INSTANT_TRADE_PAY' : undefined
  const usual = { out_trade_no, total_amount: '9.90', subject: 'Tea', product_code }
  const all: Readonly<Record<string, string>> = {
    app_id,
    method,
    charset: 'utf-8',
    sign_type: 'RSA2',
    timestamp: '2026-11-20 10:00:00',
    version: '1.0',
    biz_content: JSON.stringify({ ...usual, ...objectOf(content) }),
    ...objectOf(more),
  }
  const text = Object.keys(all)
    .sort()
    .map((name) => `${name}=${all[name]}`)
    .join('&')
  const signature = sign('RSA-SHA256', Buffer.from(text), app.privateKey).toString('base64')
  return formOf([...Object.entries(all), ...(all.sign === undefined ? [['sign', signature] as const] : [])])
}
