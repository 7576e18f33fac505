// The tables of docs/settings.md: every variable with its flag, its meaning and its default, in groups.
import { SETTING_GROUPS, SETTINGS_IN_CHINESE } from '../../src/cli/help/settings-help.ts'
import { type Config, configOf } from '../../src/settings/config.ts'
import { mergeSources } from '../../src/settings/settings.ts'
import { aboutVariable, flagOf, isSwitch, type Name } from '../../src/settings/variables.ts'
import { asCode, type Language, table, withCode } from './language.ts'

/** Defaults that the texts leave to the code. */
const DEFAULTS: Readonly<Partial<Record<Name, (config: Config) => string>>> = {
  ALIPAY_TIMEOUT_MS: ({ timeout }) => String(timeout),
  ALIPAY_QR_PRODUCT_CODE: ({ qrProductCode }) => qrProductCode,
  ALIPAY_READ_ONLY: ({ readOnly }) => String(readOnly),
  ALIPAY_EMULATOR_PORT: ({ emulatorPort }) => String(emulatorPort),
}

const HEAD = {
  en: ['variable', 'flag', 'meaning', 'default'],
  zh: ['变量', '参数', '含义', '默认值'],
}

export function settingsTables(language: Language): string {
  const config = configWithoutSettings()
  const tables = SETTING_GROUPS.map(({ title, names }) => {
    const rows = names.map((name) => row(name, config, language))
    return `### ${title[language.name]}\n\n${table(HEAD[language.name], rows)}`
  })
  return tables.join('\n\n')
}

function row(name: Name, config: Config, language: Language): readonly string[] {
  const flag = flagOf(name)
  const about = language.name === 'zh' ? SETTINGS_IN_CHINESE[name] : aboutVariable(name)
  const [meaning = '', byDefault = ''] = about.split(/(?<=[.。]) ?(?:Default: |默认：)/).map(withCode)
  const value = DEFAULTS[name]?.(config)
  return [
    asCode(name),
    flag === undefined ? '' : asCode(`--${flag}${isSwitch(name) ? '' : ' ...'}`),
    meaning,
    value === undefined ? byDefault.replace(/[.。]$/, '') : asCode(value),
  ]
}

function configWithoutSettings(): Config {
  const result = configOf(mergeSources([]))
  if ('config' in result) return result.config
  throw new Error('without any settings the server does not start')
}
