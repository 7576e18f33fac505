// What of a setting may stand on a screen: nothing of a secret, and of an address neither a login nor a token.

import { isKeyText } from '../settings/key-text.ts'
import type { Variables } from '../settings/sources.ts'
import { flagOf, NAMES } from '../settings/variables.ts'
import { withoutSecrets } from '../text.ts'
import type { CommandLine } from './command-line.ts'

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

/** The flags of this call that hold a secret, though nothing that a host is to start may hold one. */
export function secretFlags({ variables, origins }: Pick<CommandLine, 'variables' | 'origins'>): readonly string[] {
  return shownSettings(variables).flatMap(({ name, visible, isWhole }) => {
    const { text = '', label = '' } = origins.get(name) ?? {}
    // The name of a file may hold an @.
    const isSecret = visible === undefined || (!isWhole && !/_(FILE|DIR)$/.test(name))
    return isSecret && text.startsWith('the command line') ? [label] : []
  })
}
