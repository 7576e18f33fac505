// The kinds of error, named by who can act on them. Thrown, never returned; server/results.ts makes results of them.
import * as z from 'zod'
import type { Refusal } from './gateway/gateway.ts'

/** The model can act: what is wrong with its request, what is allowed, what to do instead. Nothing was sent. */
export class InputError extends Error {
  override name = 'InputError'
}

/** One thing wrong with the configuration; never holds the value of a key. */
export interface Problem {
  variable: string
  problem: string
  fix: string
}

const fixable = z.object({ fix: z.string() })

/** Problems of a configuration schema, whose issues carry their fix in `params`. */
export function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.map((issue) => ({
    variable: String(issue.path[0]),
    problem: issue.message,
    fix: fixable.parse('params' in issue ? issue.params : {}).fix,
  }))
}

/** The operator can act: every problem of the configuration together. Nothing was sent. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map((p) => `${p.variable}: ${p.problem} Fix: ${p.fix}`).join('\n'))
  }
}

/** Alipay said no, or nothing reached it: this call moved nothing. `operation` says what was asked. */
export class RefusedError extends Error {
  override name = 'RefusedError'
  constructor(
    readonly operation: string,
    readonly refusal: Refusal,
    /** What is certain about the money, in one sentence. */
    readonly money: string,
    readonly next_step?: string,
    readonly facts: Readonly<Record<string, string>> = {},
  ) {
    super(`${operation}: refused`)
  }
}

/** Money may have moved, or a state may have changed: nobody can know yet. `next_step` is the exact call that finds out. */
export class OutcomeUnknownError extends Error {
  override name = 'OutcomeUnknownError'
  constructor(
    readonly operation: string,
    readonly why: string,
    readonly money: string,
    readonly next_step: string,
    readonly facts: Readonly<Record<string, string>> = {},
  ) {
    super(`${operation}: outcome unknown`)
  }
}

/** The operator can act: the ledger cannot be read or written. Whether something was sent is for the caller to say. */
export class LedgerError extends Error {
  override name = 'LedgerError'
  constructor(
    /** Such as "the ledger is locked by another program". */
    readonly problem: string,
    readonly fix: string,
    options?: ErrorOptions,
  ) {
    super(`${problem} ${fix}`, options)
  }
}

/** One entry of the ledger cannot be read; all others can. */
export class DamagedEntry extends LedgerError {
  /** @param entry such as `order "A" (subject)` */
  constructor(readonly entry: string) {
    super(
      `ledger.db is damaged in one entry: ${entry}.`,
      'Look this order up at Alipay by hand. Keep a copy of ledger.db, ledger.db-wal and ledger.db-shm, and put a backup in their place; everything else goes on until then.',
    )
  }
}
