// Escaping by construction: the only way to put text into a page.

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Markup that is safe to send. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Part = string | Markup | readonly Markup[]

/** Template tag: every interpolated text is escaped, markup made by this tag is kept. */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.reduce((page, string, at) => page + escapePart(parts[at - 1] ?? '') + string))
}

function escapePart(part: Part): string {
  if (typeof part === 'string') return part.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
  return part instanceof Markup ? part.text : part.map((one) => one.text).join('')
}
