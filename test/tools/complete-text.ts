// Finds the facts of a structured answer that its text does not tell.
import type { Fields } from '../shop.ts'

export function missingInText(facts: Fields, text: string): string[] {
  const lines = text.split('\n')
  return Object.entries(facts)
    .filter(([key, value]) => (Array.isArray(value) ? !hasList(key, value, text) : !has(lines, key, value)))
    .map(([key]) => key)
}

const has = (lines: readonly string[], key: string, value: unknown) =>
  [`${value}`, JSON.stringify(value)].some((shown) => lines.includes(`${key}: ${shown}`))

/** Their number, and each item on a line of its own, pair by pair. */
function hasList(key: string, items: readonly Fields[], text: string): boolean {
  const lines = (text.split(`\n${key}: ${items.length}\n`)[1] ?? '').split('\n')
  return items.every((item, index) => {
    const [number, ...pairs] = (lines[index] ?? '').split(/(?<=^\d+\.) | \| /)
    return number === `${index + 1}.` && Object.entries(item).every(([name, value]) => has(pairs, name, value))
  })
}
