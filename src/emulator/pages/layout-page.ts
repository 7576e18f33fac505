// The frame of every page: from phone width up, light and dark, nothing from outside, and the words that no money is real.
import { createHash } from 'node:crypto'
import { yuanOf } from '../fen.ts'
import type { Answer } from '../reply.ts'
import { Markup, markup, type Part } from './escaped-html.ts'
import { STYLE } from './style-page.ts'

// form-action also binds redirects after a form post, so the way back to the merchant is a link.
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; img-src data:"

const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // no-referrer would turn the Origin of our own forms into "null".
  'referrer-policy': 'same-origin',
}

// Nothing is fetched for the icon; Chromium would ask the server for one otherwise.
const ICON = new Markup(
  'data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27 viewBox=%270 0 32 32%27%3E%3Crect width=%2732%27 height=%2732%27 rx=%277%27 fill=%27%238a5a00%27/%3E' +
    '%3Cpath d=%27M9 7l7 9 7-9M16 16v10M9 17h14M9 21h14%27 fill=%27none%27 stroke=%27%23fff%27 stroke-width=%272.6%27/%3E%3C/svg%3E',
)

export type Bilingual = readonly [chinese: string, english: string]

const STOPPED: Bilingual = ['模拟器没有响应，可能已停止。', 'The emulator does not answer; it may have stopped.']

export interface PageOptions {
  status?: number
  wide?: boolean
  /** Runs in the page; nothing else does. */
  script?: string
}

export function renderPage(title: Bilingual, body: Part, options: PageOptions = {}): Answer {
  const { status = 200, wide = false, script } = options
  return {
    status,
    content_type: 'text/html;charset=utf-8',
    body: document(title, body, 'utf-8', wide ? 'wide' : '', script).text,
    headers: { 'content-security-policy': policyWith(script), ...HEADERS },
  }
}

/** For the one page that Alipay sends in GBK. */
export function renderGbkPage(title: Bilingual, body: Part, encode: (text: string) => Buffer): Answer {
  const text = document(title, body, 'GBK', '').text
  const headers = { 'content-security-policy': CONTENT_SECURITY_POLICY, ...HEADERS }
  return { status: 200, content_type: 'text/html;charset=GBK', body: encode(text), headers }
}

function policyWith(script: string | undefined): string {
  if (script === undefined) return CONTENT_SECURITY_POLICY
  const hash = createHash('sha256').update(script).digest('base64')
  return `${CONTENT_SECURITY_POLICY}; script-src 'sha256-${hash}'; connect-src 'self'`
}

function document([title, english]: Bilingual, body: Part, charset: string, width: string, script?: string): Markup {
  const running = script === undefined ? '' : new Markup(`<script>${script}</script>`)
  const stopped = script === undefined ? '' : markup`<p id="stopped" role="status" hidden>${both(STOPPED)}</p>`
  return markup`<!doctype html>
<html lang="zh-CN"><head><meta charset="${charset}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} ${english} · alipay-mcp</title>
<link rel="icon" href="${ICON}">
<style>${STYLE}</style></head>
<body><header>本地模拟，非真实付款${inEnglish('Local emulator, no real money')}${stopped}</header>
<main class="${width}">${body}</main>
<footer>alipay-mcp 本地模拟器 ${inEnglish('Local emulator')} · <a href="/">总览 ${inEnglish('Overview')}</a></footer>${running}</body></html>
`
}

/** The second language of the page. */
export function inEnglish(part: Part): Markup {
  return markup` <span class="en" lang="en">${part}</span>`
}

export function both([chinese, english]: readonly [Part, Part]): Markup {
  return markup`${chinese}${inEnglish(english)}`
}

/** A row of a list of facts. */
export function fact(label: Bilingual, value: Part): Markup {
  return markup`<dt>${both(label)}</dt><dd>${value}</dd>
`
}

/** A row for a number of which nothing may break. */
export function numberFact(label: Bilingual, value: string): Markup {
  return longFact(label, wholeNumber(value))
}

/** A row whose value stands below its label. */
export function longFact(label: Bilingual, value: Part): Markup {
  return markup`<dt>${both(label)}</dt><dd class="long">${value}</dd>
`
}

/** Alipay's numbers and most merchants' are not longer; one that is may break, or it would stick out. */
const WHOLE_NUMBER = 40

export function wholeNumber(text: string): Part {
  return text.length > WHOLE_NUMBER ? text : markup`<span class="whole">${text}</span>`
}

/** Yuan, in groups of three digits. */
export function moneyOf(fen: number): Markup {
  return markup`<span class="money">¥${yuanOf(fen).replace(/\B(?=(\d{3})+\.)/g, ',')}</span>`
}

/** Told apart by their shape, not by their colour alone. */
const MARKS = {
  yes: '<circle cx="12" cy="12" r="10"/><path d="M7 12.5l3.5 3.5L17 9"/>',
  no: '<circle cx="12" cy="12" r="10"/><path d="M8 8l8 8M16 8l-8 8"/>',
} as const

export function markOf(name: keyof typeof MARKS): Markup {
  return markup`<svg class="mark ${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${new Markup(MARKS[name])}</svg>`
}
