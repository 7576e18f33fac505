// The configuration of plain variables, as a server reads it.
import { type ConfigResult, configOf } from '../../src/settings/config.ts'
import { mergeSources } from '../../src/settings/settings.ts'
import { sourceOf, type Variables } from '../../src/settings/sources.ts'
import { TOOL_NAMES } from '../../src/tools/offers.ts'

export function readConfig(variables: Variables): ConfigResult {
  return configOf(mergeSources([sourceOf('the environment', variables)]), TOOL_NAMES)
}
