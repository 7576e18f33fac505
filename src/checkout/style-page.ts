// The looks of the checkout page in light and dark, and the frame of each of its pages: what it may load, and its icon.
import { createHash } from 'node:crypto'
import type { Environment } from '../gateway/gateway.ts'
import { Markup, markup } from '../html.ts'
import type { Language } from '../language.ts'
import { SCRIPT } from './checkout-script.ts'
import { wordsIn } from './checkout-words.ts'

const STYLE = `
:root{color-scheme:light dark;--page:#f2f4f8;--card:#fff;--text:#18212d;--soft:#526070;--line:#dfe4ec;--control:#6a7789;
--ring:#0b55bd;--action:#0b55bd;--on-action:#fff;--action-hover:#094799;--yes:#14692f;--no:#b3261e;--calm:#fff4d6;--calm-text:#5c4100;--quote:#f2f4f8}
@media(prefers-color-scheme:dark){:root{--page:#10151c;--card:#1b232e;--text:#e7ecf3;--soft:#a8b4c3;--line:#323d4c;--control:#8593a6;
--ring:#9cc3ff;--action:#9cc3ff;--on-action:#0d1a2d;--action-hover:#b9d4ff;--yes:#7fd79a;--no:#ff9089;--calm:#332a10;--calm-text:#ffe3a3;--quote:#10151c}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:var(--page);color:var(--text);font:16px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}
header{background:var(--calm);color:var(--calm-text);text-align:center;padding:.6rem 1rem;font-size:.875rem}
main{width:100%;max-width:28rem;margin:0 auto;padding:1rem}
footer{width:100%;margin-top:auto;color:var(--soft);font-size:.8125rem;text-align:center;padding:.5rem 1rem 1.5rem}
footer p{max-width:40rem;margin:.25rem auto 0;font-size:inherit}
footer .part{display:inline-block;margin:0 .5rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:16px;padding:1.5rem 1.25rem}
h1{font-size:1.375rem;line-height:1.35;margin:0;text-align:center;text-wrap:balance}
h1 .to{display:block;color:var(--soft);font-size:.875rem;font-weight:400}
h2{font-size:1.125rem;line-height:1.35;margin:0;text-align:center;text-wrap:balance}
p{margin:.75rem 0 0;font-size:.9375rem;text-align:center;text-wrap:balance}
.amount{margin:.4rem 0 1.25rem;font-size:2.75rem;font-size:clamp(1.6rem,11vw,2.75rem);font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
.amount.long{font-size:clamp(1.6rem,8vw,2rem)}
.amount .more{font-size:1rem;font-weight:400;letter-spacing:0}
.sign{font-size:.65em;font-weight:600;margin-right:.1em}
dl{margin:1.25rem 0 0;font-size:.9375rem}
.amount+dl{margin-top:0}.section+dl{margin-top:.5rem}
.row{display:flex;gap:0 1rem;border-top:1px solid var(--line);padding:.6rem 0}
.row:last-child{padding-bottom:0}
dt,dd{margin:0}
dt{flex:none;max-width:50%;color:var(--soft)}
dd{flex:1;min-width:0;text-align:right;font-variant-numeric:tabular-nums}
.more{display:block;color:var(--soft);font-size:.8125rem}
.number{flex-wrap:wrap;font-size:.8125rem}.number dd{flex:0 1 auto;margin-left:auto;color:var(--soft)}
.button{display:block;width:100%;border:0;border-radius:12px;background:var(--action);color:var(--on-action);font:inherit;font-size:1.125rem;font-weight:600;line-height:1.35;padding:.95rem 1rem;margin:1.5rem 0 0;text-align:center;text-decoration:none;cursor:pointer}
.button:hover{background:var(--action-hover)}
.button.second{background:none;color:var(--ring);box-shadow:inset 0 0 0 1.5px var(--control);font-size:1rem;padding:.75rem 1rem;margin-top:.75rem}
.button:focus-visible,a:focus-visible{outline:3px solid var(--ring);outline-offset:3px}
a{color:var(--ring);border-radius:2px}
.unbroken{display:inline-block}
.hint{color:var(--soft);font-size:.8125rem;margin-top:.5rem}
.note{background:var(--calm);color:var(--calm-text);border-radius:10px;padding:.75rem .9rem;margin-top:1.25rem;text-align:left;text-wrap:pretty}
.scan{margin:1.5rem 0 0;padding:1.5rem 0 0;border-top:1px solid var(--line);text-align:center}
.scan img{display:block;width:13rem;max-width:100%;height:auto;aspect-ratio:1;margin:0 auto .75rem;border-radius:10px;background:#fff}
figcaption{font-weight:600}
figcaption .more{font-weight:400}
.mark{display:block;width:4rem;height:4rem;margin:.25rem auto .75rem;color:var(--soft)}
.mark.good{color:var(--yes)}.mark.bad{color:var(--no)}.mark.calm{color:var(--ring)}
.turning .turn{transform-origin:center;animation:turn 1.4s linear infinite}
@keyframes turn{to{transform:rotate(1turn)}}
@media(prefers-reduced-motion:reduce){.turning .turn{animation:none}}
.picture{display:block;width:100%;max-width:20rem;height:auto;margin:0 auto 1.25rem}
a.button,button{-webkit-tap-highlight-color:transparent}
.picture path,.picture circle{fill:none;stroke-width:2.5;stroke-linecap:round;stroke-linejoin:round}
.picture path.bar{fill:var(--quote)}.picture .edge{stroke:var(--line);stroke-width:1}.picture .faint{stroke:var(--control);opacity:.5}
.picture .ring,.picture .arrow{stroke:var(--ring)}.picture .dots{stroke:var(--text);stroke-width:5}.picture .globe{stroke:var(--soft);stroke-width:2}
ol{margin:1rem 0 0;padding:0;list-style:none;counter-reset:step}
li{counter-increment:step;display:flex;gap:.75rem;align-items:center;margin:.6rem 0 0;font-size:1.0625rem;font-weight:600}
li::before{content:counter(step);flex:none;width:1.75rem;height:1.75rem;border-radius:50%;background:var(--action);color:var(--on-action);font-size:.9375rem;line-height:1.75rem;text-align:center}
.address{display:block;margin:.5rem 0 0;padding:.75rem;border-radius:10px;background:var(--quote);font:.875rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;text-align:left;word-break:break-all;-webkit-user-select:all;user-select:all}
.said{min-height:1.5em;margin-top:.5rem;color:var(--yes);font-weight:600}
.section{margin-top:1.5rem;padding-top:1.25rem;border-top:1px solid var(--line)}
.section>p:first-child{margin-top:0}
@media(min-width:48rem){main{padding:3rem 1rem}
main.wide{max-width:54rem}
.card{padding:2.25rem}
.wide .card{display:grid;grid-template-columns:minmax(0,1fr) 17rem;gap:0 2.5rem;align-items:center}
.wide .scan{margin:0;padding:0 0 0 2.5rem;border:0;border-left:1px solid var(--line);height:100%;display:flex;flex-direction:column;justify-content:center}
.wide .scan img{width:100%}}
`

// Nothing is fetched for the icon; Chromium would ask the server for one otherwise.
const ICON =
  'data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27 viewBox=%270 0 32 32%27%3E%3Crect width=%2732%27 height=%2732%27 rx=%277%27 fill=%27%230b55bd%27/%3E' +
  '%3Cpath d=%27M9 7l7 9 7-9M16 16v10M9 17h14M9 21h14%27 fill=%27none%27 stroke=%27%23fff%27 stroke-width=%272.6%27/%3E%3C/svg%3E'

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Of every page here. A link to an own path that redirects is no form, and no connection of the script. */
export const CHECKOUT_CSP =
  `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; img-src data:; connect-src 'self'; ` +
  "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

/** Told apart by their shape, not by their colour alone. */
const MARKS = {
  yes: '<circle cx="12" cy="12" r="10"/><path d="M7 12.5l3.5 3.5L17 9"/>',
  back: '<circle cx="12" cy="12" r="10"/><path d="M10.5 7.5L7 11l3.5 3.5M7 11h7a2.75 2.75 0 0 1 0 5.5h-2"/>',
  closed: '<circle cx="12" cy="12" r="10"/><path d="M8 8l8 8M16 8l-8 8"/>',
  clock: '<circle cx="12" cy="12" r="10"/><path d="M12 6.5V12l3.5 2.5"/>',
  changed: '<circle cx="12" cy="12" r="10"/><path d="M7 10h9.5L14 7.5M17 14H7.5l2.5 2.5"/>',
  withdrawn: '<circle cx="12" cy="12" r="10"/><path d="M7 12h10"/>',
  paused: '<circle cx="12" cy="12" r="10"/><path d="M9.75 8v8M14.25 8v8"/>',
  warning: '<path d="M12 3L2.5 20.5h19z"/><path d="M12 9.5v5.5M12 17.7v.1"/>',
  unknown: '<circle cx="12" cy="12" r="10"/><path d="M9.4 9.4a2.6 2.6 0 1 1 3.9 2.3c-.8.5-1.3 1-1.3 2M12 16.7v.1"/>',
  turning: '<circle cx="12" cy="12" r="10" opacity=".25"/><path class="turn" d="M12 2a10 10 0 0 1 10 10"/>',
} as const
export type Mark = keyof typeof MARKS
const COLOURS: Partial<Record<Mark, string>> = { yes: 'good', back: 'good', warning: 'bad', turning: 'calm' }

export function markOf(mark: Mark): Markup {
  const colour = COLOURS[mark] ?? ''
  return new Markup(
    `<svg class="mark ${mark} ${colour}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${MARKS[mark]}</svg>`,
  )
}

export interface Frame {
  language: Language
  title: string
  /** Absent on pages that stand outside of any order. */
  environment?: Environment
  /** Of the `main` element. */
  attributes?: Markup | undefined
  refresh?: Markup | undefined
  footer?: Markup | undefined
}

export function framed({ language, title, environment, attributes, refresh, footer }: Frame, body: Markup): string {
  const words = wordsIn(language)
  const isReal = environment === undefined || environment === 'production'
  return markup`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">
${refresh}<link rel="icon" href="${new Markup(ICON)}">
<style>${new Markup(STYLE)}</style></head>
<body>${isReal ? undefined : markup`<header>${words[environment]}</header>`}
<main id="live"${attributes}><section class="card">${body}</section></main>
<footer>${footer}<p>alipay-mcp</p></footer>
<script>${new Markup(SCRIPT)}</script></body></html>
`.text
}
