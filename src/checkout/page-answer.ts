// What a page answers over HTTP: a document, a plain text or a way on; none of it is to be passed on, nor found.
import { CHECKOUT_CSP } from './style-page.ts'

export interface PageAnswer {
  status: number
  text: string
  headers: Readonly<Record<string, string>>
  /** Whether anything was there. */
  isKnown: boolean
}

export function html(status: number, text: string, csp: string = CHECKOUT_CSP): PageAnswer {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': csp,
    vary: 'accept-language, user-agent',
  }
  return { status, text, headers: { ...headers, ...PRIVATE }, isKnown: true }
}

export function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): PageAnswer {
  return { status, text, headers: { ...headers, ...PRIVATE }, isKnown: true }
}

export function redirect(location: string): PageAnswer {
  return plain(303, '', { location })
}

/** What only a press may ask for. */
export const notPressed = (): PageAnswer => plain(503, 'Nothing was pressed.\n')

/** The address of a page is all that its reader needs: it is not to be passed on, nor found. */
const PRIVATE = { 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex, nofollow' }
