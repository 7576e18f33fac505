// What a package must hold to be published, and must not: files, licences, source maps, secrets, size.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Packed } from '../registry.mjs'

/** Bytes of the tarball. */
export const MOST_PACKED = 2_500_000

const BELONGS =
  /^(dist\/[\w-]+\.js|dist\/THIRD-PARTY-LICENCES\.txt|dist\/sql-wasm\.wasm|docs\/[\w.-]+\.md|(README|CHANGELOG)(\.[\w-]+)?\.md|LICENSE|package\.json)$/

const NEEDED = [
  'LICENSE',
  'package.json',
  'dist/main.js',
  'dist/sql-wasm.wasm',
  'dist/THIRD-PARTY-LICENCES.txt',
  ...['README', 'CHANGELOG'].flatMap((name) => [`${name}.md`, `${name}.zh-CN.md`]),
]

/** Each lets a closed program hand the code on, with the licence in the package. */
const LICENCES =
  /^Licence: (MIT|MIT-0|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|CC0-1\.0|Unlicense|Python-2\.0)$/

const SECRETS: Readonly<Record<string, RegExp>> = {
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*(\\n)?\s*[A-Za-z\d+/]{40}/,
  'a private key without its frame': /\bMII[CEJ][A-Za-z\d+/]{300}/,
  'a token of GitHub': /\b(gh[pousr]_[A-Za-z\d]{36}|github_pat_\w{60})/,
  'a token of npm': /\bnpm_[A-Za-z\d]{36}\b|_authToken\s*=/,
  'a key of AWS or Alibaba Cloud': /\b(AKIA[A-Z\d]{16}|LTAI[A-Za-z\d]{12,24})\b/,
  'a key of a model': /\bsk-[A-Za-z\d_-]{32,}/,
  'a robot of DingTalk': /access_token=[a-f\d]{64}/,
}

/** @param root where the package was packed from */
export function packageFaults(packed: Packed, root: string): readonly string[] {
  const paths = packed.files.map(({ path }) => path)
  const texts = paths.map((path) => [path, readFileSync(join(root, path), 'utf8')] as const)
  return [
    ...paths.filter((path) => !BELONGS.test(path)).map((path) => `${path} does not belong into the package`),
    ...NEEDED.filter((path) => !paths.includes(path)).map((path) => `${path} is not in the package`),
    ...manifestFaults(packed.manifest),
    ...texts.flatMap(([path, text]) => textFaults(path, text)),
    ...texts.flatMap(([path, text]) => (path.endsWith('LICENCES.txt') ? licenceFaults(text) : [])),
    ...(packed.size < MOST_PACKED ? [] : [`the tarball has ${packed.size} bytes, and ${MOST_PACKED} is the limit`]),
  ]
}

/** What a package installs besides itself, and what it runs on the way. */
export function manifestFaults(manifest: Readonly<Record<string, unknown>>): readonly string[] {
  const brought = ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies']
  const run = ['preinstall', 'install', 'postinstall'].filter((name) => name in Object(manifest.scripts))
  return [...brought.filter((name) => name in manifest), ...run].map((name) => `package.json has ${name}`)
}

export function textFaults(path: string, text: string): readonly string[] {
  const secrets = Object.entries(SECRETS).filter(([, pattern]) => pattern.test(text))
  return [
    ...(/[#@] sourceMappingURL=/.test(text) ? [`${path} has a source map`] : []),
    ...secrets.map(([what]) => `${path} holds ${what}`),
  ]
}

export function licenceFaults(text: string): readonly string[] {
  const licences = text.split('\n').filter((line) => line.startsWith('Licence: '))
  const unknown = licences.filter((line) => !LICENCES.test(line))
  return licences.length === 0 ? ['the licences of what is in the bundle are not there'] : unknown
}
