// The kinds of error, named by who can act on them. Thrown, never returned; server/results.ts makes results of them.
import * as z from 'zod'
import type { Refusal } from './gateway/gateway.ts'

/** The model can act: what is wrong with its request, what is allowed, what to do instead. Nothing was sent. */
export class InputError extends Error {
  override name = 'InputError'
  constructor(
    message: string,
    readonly message_zh: string,
  ) {
    super(message)
  }
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

/** `yes_once`: the same call, one time. `after_change`: once what the result names has changed. */
export type Retry = 'yes_once' | 'after_change' | 'no'

/** What an error result says in its field `error`, and whether the same call may be repeated then. */
export const ERROR_KINDS = {
  invalid_input: 'after_change',
  not_configured: 'after_change',
  declined: 'no',
  waiting_for_approval: 'after_change',
  over_limit: 'no',
  frozen: 'after_change',
  /** Nothing reached Alipay. */
  not_sent: 'yes_once',
  /** Of a read. */
  no_answer: 'yes_once',
  refused_by_alipay: 'after_change',
  /** A change may have happened: first find out. */
  unknown: 'after_change',
  ledger_unavailable: 'after_change',
  internal: 'no',
} as const satisfies Record<string, Retry>
export type ErrorKind = keyof typeof ERROR_KINDS

type Facts = Readonly<Record<string, string | undefined>>

/** What a refusal tells besides its reason. */
export interface RefusalText {
  /** What is certain about the money, in one sentence. */
  money: string
  next_step?: string | undefined
  facts?: Facts
  kind?: ErrorKind
  retry?: Retry
  message_zh?: string
  /** A buyer in the chat may read it as it is: it holds nothing of the merchant's, nor of other buyers. */
  forBuyer?: true
}

/** Alipay refused, or nothing reached Alipay: this call moved nothing. `operation` says what was asked. */
export class RefusedError extends Error {
  override name = 'RefusedError'
  constructor(
    readonly operation: string,
    readonly refusal: Refusal,
    readonly text: RefusalText,
  ) {
    super(`${operation}: refused`)
  }

  get kind(): ErrorKind {
    return this.text.kind ?? (this.refusal.not_sent === undefined ? 'refused_by_alipay' : 'not_sent')
  }

  /** The same refusal, with other words; facts are added. */
  with(text: Partial<RefusalText>): RefusedError {
    const facts = { ...this.text.facts, ...text.facts }
    return new RefusedError(this.operation, this.refusal, { ...this.text, ...text, facts })
  }
}

/** Money may have moved, or a state may have changed: nobody can know yet. `next_step` is the exact call that finds out. */
export class OutcomeUnknownError extends Error {
  override name = 'OutcomeUnknownError'
  constructor(
    readonly operation: string,
    readonly why: string,
    readonly text: { money: string; next_step: string; message_zh: string; moved?: 'no'; facts?: Facts },
  ) {
    super(`${operation}: outcome unknown`)
  }
}

/** A read that got no answer that can be trusted: it changed nothing. */
export class NoAnswerError extends Error {
  override name = 'NoAnswerError'
  constructor(
    readonly operation: string,
    readonly why: string,
    /** What was known before. */
    readonly facts: Facts = {},
    readonly text: { money?: string; next_step?: string; message_zh?: string; moved?: 'unknown' } = {},
  ) {
    super(`${operation}: no answer`)
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
