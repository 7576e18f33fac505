// Fuzzes what a server is started with: the environment, an env file, a settings file, and the texts of keys.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { type ConfigResult, configOf } from '../../src/settings/config.ts'
import { parsePrivateKey, parsePublicKey } from '../../src/settings/keys.ts'
import { readSettings } from '../../src/settings/settings.ts'
import type { Variables } from '../../src/settings/sources.ts'
import { TOOL_NAMES } from '../../src/tools/offers.ts'
import type { Came, Fuzzer, Subject } from './fuzzer.ts'
import { edited, objectOf } from './hostile.ts'
import { quickFolder } from './quick-folder.ts'
import { type SettingsInput, settingsInputs } from './settings-recipes.ts'

export interface Files {
  envFile: string
  config: string
  settingsFile: string
}

interface Started extends Came {
  result: ConfigResult
  written: string
}

/** The door to the code. */
export type Start = (env: Variables, files: Partial<Files>) => ConfigResult

const ourStart: Start = (env, { envFile, config, settingsFile }) =>
  configOf(readSettings({ text: 'flags', values: [] }, env, { envFile, config, settingsFile }), TOOL_NAMES)

export function settingsFuzzer(start: Start = ourStart): Fuzzer<SettingsInput, Started> {
  return {
    name: 'settings',
    slice: 2_000,
    inputs: settingsInputs,
    open: async () => openSettings(start),
    properties: [
      {
        name: 'takes real money only where that is spelt out',
        kind: 'belief',
        fault: ({ result, written }) =>
          'config' in result && result.config.environment === 'production' && !/prod|gateway/i.test(written)
            ? 'production'
            : undefined,
      },
      {
        name: 'names a fix for each problem',
        kind: 'other',
        fault: ({ result }) =>
          [...('problems' in result ? result.problems : []), ...result.notices].find(({ fix }) => !fix?.trim())
            ?.problem,
      },
      {
        name: 'keeps its words short',
        kind: 'other',
        fault: ({ result, text }) =>
          'problems' in result && text.length > 200_000 ? `${text.length} characters` : undefined,
      },
    ],
  }
}

function openSettings(start: Start): Subject<SettingsInput, Started> {
  const folder = quickFolder()
  const file = (name: string, text: string | undefined) => {
    if (text === undefined) return undefined
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  return {
    async try(input) {
      const files = {
        envFile: file('env', input.envFile),
        config: file('config.json', input.config),
        settingsFile: file('settings.json', input.settingsFile),
      }
      const given = Object.entries(files).filter(([, path]) => path !== undefined)
      const result = start(objectOf(input.env), Object.fromEntries(given))
      const { env, envFile: one, config: two, settingsFile: three } = input
      const text = [...shown(result), ...keyWords(input.key)].join('\n')
      return { result, text, written: JSON.stringify([env, one, two, three]) }
    },
    async close() {
      rmSync(folder, { recursive: true })
    },
  }
}

/** Everything that is told to somebody; of a configuration also what a careless line of a log would tell. */
function shown(result: ConfigResult): string[] {
  const told = JSON.stringify(['problems' in result ? result.problems : [], result.notices])
  return 'config' in result ? [told, JSON.stringify(result.config), inspect(result.config, { depth: 6 })] : [told]
}

/** What both readers of keys say of a text; they may throw one kind of error only. */
function keyWords(key: SettingsInput['key']): string[] {
  if (!key) return []
  const { text, edits: changes } = key
  const changed = edited(Buffer.from(text), changes).toString()
  return [parsePrivateKey, parsePublicKey].map((read) => {
    try {
      return inspect(read(changed))
    } catch (error) {
      if (!(error instanceof Error) || !('fix' in error)) throw error
      return `${error.message} ${error.fix}`
    }
  })
}
