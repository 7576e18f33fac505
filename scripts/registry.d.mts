// The types of registry.mjs, for tests.
export interface Packed {
  manifest: Readonly<Record<string, unknown>> & { name: string; version: string }
  /** The path of the file. */
  tarball: string
  /** The name of the file. */
  filename: string
  size: number
  unpackedSize: number
  entryCount: number
  files: readonly { path: string }[]
}

export interface Registry {
  url: string
  /** As `GET /name`, in order. */
  requests: readonly string[]
  stop(): void
}

export function pack(from: string, into: string): Packed
export function packEmpty(folder: string): Packed
export function startRegistry(packages: readonly Packed[]): Promise<Registry>
export function npxEnv(home: string, registry: string, more?: Readonly<Record<string, string>>): Record<string, string>
