// An npm registry on a free loopback port that has the tarballs it is given: npx in tests and benchmarks needs no network.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

const shell = process.platform === 'win32'

/**
 * What `npm pack` makes of a folder. Without scripts: the program is packed as it was built.
 * @param into folder of the tarball
 */
export function pack(from, into) {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', into]
  const stdio = ['ignore', 'pipe', 'ignore']
  const json = execFileSync('npm', args, { cwd: from, shell, encoding: 'utf8', stdio })
  // One package in a list, or by its name, depending on npm's version.
  const [packed] = Object.values(JSON.parse(json))
  const manifest = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'))
  return { ...packed, manifest, tarball: join(into, packed.filename) }
}

/** A package whose program does nothing. */
export function packEmpty(folder) {
  const from = join(folder, 'empty-package')
  mkdirSync(from)
  const manifest = { name: 'empty-package', version: '1.0.0', bin: 'empty.js' }
  writeFileSync(join(from, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(from, 'empty.js'), '#!/usr/bin/env node\n')
  return pack(from, folder)
}

/** @param packages as `pack` gives them */
export async function startRegistry(packages) {
  const requests = []
  const server = createServer(({ method, url }, response) => {
    requests.push(`${method} ${url}`)
    const found = packages.map((one) => answer(one, decodeURIComponent(url), origin)).find(Boolean)
    response.writeHead(found ? 200 : 404, { 'content-type': found?.type ?? 'application/json' })
    response.end(found?.body ?? '{"error":"Not found"}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const origin = `http://127.0.0.1:${server.address().port}/`
  const stop = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: origin, requests, stop }
}

function answer({ manifest, tarball }, path, origin) {
  const { name, version } = manifest
  const file = `/${name}/-/${name}-${version}.tgz`
  if (path === file) return { type: 'application/octet-stream', body: readFileSync(tarball) }
  if (path !== `/${name}`) return undefined
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`
  const dist = { tarball: new URL(file, origin).href, integrity }
  const versions = { [version]: { ...manifest, dist } }
  return { type: 'application/json', body: JSON.stringify({ name, 'dist-tags': { latest: version }, versions }) }
}

/** A home folder in which nothing was ever installed, and npm asks this registry alone. */
export function npxEnv(home, registry, more = {}) {
  return { PATH: process.env.PATH, HOME: home, npm_config_registry: registry, ...more }
}
