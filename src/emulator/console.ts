// What the open platform's console says about the app: whether it exists, and what it may call. Tests set it by control.
import { Refusal } from './answers.ts'
import { type ControlBody, ControlError, optionalText, readWord } from './control-input.ts'

/** A common error (the function is not added to the app), or one of the business (the product is not signed). */
export const DENIALS = ['isv.insufficient-isv-permissions', 'ACQ.ACCESS_FORBIDDEN'] as const

type Denial = (typeof DENIALS)[number]

const APP_STATES = ['online', 'unknown'] as const

export class Console {
  app: (typeof APP_STATES)[number] = 'online'
  /** The app's gateway address 应用网关, the same for all apps. */
  gateway_url: string | undefined
  #denied = new Map<string, Denial>()

  constructor(readonly firstGatewayUrl?: string) {
    this.gateway_url = firstGatewayUrl
  }

  /** undefined grants the method again. */
  setPermission(method: string, denial: Denial | undefined): void {
    if (denial === undefined) this.#denied.delete(method)
    else this.#denied.set(method, denial)
  }

  /** Asked twice for each call: with the common errors and again before its business, each for its own code. */
  refuseDenied(method: string, denial: Denial): void {
    if (this.#denied.get(method) === denial) throw new Refusal(denial)
  }

  denied(): Readonly<Record<string, Denial>> {
    return Object.fromEntries(this.#denied)
  }

  clear(): void {
    this.app = 'online'
    this.gateway_url = this.firstGatewayUrl
    this.#denied.clear()
  }
}

interface HasConsole {
  readonly console: Console
}

/** All or nothing: one bad value and none is set. */
export function setPermissions(body: ControlBody, { console }: HasConsole): object {
  const changes = Object.entries(body).map(([method, value]) => [method, parseDenial(method, value)] as const)
  for (const [method, denial] of changes) console.setPermission(method, denial)
  return { denied: console.denied() }
}

function parseDenial(method: string, value: unknown): Denial | undefined {
  if (value === true) return undefined
  const denial = value === false ? DENIALS[0] : DENIALS.find((one) => one === value)
  if (denial) return denial
  throw new ControlError(`"${method}" must be true, false or one of these.`, ['true', 'false', ...DENIALS])
}

/** One or both. */
export function setApp(body: ControlBody, { console }: HasConsole): object {
  const state = readWord(body, 'state', APP_STATES, body.gateway_url === undefined ? undefined : console.app)
  if (body.gateway_url !== undefined) console.gateway_url = readGatewayUrl(body)
  console.app = state
  return { app: state, gateway_url: console.gateway_url ?? null }
}

function readGatewayUrl(body: ControlBody): string | undefined {
  if (body.gateway_url === null) return undefined
  const url = optionalText(body, 'gateway_url') ?? ''
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return url
  throw new ControlError('"gateway_url" must be an http address, or null for none.')
}
