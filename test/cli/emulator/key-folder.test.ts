// The folder of `emulator --keys`: made once, taken from then on, never overwritten; what is wrong in it is named.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CERTIFICATE_FILES, folderNamed, openKeyFolder } from '../../../src/cli/emulator/key-folder.ts'
import { UsageError } from '../../../src/cli/usage-text.ts'
import { startEmulator } from '../../../src/emulator/emulator.ts'
import { app, bare, leaks, vectors } from '../../keys-for-tests.ts'
import { temporaryFiles } from '../../settings/settings-for-tests.ts'

const { folder } = temporaryFiles()
const IDS = { app_id: '9021000000000001', seller_id: '2088000000000001' }
const OTHER_IDS = { app_id: '9021000000000002', seller_id: '2088000000000002' }
let count = 0
const fresh = () => join(folder, String(++count), 'keys')
/** A folder that was made before: making keys takes long. */
const complete = fresh()
const copied = () => {
  if (!existsSync(complete)) openKeyFolder(complete, IDS)
  const keys = fresh()
  cpSync(complete, keys, { recursive: true })
  return keys
}
const publicOf = ({ publicKey }: { publicKey: typeof app.publicKey }) =>
  publicKey.export({ type: 'spki', format: 'der' }).toString('base64')

function refusal(keys: string, own?: typeof app.publicKey): string {
  try {
    openKeyFolder(keys, IDS, own)
  } catch (error) {
    expect(error).toMatchObject({ name: 'UsageError' })
    return String(error)
  }
  throw new Error('was taken')
}

describe('a folder that is not there', () => {
  it('is made for its owner alone, with ids and two keys', () => {
    const keys = fresh()
    const made = openKeyFolder(keys, IDS)
    expect(made).toMatchObject({ ids: IDS, certificates: undefined })
    expect(statSync(keys).mode & 0o777).toBe(0o700)
    for (const name of ['emulator.json', 'app_private_key.pem', 'alipay_private_key.pem']) {
      expect(statSync(join(keys, name)).mode & 0o777).toBe(0o600)
    }
    expect(publicOf(made.keys.application)).not.toBe(publicOf(made.keys.alipay))
  })

  it('has the same ids and keys at the next start', () => {
    const keys = fresh()
    const [first, second] = [openKeyFolder(keys, IDS), openKeyFolder(keys, OTHER_IDS)]
    expect(second.ids).toStrictEqual(IDS)
    expect(publicOf(second.keys.application)).toBe(publicOf(first.keys.application))
    expect(publicOf(second.keys.alipay)).toBe(publicOf(first.keys.alipay))
  })

  it('holds no key of the app where the user brought one', () => {
    const keys = fresh()
    const { application } = openKeyFolder(keys, IDS, app.publicKey).keys
    expect(application).toStrictEqual({ publicKey: app.publicKey })
    expect(existsSync(join(keys, 'app_private_key.pem'))).toBe(false)
    expect(refusal(keys)).toMatch(/app_private_key\.pem" is missing, .* give your own public key with --app-public-key/)
  })
})

it('keys in any form that people have are taken', () => {
  for (const text of [vectors.app.private_pkcs1, bare(vectors.app.private_pkcs8)]) {
    const keys = copied()
    writeFileSync(join(keys, 'app_private_key.pem'), text)
    expect(publicOf(openKeyFolder(keys, IDS).keys.application)).toBe(bare(vectors.app.public_spki))
  }
})

describe('half a set, or what cannot be read, is named and left as it is', () => {
  it.each(['emulator.json', 'app_private_key.pem', 'alipay_private_key.pem'])('without %s', (name) => {
    const keys = copied()
    rmSync(join(keys, name))
    expect(refusal(keys)).toMatch(`${JSON.stringify(join(keys, name))} is missing`)
    expect(existsSync(join(keys, name))).toBe(false)
  })

  it.each([
    ['emulator.json', '{"app_id":'],
    ['emulator.json', '{"app_id":"1","seller_id":"2088000000000001"}'],
    ['emulator.json', '{"app_id":{},"__proto__":{"app_id":"9021000000000001"}}'],
    ['emulator.json', 'null'],
    ['app_private_key.pem', ''],
    ['app_private_key.pem', vectors.app.private_pkcs8.slice(0, 300)],
    ['alipay_private_key.pem', vectors.alipay.public_spki],
  ])('%s with %j', (name, text) => {
    const keys = copied()
    writeFileSync(join(keys, name), text)
    const words = refusal(keys)
    expect(words).toContain(JSON.stringify(join(keys, name)))
    expect(leaks(words, vectors.app.private_pkcs8)).toBe(false)
    expect(readFileSync(join(keys, name), 'utf8')).toBe(text)
  })

  it('a folder in the place of a file, and a link to nowhere', () => {
    for (const put of [(path: string) => mkdirSync(path), (path: string) => symlinkSync(`${path}.gone`, path)]) {
      const keys = fresh()
      openKeyFolder(keys, IDS)
      const path = join(keys, 'app_private_key.pem')
      rmSync(path)
      put(path)
      expect(refusal(keys)).toContain(JSON.stringify(path))
    }
  })

  it('a file in the place of the folder', () => {
    const keys = copied()
    const file = join(keys, 'emulator.json')
    expect(refusal(file)).toBe(
      `UsageError: --keys names a folder that cannot be made (EEXIST): ${JSON.stringify(file)}.`,
    )
    expect(refusal(join(file, 'keys'))).toMatch(/cannot be made \(ENOTDIR\)/)
  })
})

describe('certificates', () => {
  async function withCertificates() {
    const keys = fresh()
    const opened = openKeyFolder(keys, IDS)
    const emulator = await startEmulator({ ...opened, certificates: true })
    await emulator.close()
    opened.saveCertificates(emulator)
    return { keys, emulator }
  }

  it('are kept, too, and stand in files named as those of Alipay', async () => {
    const { keys, emulator } = await withCertificates()
    for (const [kind, name] of CERTIFICATE_FILES) {
      expect(readFileSync(join(keys, name), 'utf8')).toBe(emulator[kind])
      expect(statSync(join(keys, name)).mode & 0o777).toBe(0o600)
    }
    const { certificates, ...opened } = openKeyFolder(keys, IDS)
    expect(certificates).toStrictEqual({
      app_cert: emulator.app_cert,
      alipay_cert: emulator.alipay_cert,
      root_cert: emulator.root_cert,
    })
    const again = await startEmulator({ ...opened, certificates: certificates ?? false })
    await again.close()
    expect(again).toMatchObject({
      ...certificates,
      app_id: emulator.app_id,
      alipay_public_key: emulator.alipay_public_key,
    })
    expect(() => opened.saveCertificates(emulator)).toThrow(/appCertPublicKey\.crt" cannot be written \(EEXIST\)/)
  })

  it('that are not whole, or of another key, are named', async () => {
    const { keys } = await withCertificates()
    const at = (name: string) => join(keys, name)
    expect(refusal(keys, app.publicKey)).toMatch(/appCertPublicKey\.crt" holds another key/)
    const alipay = readFileSync(at('alipayCertPublicKey_RSA2.crt'))
    writeFileSync(at('alipayCertPublicKey_RSA2.crt'), 'gone')
    expect(refusal(keys)).toMatch(/alipayCertPublicKey_RSA2\.crt" is no certificate/)
    writeFileSync(at('alipayCertPublicKey_RSA2.crt'), alipay)
    rmSync(at('alipayRootCert.crt'))
    expect(refusal(keys)).toMatch(/alipayRootCert\.crt" is missing/)
  })
})

it('a key in the place of the name is refused and not shown', () => {
  const key = bare(vectors.app.private_pkcs8)
  expect(() => folderNamed(key)).toThrow('--keys takes the name of a folder, not a key.')
  const inChinese = () => {
    try {
      folderNamed(key)
    } catch (error) {
      if (error instanceof UsageError) throw error.in('zh')
    }
  }
  expect(inChinese).toThrow('--keys 的值须是文件夹名，不是密钥。')
  expect(folderNamed('keys')).toBe(join(process.cwd(), 'keys'))
})
