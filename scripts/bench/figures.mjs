// Figures of the benchmark: medians, rows with their budgets, and the table.

export const median = (values) => quantile(values, 0.5)

export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * part
  const low = sorted[Math.floor(at)]
  return low + (sorted[Math.ceil(at)] - low) * (at % 1)
}

/** The median of the ratios of rounds: both sides of a ratio were measured one after the other. */
export function ratioRow(name, rounds, { budget, unit = 'ms', against }) {
  const ratios = rounds.map(([value, base]) => value / base)
  const [value, base] = [0, 1].map((side) => median(rounds.map((round) => round[side])).toPrecision(3))
  const half = [0.25, 0.75].map((part) => quantile(ratios, part).toFixed(2)).join('-')
  const note = `${value} ${unit} against ${base} of ${against}; ${rounds.length} rounds, middle half ${half}`
  return row(name, median(ratios), 'x', { budget, note })
}

/** @param budget the largest value that is allowed, if there is one */
export function row(name, value, unit, { budget, note = '' } = {}) {
  return { name, value, unit, budget, ok: budget === undefined || value <= budget, note }
}

export function table(rows) {
  const lines = rows.map(({ name, value, unit, budget, ok, note }) => [
    name,
    `${shown(value)} ${unit}`,
    budget === undefined ? '' : `<= ${shown(budget)}`,
    budget === undefined ? '' : ok ? 'ok' : 'OVER',
    note,
  ])
  const all = [['measured', 'figure', 'budget', '', ''], ...lines]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((line) => line[column].length)))
  const padded = (cell, column) => (column === 1 ? cell.padStart(widths[1]) : cell.padEnd(widths[column] ?? 0))
  return all.map((line) => line.map(padded).join('  ').trimEnd()).join('\n')
}

function shown(value) {
  if (Number.isNaN(value)) return 'not measurable here'
  return Number.isInteger(value) ? String(value) : value.toFixed(2)
}
