// server.json for the registry of MCP servers: the package of npm with its variables, and the bundle.
import { Ajv } from 'ajv'
import { NAMES, type Name } from '../../src/settings/variables.ts'
import { type PackageJson, repositoryOf } from './package-json.ts'
import schema from './server.schema.json' with { type: 'json' }
import { aboutAlone, CHOICES, isSecret, kindOf } from './variables.ts'

const FORMATS = {
  file: 'filepath',
  directory: 'filepath',
  boolean: 'boolean',
  number: 'number',
  text: 'string',
} as const

/** For "alipay-mcp listen", which no host starts. */
const OF_LISTEN = /^ALIPAY_(LISTEN|TRUSTED_PROXIES|NOTIFY_APPS|FORWARD_URL|ALERT_.*)$/

export interface Bundle {
  /** As uploaded to the release of that version. */
  file: string
  sha256: string
}

/** @throws Error where the schema would refuse it */
export function serverJson({ name, version }: PackageJson, owner: string, bundle: Bundle): Record<string, unknown> {
  const repository = repositoryOf(owner, name)
  const transport = { type: 'stdio' }
  const environmentVariables = (NAMES as Name[]).filter((one) => !OF_LISTEN.test(one)).map(environmentVariable)
  const server = {
    $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
    name: `io.github.${owner}/${name}`,
    title: 'Alipay 支付宝',
    description: 'Takes Alipay (支付宝) payments: create, query, refund, close. Needs no account to try.',
    repository: { url: repository, source: 'github' },
    version,
    packages: [
      { registryType: 'npm', identifier: name, version, runtimeHint: 'npx', transport, environmentVariables },
      {
        registryType: 'mcpb',
        identifier: `${repository}/releases/download/v${version}/${bundle.file}`,
        fileSha256: bundle.sha256,
        transport,
      },
    ],
  }
  const faults = serverJsonFaults(server)
  if (faults.length > 0) throw new Error(`server.json is not valid:\n${faults.join('\n')}`)
  return server
}

function environmentVariable(name: Name) {
  const choices = CHOICES[name]
  return {
    name,
    description: aboutAlone(name).en,
    format: FORMATS[kindOf(name)],
    isRequired: false,
    isSecret: isSecret(name),
    // One value is no choice, and the registry takes none.
    ...(choices && choices.length > 1 && { choices }),
  }
}

export function serverJsonFaults(server: unknown): readonly string[] {
  const ajv = new Ajv({ allErrors: true, strict: true })
  ajv.addFormat('uri', (text: string) => URL.canParse(text))
  ajv.validate(schema, server)
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`)
}
