// What a breaking server is told: at which step of its calls it breaks off, and how.

/** The variable of the environment that holds it as JSON. */
export const PLAN = 'BREAKING_PLAN'

export type Loss = 'request' | 'answer'

export interface Plan {
  /** `record`: it only tells its steps, on standard error, and breaks off nowhere. */
  how: 'record' | 'SIGKILL' | 'SIGSTOP'
  /** By call, the number of its step, from 1, or its name; the process breaks off when all calls have come to theirs. */
  steps: readonly (number | string)[]
  /** By call, whether its first changing request comes to nothing, or comes to pass, and the answer is lost. */
  loses?: readonly (Loss | null | undefined)[] | undefined
  /** Holds by how many milliseconds its clock is ahead. */
  aheadFile?: string | undefined
  /** A protection that is taken out, to see that the tests miss it. */
  sabotage?: 'lease' | 'sent' | undefined
}

/** A line on standard error: `STEP <number of the call> <its step> <name>`. */
export const STEP = 'STEP'
/** The line right before the process breaks off. */
export const BREAKS_OFF = 'BREAKS OFF'

/** The variable that says where charge-due kills itself: `<which time> <name of the step>`; absent: nowhere. */
export const KILLED_AT = 'BREAKING_CHARGE_DUE'
