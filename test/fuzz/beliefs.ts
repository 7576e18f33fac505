// Whether what was believed is what Alipay's key has signed: known from what was signed here, not by verifying again.
import type { Outcome, Refusal } from '../../src/gateway/gateway.ts'
import { GENUINE } from './answer-recipes.ts'
import type { Genuine } from './genuine-answers.ts'

export type Fields = Readonly<Record<string, unknown>>

interface Known extends Genuine {
  fields: Fields
  signature: Buffer
  /** Without the backslash before slashes: Alipay signs and sends both forms. */
  plain: string
}

const ENCODINGS = ['utf-8', 'gb18030']
const decode = (bytes: Uint8Array, encoding: string) => new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes)
const plain = (bytes: Buffer) => bytes.toString('latin1').replaceAll('\\/', '/')

const KNOWN: readonly Known[] = GENUINE.flatMap((one) =>
  ENCODINGS.map((encoding) => ({
    ...one,
    fields: fieldsIn(decode(one.raw, encoding)) ?? {},
    signature: Buffer.from(one.sign, 'base64'),
    plain: plain(one.raw),
  })),
)

/** What is wrong with a belief; undefined where nothing is believed, or rightly. */
export function believedWithoutSignature(outcome: Outcome<Fields>, bytes: Buffer): string | undefined {
  if (outcome.outcome === 'unknown' || (outcome.outcome === 'refused' && !outcome.refusal.verified)) return undefined
  const said = outcome.outcome === 'done' ? outcome.answer : wordsOf(outcome.refusal)
  const signatures = ENCODINGS.map((encoding) => signIn(decode(bytes, encoding)))
  const text = plain(bytes)
  const rightly = KNOWN.some(
    (one) =>
      signatures.some((signature) => signature?.equals(one.signature)) &&
      text.includes(one.plain) &&
      Object.entries(said).every(([key, value]) => isSame(one.fields[key], value)),
  )
  return rightly ? undefined : `${outcome.outcome}: ${JSON.stringify(said)}, which nobody signed like this`
}

const wordsOf = ({ code, msg, sub_code, sub_msg }: Refusal): Fields => ({ code, msg, sub_code, sub_msg })
const isSame = (one: unknown, other: unknown) => one === other || JSON.stringify(one) === JSON.stringify(other)

/** The signature that the last `sign` of an answer holds. */
function signIn(text: string): Buffer | undefined {
  const { sign } = fieldsIn(text) ?? {}
  return typeof sign === 'string' ? Buffer.from(sign, 'base64') : undefined
}

function fieldsIn(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text.trim())
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined
  } catch {
    return undefined
  }
}
