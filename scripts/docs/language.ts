// A language in which a page is written: its words, and how tables look in Markdown.
export interface Both {
  readonly en: string
  readonly zh: string
}

export interface Language {
  readonly name: keyof Both
  /** A text of the code, known by its key, in this language. */
  code(key: string, english: string): string
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(inCell).join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

const inCell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
export const asCode = (name: string) => `\`${name}\``

/** Texts of the code are plain; in Markdown their names of tools, fields and variables are code. */
export const withCode = (text: string) =>
  text.replace(/(?<![\w`-])([a-z]+(_[a-z]+)+|[A-Z]+(_[A-Z]+)+)(?![\w`])/g, '`$1`')
