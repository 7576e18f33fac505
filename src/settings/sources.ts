// All the places that settings come from, in their order: flags, environment, --env-file, --config, settings file.
import { readEnvFile } from './env-file.ts'
import { type Settings, type Source, settle, sourceOf, type Variables } from './settings.ts'
import { readSettingsFile } from './settings-file.ts'

export interface Places {
  envFile: string | undefined
  config: string | undefined
  /** In the platform's config folder; need not be there. */
  settingsFile: string | undefined
}

export function readSources(flags: Source, env: Variables, places: Places): Settings {
  const { envFile, config, settingsFile } = places
  const files = [
    ...(envFile === undefined ? [] : [readEnvFile(envFile)]),
    ...(config === undefined ? [] : [readSettingsFile('--config', config)]),
    ...(settingsFile === undefined ? [] : [readSettingsFile('settings file', settingsFile)]),
  ]
  const sources = [flags, sourceOf('the environment', env), ...files.flatMap(({ source }) => source ?? [])]
  const settled = settle(sources)
  return {
    ...settled,
    problems: [...files.flatMap(({ problems }) => problems), ...settled.problems],
    notices: [...files.flatMap(({ notices }) => notices), ...settled.notices],
  }
}
