// package.json as a release needs it: what only the publisher knows is filled in from the name of the repository's owner.
import * as z from 'zod'

const schema = z.looseObject({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  keywords: z.array(z.string()),
  license: z.string(),
  engines: z.object({ node: z.string() }),
  mcpName: z.string().optional(),
  author: z.object({ name: z.string(), url: z.string().optional() }).optional(),
  repository: z.object({ type: z.string(), url: z.string() }).optional(),
  homepage: z.string().optional(),
  bugs: z.object({ url: z.string() }).optional(),
})

export type PackageJson = z.output<typeof schema>

export const readPackageJson = (text: string): PackageJson => schema.parse(JSON.parse(text))

/** Where the registry of MCP servers knows the names that begin with io.github. */
export const repositoryOf = (owner: string, name: string) => `https://github.com/${owner}/${name}`

const PUBLISHERS = ['mcpName', 'author', 'repository', 'homepage', 'bugs']

/** What package.json says already stays. */
export function withPublisher(manifest: PackageJson, owner: string): PackageJson {
  const url = repositoryOf(owner, manifest.name)
  const given = Object.fromEntries(Object.entries(manifest).filter(([key]) => PUBLISHERS.includes(key)))
  return {
    ...manifest,
    mcpName: `io.github.${owner}/${manifest.name}`,
    author: { name: owner, url: `https://github.com/${owner}` },
    repository: { type: 'git', url: `git+${url}.git` },
    homepage: `${url}#readme`,
    bugs: { url: `${url}/issues` },
    ...given,
  }
}
