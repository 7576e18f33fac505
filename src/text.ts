// Text that others typed, made fit to stand in one line of ours.

// Control characters, line ends, and signs that turn the direction of writing or are not seen.
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]+/gu

/** What came from outside must not start a line of its own. */
export function oneLine(text: string): string {
  return text.replace(UNSEEN, ' ')
}

/** Of a text of several lines, each fit to be shown. */
export function eachOneLine(text: string): string {
  return text.split('\n').map(oneLine).join('\n')
}

/** In one line, and cut to so many characters, the last of which then tells that there was more. */
export function shortLine(text: string, most: number): string {
  const characters = [...oneLine(text).trim()]
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : characters.join('')
}

export const NO_BREAK = '\u00a0'
/** What a terminal keeps on one line, such as a call that is to be pasted. */
export const unbroken = (text: string) => text.replaceAll(' ', NO_BREAK)

/** Of an address neither a login nor a token. A password may hold an @ itself; in an address that is none it may hold anything. */
export function withoutSecrets(value: string): string {
  const login = /:\/\//.test(value) && !URL.canParse(value) ? /(^|\w:\/\/)\S*@/g : /(^|\w:\/\/)[^\s/?#"\\]*@/g
  return value.replace(login, '$1***@').replace(SECRET_FIELD, '$1***')
}

const SECRET_FIELD = /([?&#;][^\s=&#"]*(?:token|key|secret|sign|pass|pwd)[^\s=&#"]*=)[^\s&#"]*/gi
