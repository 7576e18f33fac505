// Whether a word is a key: such a word is never shown, wherever it stands.

// A hundred letters of a key have more different ones.
const LEAST_LETTERS = 10

/** Whether a word is a key or a part of one: nothing of it may be shown. */
export function isKeyText(word: string): boolean {
  if (/-----\s?BEGIN|MI[GHIJ][\w+/-]{40}|LS0tLS1CRUdJ/.test(word)) return true
  const value = word.replace(/^[\w-]{1,40}[=:]/, '')
  if (/^[A-Za-z0-9+/_-]{100,}={0,2}$/.test(value) && new Set(value).size >= LEAST_LETTERS) return true
  // A piece of a key that was split at its blanks: no path has 40 such signs without a dot, a blank or a break.
  return /^[A-Za-z0-9+/]{40,}={0,2}$/.test(value) && /[A-Z]/.test(value) && /[a-z]/.test(value) && /\d/.test(value)
}
