// npm run release, in the clean checkout: packs it into the folder that is named, and says what is left for a person.
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeRelease, type Release } from './make-release.ts'
import { readPackageJson, withPublisher } from './package-json.ts'

const { owner, out = '' } = parseArgs({ options: { owner: { type: 'string' }, out: { type: 'string' } } }).values
const READMES = ['README.md', 'README.zh-CN.md']

if (owner !== undefined) fillIn(owner)
await makeRelease('.', out, owner).then(
  (release) => console.log(report(release)),
  (error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  },
)

/** Into this checkout, which nobody keeps. */
function fillIn(name: string): void {
  const manifest = withPublisher(readPackageJson(readFileSync('package.json', 'utf8')), name)
  writeFileSync('package.json', `${JSON.stringify(manifest, undefined, 2)}\n`)
  for (const file of READMES) {
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replaceAll('REPOSITORY_URL', manifest.homepage?.replace(/#.*/, '') ?? ''),
    )
  }
}

function report({ manifest, files }: Release): string {
  const sizes = files.map((file) => `  release/${file}${sizeOf(join(out, file))}`)
  const missing = missingFor(manifest.version)
  return [
    `Packed and checked: files, licences, source maps, secrets, size.\n${sizes.join('\n')}`,
    ...(missing.length > 0
      ? [`Before anything of it is published:\n${missing.map((one) => `  - ${one}`).join('\n')}`]
      : []),
    `For a person, in this order:\n${steps(manifest)
      .map((step, at) => `  ${at + 1}. ${step}`)
      .join('\n')}`,
  ].join('\n\n')
}

function sizeOf(path: string): string {
  const stats = statSync(path)
  return stats.isFile() ? `  ${(stats.size / 1e6).toFixed(2)} MB` : ''
}

function missingFor(version: string): readonly string[] {
  const changes = readFileSync('CHANGELOG.md', 'utf8')
  return [
    ...(owner === undefined
      ? [
          'Who publishes it is not known: run this again with --owner and the login of the GitHub repository. It fills in ' +
            'author, repository, homepage, bugs and mcpName, and makes server.json.',
        ]
      : []),
    ...(changes.includes(`\n## ${version}`) ? [] : [`CHANGELOG.md has no heading for ${version}.`]),
  ]
}

function steps({ name, version }: { name: string; version: string }): readonly string[] {
  const image = `${owner?.toLowerCase() ?? 'OWNER'}/${name}-listen:${version}`
  return [
    `npm publish release/${name}-${version}.tgz --provenance --access public   (in CI: provenance needs its identity)`,
    `git tag v${version}, push it, make the release v${version} on GitHub, and upload release/${name}-${version}.mcpb to it`,
    'in release/: mcp-publisher login github-oidc && mcp-publisher publish   (it validates server.json, and finds 1. and 2.)',
    `docker build -t ${image} release/docker && docker push ${image}`,
    `in an empty folder: npx -y ${name}@${version} demo; and open the .mcpb with Claude Desktop`,
  ]
}
