// The control API's part for the world around orders: time, faults, balance, rules, reset.
import { EMULATED_SUB_CODES, isSubCode } from './answers.ts'
import { beijingTime } from './clock.ts'
import { type ControlBody, ControlError, optionalText, optionalWhole, readWord } from './control-input.ts'
import { FAULTS, isFaultName } from './faults.ts'
import { fenOf } from './fen.ts'
import { API_METHODS } from './methods/method-table.ts'
import { type Platform, SWITCHES, switchesOf } from './platform.ts'

const TEN_YEARS_S = 10 * 366 * 24 * 3600
const LONGEST_WAIT_MS = 600_000

/** Resolves once the notifications that became due have their answers. */
export async function moveClock(body: ControlBody, platform: Platform): Promise<object> {
  const ms = optionalWhole(body, 'ms', TEN_YEARS_S * 1000)
  const seconds = optionalWhole(body, 'seconds', TEN_YEARS_S)
  if ((ms === undefined) === (seconds === undefined)) throw new ControlError('Give one of the two.', ['ms', 'seconds'])
  platform.clock.advance(ms ?? (seconds ?? 0) * 1000)
  platform.agreements.catchUp(platform.clock.now())
  await platform.notifications.deliver(platform)
  return { now: beijingTime(platform.clock.now()) }
}

export function orderFault(body: ControlBody, platform: Platform): object {
  const fault = optionalText(body, 'fault') ?? ''
  if (!isFaultName(fault)) throw new ControlError('There is no such "fault".', [...FAULTS.keys()])
  const method = optionalText(body, 'method')
  if (method !== undefined && !API_METHODS.has(method)) {
    throw new ControlError('Faults are for these methods only.', [...API_METHODS.keys()])
  }
  const times = body.times === 'always' ? 'always' : (optionalWhole(body, 'times', 1_000_000) ?? 1)
  const ms = optionalWhole(body, 'ms', LONGEST_WAIT_MS)
  if ((fault === 'delay' || fault === 'late') && ms === undefined) throw new ControlError(`"${fault}" needs "ms".`)
  platform.faults.add({ fault, method, times, ms: ms ?? 0, sub_code: subCodeFor(fault, body) })
  return waitingFaults(platform)
}

function subCodeFor(fault: string, body: ControlBody) {
  const sub_code = optionalText(body, 'sub_code')
  if (fault !== 'refuse') return undefined
  if (sub_code !== undefined && isSubCode(sub_code)) return sub_code
  throw new ControlError('"refuse" needs one of these as "sub_code".', EMULATED_SUB_CODES)
}

export function waitingFaults(platform: Platform): object {
  return { faults: platform.faults.waiting() }
}

export function clearFaults(_body: ControlBody, platform: Platform): object {
  platform.faults.clear()
  return waitingFaults(platform)
}

export function setBalance(body: ControlBody, platform: Platform): object {
  const fen = body.balance === null ? undefined : fenOf(optionalText(body, 'balance'))
  if (body.balance !== null && fen === undefined) {
    throw new ControlError('"balance" must be an amount in yuan as text, such as "100.00", or null for no limit.')
  }
  platform.rules.balance_fen = fen
  return { balance: body.balance }
}

export function setSandboxRules(body: ControlBody, platform: Platform): object {
  if (typeof body.on !== 'boolean') throw new ControlError('"on" must be true or false.', ['true', 'false'])
  platform.rules.sandbox = body.on
  return { sandbox_rules: body.on }
}

/** Where reports of the real platform differ; what is not named stays as it is. */
export function setRules(body: ControlBody, { rules }: Platform): object {
  const chosen = Object.entries(SWITCHES).map(([name, words]) => {
    return [name, readWord<string>(body, name, words, rules[name as keyof typeof SWITCHES])]
  })
  Object.assign(rules, Object.fromEntries(chosen))
  return switchesOf(rules)
}

/** The clock stays where it is, it only ever moves forward; the platform's rules stay too. */
export function reset(_body: ControlBody, platform: Platform): object {
  platform.trades.clear()
  platform.agreements.clear()
  platform.faults.clear()
  platform.notifications.clear()
  platform.calls.clear()
  platform.console.clear()
  platform.rules.balance_fen = undefined
  return { reset: true }
}
