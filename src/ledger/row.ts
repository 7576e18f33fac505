// Reads the columns of a row: each engine has its own habits, and what comes out of here is the same for all.
import type { Row } from './database.ts'
import { damaged } from './sqlite-failures.ts'

export function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw unfit(column, value)
  return value
}

export function maybeText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column)
}

export function whole(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw unfit(column, value)
  return value
}

export function maybeWhole(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : whole(row, column)
}

export function yesNo(row: Row, column: string): boolean {
  return whole(row, column) === 1
}

export function oneOf<T extends string>(row: Row, column: string, allowed: readonly T[]): T {
  const value = row[column]
  const found = allowed.find((one) => one === value)
  if (found === undefined) throw unfit(column, value)
  return found
}

export function maybeOneOf<T extends string>(row: Row, column: string, allowed: readonly T[]): T | undefined {
  return row[column] === null ? undefined : oneOf(row, column, allowed)
}

function unfit(column: string, value: unknown): Error {
  return damaged(new Error(`the column ${column} holds a ${typeof value} that does not belong there`))
}
