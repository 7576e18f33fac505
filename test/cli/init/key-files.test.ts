// Key files of init: never overwritten, the same key once, a made pair found again until settings use it.
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { keepKey, makePair, markUploaded, waitingPair } from '../../../src/cli/init/key-files.ts'
import { vectors } from '../../keys-for-tests.ts'
import { temporaryFiles } from '../../settings/settings-for-tests.ts'

const { folder } = temporaryFiles()
const fresh = (name: string) => join(folder, name)

it('a made pair has 2048 bits, is for its owner alone, and shows its public half as the console takes it', async () => {
  const home = fresh('made')
  const { privateKeyFile, publicHalfFile, publicHalf } = await makePair(home, 'sandbox')
  const key = createPrivateKey(readFileSync(privateKeyFile, 'utf8'))
  expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048)
  expect(publicHalf).toMatch(/^MII[A-Za-z0-9+/]+=*$/)
  const shown = createPublicKey({ key: Buffer.from(publicHalf, 'base64'), format: 'der', type: 'spki' })
  expect(shown.equals(createPublicKey(key))).toBe(true)
  expect(readFileSync(publicHalfFile, 'utf8')).toBe(`${publicHalf}\n`)
  expect(readdirSync(home)).toStrictEqual(['sandbox-app-public-key-to-upload.txt', 'sandbox-private-key.pem'])
  for (const path of [home, privateKeyFile, publicHalfFile]) expect(statSync(path).mode & 0o077).toBe(0)
})

it('a made pair waits until settings use it; of several the last, and never one that is in use', async () => {
  const home = fresh('waiting')
  expect(waitingPair(home, 'sandbox', undefined)).toBeUndefined()
  const first = await makePair(home, 'sandbox')
  expect(waitingPair(home, 'sandbox', undefined)).toMatchObject({ publicHalf: first.publicHalf })
  expect(waitingPair(home, 'production', undefined)).toBeUndefined()
  expect(waitingPair(home, 'sandbox', first.privateKeyFile)).toBeUndefined()
  markUploaded(first.privateKeyFile)
  expect(waitingPair(home, 'sandbox', undefined)).toBeUndefined()
  const second = await makePair(home, 'sandbox')
  expect(second.privateKeyFile).toBe(join(home, 'sandbox-private-key-2.pem'))
  expect(second.publicHalfFile).toBe(join(home, 'sandbox-app-public-key-2-to-upload.txt'))
  expect(waitingPair(home, 'sandbox', first.privateKeyFile)).toMatchObject({ privateKeyFile: second.privateKeyFile })
  markUploaded(second.privateKeyFile)
  expect(readdirSync(home)).toStrictEqual([
    'sandbox-app-public-key-2.txt',
    'sandbox-app-public-key.txt',
    'sandbox-private-key-2.pem',
    'sandbox-private-key.pem',
  ])
})

it('a key is kept once, whatever form it is pasted in, and beside another one under a name of its own', () => {
  const home = fresh('kept')
  const { app, alipay } = vectors
  const first = keepKey(home, 'production', 'private-key', app.private_pkcs8)
  expect(first).toBe(join(home, 'production-private-key.pem'))
  expect(keepKey(home, 'production', 'private-key', app.private_pkcs1)).toBe(first)
  const before = readFileSync(first)
  const other = keepKey(home, 'production', 'private-key', alipay.private_pkcs8)
  expect(other).toBe(join(home, 'production-private-key-2.pem'))
  expect(readFileSync(first)).toStrictEqual(before)
  expect(keepKey(home, 'sandbox', 'private-key', app.private_pkcs8)).toBe(join(home, 'sandbox-private-key.pem'))
  expect(keepKey(home, 'production', 'alipay-public-key', alipay.public_spki)).toBe(
    join(home, 'production-alipay-public-key.pem'),
  )
})

it('a file that is no key stays as it is, and a folder that others may write in is closed to them', () => {
  const home = fresh('odd')
  mkdirSync(home)
  chmodSync(home, 0o777)
  writeFileSync(join(home, 'sandbox-private-key.pem'), 'half a ke')
  const kept = keepKey(home, 'sandbox', 'private-key', vectors.app.private_pkcs8)
  expect(kept).toBe(join(home, 'sandbox-private-key-2.pem'))
  expect(readFileSync(join(home, 'sandbox-private-key.pem'), 'utf8')).toBe('half a ke')
  expect(statSync(home).mode & 0o777).toBe(0o700)
})
