// Text in pages: escaped, and by a template tag that lets no text in unescaped.

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

/** Markup that is safe to send. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Part = string | Markup | readonly Markup[] | undefined

/** Template tag: every interpolated text is escaped, markup is kept, undefined is nothing. */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.reduce((page, string, at) => page + partOf(parts[at - 1]) + string))
}

function partOf(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'string') return escaped(part)
  return part instanceof Markup ? part.text : part.map(({ text }) => text).join('')
}
