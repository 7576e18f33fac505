// The smallest whole settings, what is made or told of settings, and a folder for files of them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { Config } from '../../src/settings/config.ts'
import type { Variables } from '../../src/settings/sources.ts'
import { vectors } from '../keys-for-tests.ts'
import { readConfig } from './read-config.ts'

export const SANDBOX = {
  ALIPAY_APP_ID: '9021000000000001',
  ALIPAY_PRIVATE_KEY: vectors.app.private_pkcs8,
  ALIPAY_PUBLIC_KEY: vectors.alipay.public_spki,
}
const { ALIPAY_PRIVATE_KEY, ALIPAY_PUBLIC_KEY, ...rest } = SANDBOX
export const NO_PRIVATE = { ...rest, ALIPAY_PUBLIC_KEY }
export const NO_PUBLIC = { ...rest, ALIPAY_PRIVATE_KEY }

export function configFrom(variables: Variables): Config {
  const result = readConfig(variables)
  if ('problems' in result) throw new Error(JSON.stringify(result.problems))
  return result.config
}

export function problemsOf(variables: Variables) {
  const result = readConfig(variables)
  return 'problems' in result ? result.problems : []
}

/** The names of the settings that stop the start. */
export const faulty = (variables: Variables) => problemsOf(variables).map(({ variable }) => variable)

/** A folder that is gone after the tests of a file, and what writes files into it for their owner alone. */
export function temporaryFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-settings-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const file = (name: string, content: string | Buffer, mode = 0o600) => {
    writeFileSync(join(folder, name), content, { mode })
    return join(folder, name)
  }
  return { folder, file }
}
