// Packs all that a release consists of out of a built checkout: tarball, .mcpb bundle, server.json, context for Docker.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packExtension } from '@anthropic-ai/mcpb'
import { pack } from '../registry.mjs'
import { mcpbManifest } from './mcpb-manifest.ts'
import { packageFaults } from './package-faults.ts'
import { type PackageJson, readPackageJson } from './package-json.ts'
import { serverJson } from './server-json.ts'

/** What the Dockerfile copies, and itself. */
const DOCKER_CONTEXT = ['Dockerfile', '.dockerignore', 'package.json', 'LICENSE', 'dist']

export interface Release {
  manifest: PackageJson
  /** By name, in the folder of the release. */
  files: readonly string[]
}

/**
 * @param root the checkout, whose dist/ is built
 * @param into an empty folder
 * @param owner of the repository; without one there is no server.json
 * @throws Error with everything that must not be published
 */
export async function makeRelease(root: string, into: string, owner: string | undefined): Promise<Release> {
  const packed = pack(root, into)
  const faults = packageFaults(packed, root)
  if (faults.length > 0) throw new Error(`The package is not fit to be published:\n${faults.join('\n')}`)
  const manifest = readPackageJson(readFileSync(join(root, 'package.json'), 'utf8'))
  const bundle = `${manifest.name}-${manifest.version}.mcpb`
  await packBundle(packed.tarball, manifest, join(into, bundle))
  copyDockerContext(root, join(into, 'docker'))
  const files = [packed.filename, bundle, 'docker']
  if (owner === undefined) return { manifest, files }
  const sha256 = createHash('sha256')
    .update(readFileSync(join(into, bundle)))
    .digest('hex')
  const server = serverJson(manifest, owner, { file: bundle, sha256 })
  writeFileSync(join(into, 'server.json'), `${JSON.stringify(server, undefined, 2)}\n`)
  return { manifest, files: [...files, 'server.json'] }
}

/** The files of the tarball, with the manifest beside them. */
async function packBundle(tarball: string, manifest: PackageJson, bundle: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-bundle-'))
  try {
    execFileSync('tar', ['-xzf', tarball, '-C', folder])
    const extensionPath = join(folder, 'package')
    writeFileSync(join(extensionPath, 'manifest.json'), JSON.stringify(mcpbManifest(manifest), undefined, 2))
    // It validates first, and says what is wrong.
    if (await packExtension({ extensionPath, outputPath: bundle, silent: true })) return
    throw new Error('The bundle for Claude Desktop was not packed; see above.')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function copyDockerContext(root: string, to: string): void {
  mkdirSync(to)
  for (const name of DOCKER_CONTEXT) cpSync(join(root, name), join(to, name), { recursive: true })
}
