// Fuzzes the pages: the emulator's gateway, cashier, overview and control calls, and the page on which a refund is approved.
import fc from 'fast-check'
import type { Came, Fuzzer, Subject } from './fuzzer.ts'
import { METHODS } from './genuine-answers.ts'
import { hostileJson, hostileName, hostileText, MARKUP } from './hostile.ts'
import { openApproval } from './page-of-approval.ts'
import { openEmulator } from './pages-of-emulator.ts'
import { formOf, type HttpAnswer, type HttpRequest } from './raw-http.ts'

type Pairs = readonly (readonly [string, string])[]

/** What is sent where. `own` stands for what the right client would send. */
export type Input =
  | { to: 'signed'; method: string; content: Pairs; more: Pairs }
  | { to: 'cashier'; which: number; step: string; query: Pairs; form: Pairs; post: boolean; origin: string }
  | { to: 'control'; path: string; json: string; origin: string }
  | { to: 'anywhere'; request: HttpRequest }
  | { to: 'approval'; method: string; path: string; host: string; origin: string; type: string; form: Pairs }

export interface Shown extends Came {
  answers: readonly HttpAnswer[]
  /** The merchant's yes or no was taken from a request that was not his page's own. */
  decided: string | undefined
}

export type Send = (input: Input) => Promise<Omit<Shown, 'text'>>

const pairsOf = (names: readonly string[], most: number) =>
  fc.array(
    fc.tuple(
      fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: hostileName }),
      hostileText,
    ),
    { maxLength: most },
  )

const METHOD_NAMES = [
  ...METHODS,
  'alipay.trade.page.pay',
  'alipay.trade.page.pay',
  'alipay.trade.wap.pay',
  'alipay.x',
  '',
]
const CONTENT = ['out_trade_no', 'subject', 'body', 'total_amount', 'time_expire', 'out_request_no', 'refund_amount']
const PARAMETERS = [
  'method',
  'app_id',
  'charset',
  'sign',
  'sign_type',
  'timestamp',
  'biz_content',
  'return_url',
  'format',
]
const CONTROLS = [
  'scan',
  'pay',
  'refund',
  'clock',
  'faults',
  'faults/clear',
  'balance',
  'sandbox',
  'rules',
  'permissions',
  'app',
]
const ORIGINS = ['own', 'null', 'https://evil.example', 'http://127.0.0.1.evil.example', '']
const origin = fc.oneof({ weight: 3, arbitrary: fc.constant('own') }, fc.constantFrom(...ORIGINS), hostileText)
const usually = (usual: string, other: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other })

const controlJson = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .array(
        fc.tuple(
          fc.constantFrom('pay_url', 'qr_code', 'out_trade_no', 'account', 'refund_amount', 'ms', 'balance', 'on'),
          hostileJson,
        ),
        { maxLength: 3 },
      )
      .map((pairs) => `{${pairs.map(([name, json]) => `"${name}":${json}`).join()}}`),
  },
  { weight: 1, arbitrary: hostileJson },
  { weight: 1, arbitrary: hostileText },
)

const headers = fc.array(
  fc.tuple(
    fc.constantFrom(
      'host',
      'origin',
      'content-type',
      'cookie',
      'sec-fetch-dest',
      'x-forwarded-host',
      'transfer-encoding',
    ),
    fc.oneof(
      hostileText,
      fc.constantFrom('127.0.0.1', 'multipart/form-data; boundary=x', 'application/json', 'evil.example'),
    ),
  ),
  { maxLength: 3 },
)
const path = fc
  .tuple(
    fc.constantFrom(
      '',
      '/',
      '//',
      '/gateway.do',
      '/cashier/',
      '/qr/',
      '/control',
      '/control/trades',
      '/../',
      'http://evil.example/',
    ),
    hostileText,
  )
  .map((parts) => parts.join(''))

export const pageInputs: fc.Arbitrary<Input> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      to: fc.constant('signed' as const),
      method: fc.constantFrom(...METHOD_NAMES),
      content: pairsOf(CONTENT, 3),
      more: pairsOf(PARAMETERS, 1),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      to: fc.constant('cashier' as const),
      which: fc.nat({ max: 3 }),
      step: fc.oneof(fc.constantFrom('', '', 'login', 'pay', 'pay/x'), hostileText),
      query: pairsOf(['account'], 2),
      form: pairsOf(['account'], 2),
      post: fc.boolean(),
      origin,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      to: fc.constant('control' as const),
      path: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...CONTROLS) }, hostileText),
      json: controlJson,
      origin,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      to: fc.constant('anywhere' as const),
      request: fc.record({
        method: usually('GET', fc.constantFrom('POST', 'HEAD', 'OPTIONS', 'PUT', 'TRACE')),
        path,
        headers,
        body: fc.oneof(fc.constant(''), hostileText, pairsOf(PARAMETERS, 3).map(formOf)),
      }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      to: fc.constant('approval' as const),
      method: usually('POST', fc.constantFrom('GET', 'PUT', 'HEAD')),
      path: usually('own', hostileText),
      host: usually('own', fc.constantFrom('localhost', 'evil.example', '127.0.0.1')),
      origin,
      type: usually('own', fc.constantFrom('text/plain', 'application/json', '')),
      form: fc.array(
        fc.tuple(
          fc.constantFrom('token', 'token', 'decision', 'decision', 'x'),
          fc.oneof({ weight: 4, arbitrary: fc.constantFrom('own', 'yes', 'no') }, hostileText),
        ),
        { maxLength: 3 },
      ),
    }),
  },
)

const RAW = [...MARKUP.filter((text) => !text.startsWith('&')), 'href="javascript:', "href='javascript:"]
/** What a browser would take for a page; in a sandbox it runs nothing. */
const isHtml = ({ headers: { 'content-type': type, 'content-security-policy': policy } }: HttpAnswer) =>
  (type?.startsWith('text/html') ?? false) && policy !== 'sandbox'

export function pageFuzzer(wrap: (send: Send) => Send = (send) => send): Fuzzer<Input, Shown> {
  return {
    name: 'pages',
    slice: 1_000,
    inputs: pageInputs,
    open: () => openPages(wrap),
    properties: [
      {
        name: 'answers with a status of its own, below 500',
        kind: 'internal error',
        fault: ({ answers }) => answers.find(({ status }) => status >= 500)?.text,
      },
      {
        name: 'escapes what it shows',
        kind: 'other',
        fault: ({ answers }) =>
          RAW.find((raw) => answers.some((answer) => isHtml(answer) && answer.text.includes(raw))),
      },
      {
        name: 'lets nobody write its headers',
        kind: 'other',
        fault: ({ answers }) => answers.flatMap(({ headers: got }) => got['set-cookie'] ?? [])[0],
      },
      {
        name: "takes the merchant's decision from his own page alone",
        kind: 'belief',
        fault: ({ decided }) => decided,
      },
    ],
  }
}

async function openPages(wrap: (send: Send) => Send): Promise<Subject<Input, Shown>> {
  const [emulator, approval] = [await openEmulator(), await openApproval()]
  const send = wrap(async (input) => {
    if (input.to === 'approval') return approval.send(input)
    return { answers: await emulator.send(input), decided: undefined }
  })
  return {
    async try(input) {
      const shown = await send(input)
      return {
        ...shown,
        text: shown.answers.map((answer) => `${JSON.stringify(answer.headers)}\n${answer.text}`).join('\n'),
      }
    },
    async close() {
      await approval.close()
      await emulator.close()
    },
  }
}
