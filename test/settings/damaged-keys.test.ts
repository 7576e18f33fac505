// However a key is damaged on its way, what is read is the right key or nothing: never another one, never its text.
import { createPublicKey, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePrivateKey, parsePublicKey } from '../../src/settings/keys.ts'
import { PastedTextError } from '../../src/settings/pasted-text.ts'
import { alipay, app, bare, leaks, vectors } from '../keys-for-tests.ts'

function expectRightOrRefused(parse: () => KeyObject, right: KeyObject, key: string): void {
  try {
    const read = parse()
    expect((read.type === 'private' ? createPublicKey(read) : read).equals(right)).toBe(true)
  } catch (error) {
    if (!(error instanceof PastedTextError)) throw error
    expect(leaks(`${error.message} ${error.fix}`, key)).toBe(false)
  }
}

const FORMS = (pem: string) => [
  pem,
  bare(pem),
  pem.replaceAll('\n', '\\\\n'),
  encodeURIComponent(pem),
  `密钥: ${bare(pem)} 。`,
]
const { private_pkcs1, private_pkcs8 } = vectors.app
const { public_pkcs1, public_spki } = vectors.alipay
const SIGNS = [...'AZaz09+/=-_%&#;"\'\\\n \t.,*<>{}私\u200b']
const place = fc.integer({ min: 0, max: 5_000 })
const sign = fc.constantFrom(...SIGNS)

describe('a key in which', () => {
  it('a sign of a private key was replaced, left out or added', () => {
    const forms = [...FORMS(private_pkcs1), ...FORMS(private_pkcs8)]
    fc.assert(
      fc.property(fc.constantFrom(...forms), place, sign, fc.integer({ min: 0, max: 3 }), (text, at, other, left) => {
        const damaged = text.slice(0, at % text.length) + other + text.slice((at % text.length) + left)
        expectRightOrRefused(() => parsePrivateKey(damaged), app.publicKey, text)
      }),
      { numRuns: 200 },
    )
  })

  it('a part of a public key was left out or doubled', () => {
    // Not where + is written %2B or &#43;: without its first signs another letter stands there, and no key tells that.
    const forms = [...FORMS(public_pkcs1), ...FORMS(public_spki)].filter((form) => !/[%&\\]/.test(form))
    expect(forms.length).toBeGreaterThan(3)
    fc.assert(
      fc.property(
        fc.constantFrom(...forms),
        place,
        fc.integer({ min: 1, max: 80 }),
        fc.boolean(),
        (text, at, length, twice) => {
          const from = at % text.length
          const damaged = twice
            ? text.slice(0, from + length) + text.slice(from)
            : text.slice(0, from) + text.slice(from + length)
          expectRightOrRefused(() => parsePublicKey(damaged), alipay.publicKey, text)
        },
      ),
      { numRuns: 300 },
    )
  })
})
