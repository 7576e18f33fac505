// The control API's part for the open platform's console: is the app known, and what may it call.
import { DENIALS, type Denial } from './console-states.ts'
import { type ControlBody, ControlError, optionalText } from './control-input.ts'
import { API_METHODS, PAGE_METHODS } from './methods/method-table.ts'
import type { Platform } from './platform.ts'

export const GRANTABLE: readonly string[] = [...API_METHODS.keys(), ...PAGE_METHODS.keys()]

/** All or nothing: one bad value and none is set. */
export function setPermissions(body: ControlBody, platform: Platform): object {
  const wishes = Object.entries(body).map(([method, value]) => [method, denialOf(method, value)] as const)
  for (const [method, denial] of wishes) platform.console.setPermission(method, denial)
  return { denied: platform.console.denied() }
}

function denialOf(method: string, value: unknown): Denial | undefined {
  if (value === true) return undefined
  if (value === false) return DENIALS[0]
  const denial = DENIALS.find((one) => one === value)
  if (denial) return denial
  throw new ControlError(`"${method}" must be true, false or one of these.`, ['true', 'false', ...DENIALS])
}

export function setApp(body: ControlBody, platform: Platform): object {
  const state = optionalText(body, 'state')
  if (state !== 'online' && state !== 'unknown') {
    throw new ControlError('"state" must be one of these.', ['online', 'unknown'])
  }
  platform.console.app = state
  return { app: state }
}
