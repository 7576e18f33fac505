// Recipes for what a gateway may answer: genuine answers, whole or changed, and what was never one.
import fc from 'fast-check'
import { rootOf } from '../keys-for-tests.ts'
import { type Genuine, genuineAnswers, METHODS } from './genuine-answers.ts'
import { type Edit, edited, edits, hostileJson, PROTOTYPE_NAMES } from './hostile.ts'

export const GENUINE: readonly Genuine[] = genuineAnswers()

const SIGNS = ['own', 'other', 'stranger', 'none', 'empty', 'cut', 'spaced', 'url', 'escaped', 'value'] as const

export interface Answer {
  method: (typeof METHODS)[number]
  genuine: number
  other: number
  sign: (typeof SIGNS)[number]
  /** In place of a sign that is a text. */
  value: string
  root: string
  signFirst: boolean
  space: string
  /** Members between, by their names: the answer's own and `sign` among them. */
  extra: readonly (readonly [string, string])[]
  edits: readonly Edit[]
}

export interface Asked {
  out_trade_no?: string
  trade_no?: string
  out_request_no?: string
}

const genuine = fc.nat({ max: GENUINE.length - 1 })
const usually = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) })

export const answers: fc.Arbitrary<Answer> = fc
  .record({
    method: fc.constantFrom(...METHODS),
    genuine,
    other: genuine,
    sign: fc.oneof({ weight: 4, arbitrary: fc.constant('own' as const) }, fc.constantFrom(...SIGNS)),
    value: hostileJson,
    root: usually('', 'error_response', 'alipay_trade_refund_response', 'sign', ...PROTOTYPE_NAMES),
    signFirst: fc.boolean(),
    space: usually('', ' ', '\r\n\t', '\ufeff', '\u0000'),
    extra: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, extraMembers()),
    edits: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, edits(3)),
  })
  .map(({ root, ...rest }) => ({ ...rest, root: root === '' ? rootOf(rest.method) : root }))

function extraMembers() {
  const names = ['sign', 'alipay_cert_sn', 'error_response', ...METHODS.map(rootOf), ...PROTOTYPE_NAMES, 'a']
  return fc.array(fc.tuple(fc.constantFrom(...names), hostileJson), { maxLength: 2 })
}

export const asked: fc.Arbitrary<Asked> = fc
  .tuple(
    fc.constantFrom(undefined, 'A', 'A', 'B'),
    fc.constantFrom(undefined, undefined, 'T1', 'T2'),
    fc.constantFrom(undefined, undefined, 'R', 'S'),
  )
  .map(([out_trade_no, trade_no, out_request_no]) => ({
    ...(out_trade_no && { out_trade_no }),
    ...(trade_no && { trade_no }),
    ...(out_request_no && { out_request_no }),
  }))

export function bytesOf(answer: Answer): Buffer {
  const { root, signFirst, space, extra } = answer
  const { raw } = genuineOf(answer.genuine)
  const sign = signText(answer)
  const own = [Buffer.from(`${JSON.stringify(root)}:${space}`), raw]
  const signed = sign === undefined ? [] : [Buffer.from(`"sign"${space}:${sign}`)]
  const others = extra.map(([name, value]) => Buffer.from(`${JSON.stringify(name)}:${value}`))
  const members = [Buffer.concat(own), ...others, ...signed]
  return edited(joined(signFirst ? members.reverse() : members, space), answer.edits)
}

function joined(members: readonly Buffer[], space: string): Buffer {
  const parts = members.flatMap((member, index) => [Buffer.from(index === 0 ? `${space}{` : `,${space}`), member])
  return Buffer.concat([...parts, Buffer.from(`}${space}`)])
}

const genuineOf = (index: number): Genuine => GENUINE[index] ?? { raw: Buffer.from('{}'), sign: '', strangers: '' }

/** As it stands in the answer; undefined where there is none. */
function signText({ genuine, other, sign, value }: Answer): string | undefined {
  const own = genuineOf(genuine).sign
  const texts: Readonly<Record<(typeof SIGNS)[number], string | undefined>> = {
    own: `"${own}"`,
    other: `"${genuineOf(other).sign}"`,
    stranger: `"${genuineOf(genuine).strangers}"`,
    none: undefined,
    empty: '""',
    cut: `"${own.slice(0, 300)}"`,
    spaced: `" ${own.slice(0, 9)} ${own.slice(9)}"`,
    url: `"${own.replaceAll('+', '-').replaceAll('/', '_')}"`,
    escaped: `"${own.replaceAll('/', '\\/')}"`,
    value: value,
  }
  return texts[sign]
}

const UNFIT = ['', 'null', '[]', '""', '{}', '<html><body>502</body></html>', '{"sign":', '\ufeff{}', 'callback({})']

/** What no Alipay has said: bytes, other JSON, brackets without end. */
export const unsignedBytes: fc.Arbitrary<Buffer> = fc.oneof(
  fc.constantFrom(...UNFIT).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc.json({ maxDepth: 2 }).map((text) => Buffer.from(text)),
  fc
    .array(fc.tuple(fc.constantFrom('sign', ...METHODS.map(rootOf), ...PROTOTYPE_NAMES), hostileJson), { maxLength: 3 })
    .map((pairs) => Buffer.from(`{${pairs.map(([name, value]) => `"${name}":${value}`).join()}}`)),
  fc
    .tuple(fc.constantFrom('{"a":', '[', '"\\', '{"sign":{"a":'), fc.integer({ min: 1, max: 20_000 }))
    .map(([piece, times]) => Buffer.from(piece.repeat(times))),
)
