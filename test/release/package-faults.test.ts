// What a release refuses: a package that lacks something, brings too much, or gives something away.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  licenceFaults,
  MOST_PACKED,
  manifestFaults,
  packageFaults,
  textFaults,
} from '../../scripts/release/package-faults.ts'
import { vectors } from '../keys-for-tests.ts'

const manifest = { name: 'alipay-mcp', version: '1.0.0' }

it('refuses a package with another file, without one that it needs, and too large', () => {
  const root = mkdtempSync(join(tmpdir(), 'alipay-mcp-test-'))
  writeFileSync(join(root, '.env'), '')
  const packed = { manifest, filename: '', tarball: '', size: MOST_PACKED, unpackedSize: 0, entryCount: 1 }
  const faults = packageFaults({ ...packed, files: [{ path: '.env' }] }, root)
  expect(faults).toContain('.env does not belong into the package')
  expect(faults).toContain('LICENSE is not in the package')
  expect(faults).toContain('the tarball has 2500000 bytes, and 2500000 is the limit')
})

it('refuses what a package would install or run', () => {
  expect(manifestFaults({ ...manifest, scripts: { prepare: 'build' }, devDependencies: { zod: '4' } })).toStrictEqual(
    [],
  )
  const more = { dependencies: {}, scripts: { postinstall: 'x' } }
  expect(manifestFaults({ ...manifest, ...more })).toStrictEqual([
    'package.json has dependencies',
    'package.json has postinstall',
  ])
})

describe('a text with', () => {
  const pkcs8 = vectors.app.private_pkcs8.replace(/-----[^-]+-----|\s/g, '')
  const pem = `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/(.{64})/g, '$1\n')}\n-----END PRIVATE KEY-----`
  it.each([
    ['a key', pem, 'a private key'],
    ['a key in one line', JSON.stringify(pem), 'a private key'],
    ['a bare key', `"${pkcs8}"`, 'a private key without its frame'],
    ['a token of GitHub', `ghp_${'a1'.repeat(18)}`, 'a token of GitHub'],
    ['a token of npm', `npm_${'a1'.repeat(18)}`, 'a token of npm'],
    ['a key of Alibaba Cloud', `LTAI${'a1'.repeat(10)}`, 'a key of AWS or Alibaba Cloud'],
    ['a robot', `https://oapi.dingtalk.com/robot/send?access_token=${'a1'.repeat(32)}`, 'a robot of DingTalk'],
  ])('%s is refused', (_what, text, named) => {
    expect(textFaults('x.js', `const a = 1\n${text}\n`)).toContain(`x.js holds ${named}`)
  })

  it('a source map is refused; the name of a key, its head and a public key are not', () => {
    expect(textFaults('x.js', '//# sourceMappingURL=x.js.map')).toStrictEqual(['x.js has a source map'])
    const harmless = `ALIPAY_PRIVATE_KEY -----BEGIN PRIVATE KEY----- ${vectors.alipay.public_spki}`
    expect(textFaults('x.js', harmless)).toStrictEqual([])
  })
})

it('refuses licences that do not let the code be handed on, and none', () => {
  expect(licenceFaults('zod 4\nLicence: MIT\n')).toStrictEqual([])
  expect(licenceFaults('a 1\nLicence: MIT\nb 2\nLicence: AGPL-3.0\nc 3\nLicence: as below\n')).toStrictEqual([
    'Licence: AGPL-3.0',
    'Licence: as below',
  ])
  expect(licenceFaults('')).toHaveLength(1)
})
