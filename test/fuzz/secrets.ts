// Finds a private key in what came out, by pieces of it, fast enough for a million texts.
import { bare, vectors } from '../keys-for-tests.ts'

const PIECE = 16
const KEYS = [vectors.app.private_pkcs8, vectors.alipay.private_pkcs8].map(bare)
// One piece after the other: any part of twice that length holds a whole one. The first bytes are those of every key.
const PIECES = KEYS.flatMap((key) => (key.match(/.{16}/g) ?? []).slice(3))
const MAYBE = /[A-Za-z0-9+/=]{16,}/

/** What a text shows of a private key of these tests, named and not shown. */
export function leaked(text: string): string | undefined {
  if (text.length < PIECE || !MAYBE.test(text)) return undefined
  const at = PIECES.findIndex((piece) => text.includes(piece))
  return at < 0 ? undefined : `16 characters in a row of a private key (piece ${at})`
}
