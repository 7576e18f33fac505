// A host that people have, with its file somewhere else.
import { FILE_HOSTS, type FileHost } from '../../src/hosts/hosts.ts'

export function hostAt(name: string, file: string): FileHost {
  const known = FILE_HOSTS.find((one) => one.name === name)
  if (!known) throw new Error(`no host ${name}`)
  return { ...known, file }
}
