// What of a setting may stand on a screen: nothing of a secret, and of an address neither a login nor a token.

import { isKeyText } from '../settings/key-text.ts'
import type { Variables } from '../settings/sources.ts'
import { flagOf, NAMES } from '../settings/variables.ts'

export interface ShownSetting {
  name: string
  /** Undefined: all of it is a secret. */
  visible: string | undefined
  /** Whether that is all of the value. */
  isWhole: boolean
}

/** Of each that is set. */
export function shownSettings(variables: Variables): readonly ShownSetting[] {
  return NAMES.flatMap((name) => {
    const value = variables[name]
    if (value === undefined) return []
    // A key in the wrong place is one, too.
    const isSecret = flagOf(name) === undefined || isKeyText(value)
    const visible = isSecret ? undefined : withoutSecrets(value)
    return [{ name, visible, isWhole: visible === value }]
  })
}

/** A password may hold an @ itself; in an address that is none it may hold anything. */
function withoutSecrets(value: string): string {
  const login = /:\/\//.test(value) && !URL.canParse(value) ? /(^|\w:\/\/)\S*@/g : /(^|\w:\/\/)[^\s/?#"\\]*@/g
  return value.replace(login, '$1***@').replace(SECRET_FIELD, '$1***')
}

const SECRET_FIELD = /([?&#;][^\s=&#"]*(?:token|key|secret|sign|pass|pwd)[^\s=&#"]*=)[^\s&#"]*/gi
