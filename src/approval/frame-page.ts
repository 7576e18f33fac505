// The frame of every page here: its looks in light and dark, what it may load, and whether the money is real.
import { createHash } from 'node:crypto'
import type { Environment } from '../gateway/gateway.ts'
import type { Bilingual } from './question.ts'

const STYLE = `
:root{color-scheme:light dark;--page:#f2f4f8;--card:#fff;--text:#18212d;--soft:#526070;--line:#dfe4ec;--control:#6a7789;
--hover:#eef3fa;--ring:#0b55bd;--danger:#b3261e;--yes:#14692f;--quote:#f2f4f8;--note:#fff1cf;--note-text:#5c4100;--calm:#fff4d6;--calm-text:#5c4100}
@media(prefers-color-scheme:dark){:root{--page:#10151c;--card:#1b232e;--text:#e7ecf3;--soft:#a8b4c3;--line:#323d4c;--control:#8593a6;
--hover:#263140;--ring:#9cc3ff;--danger:#ff9089;--yes:#7fd79a;--quote:#10151c;--note:#40330f;--note-text:#ffe3a3;--calm:#332a10;--calm-text:#ffe3a3}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}
header{background:var(--calm);color:var(--calm-text);text-align:center;padding:.6rem 1rem;font-size:.875rem}
.real header{background:#b3261e;color:#fff;font-weight:600}
header .en{color:inherit}
main{max-width:30rem;margin:0 auto;padding:1rem}
footer{color:var(--soft);font-size:.8125rem;text-align:center;padding:0 1rem 1.5rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.25rem}
h1{font-size:1.25rem;line-height:1.35;margin:0;text-align:center}
.en{display:block;color:var(--soft);font-size:.8125rem;font-weight:400}
.amount{font-size:min(3.25rem,12vw);font-weight:650;line-height:1.2;text-align:center;margin:.5rem 0 1rem;white-space:nowrap;font-variant-numeric:tabular-nums}
.amount.long{font-size:min(2.25rem,8vw)}
dl{display:grid;grid-template-columns:minmax(8.25rem,2fr) 3fr;gap:.5rem .75rem;margin:0;font-size:.9375rem}
dt,dd{border-top:1px solid var(--line);padding-top:.5rem;margin:0}
dt{color:var(--soft);margin-right:-.75rem;padding-right:.75rem}
dd{text-align:right;font-variant-numeric:tabular-nums}
.money,.whole{white-space:nowrap}
dt:has(+.long),.long{grid-column:1/-1}
dt:has(+.long){margin-right:0;padding-right:0}
dt:has(+.long) .en{display:inline}
dd.long{border-top:0;padding-top:0;margin-top:-.5rem;font-size:.875rem}
.words{margin:1rem 0 0;padding:.75rem;border-left:4px solid var(--control);border-radius:4px;background:var(--quote);font-size:.9375rem}
.words h2{color:var(--soft);font-size:.8125rem;font-weight:400;margin:0}
.words h2 .en{display:inline}
.words p{margin:.15rem 0 .6rem;text-align:left}
.words p:last-child{margin-bottom:0}
.warning{background:var(--note);color:var(--note-text);border-radius:10px;padding:.75rem;margin:1rem 0 0;font-size:.9375rem}
.warning .en{color:inherit}
fieldset{border:0;margin:1.25rem 0 0;padding:0;display:grid;grid-template-columns:1fr 1fr;gap:.75rem}
legend{color:var(--soft);font-size:.8125rem;padding:0;margin:0 auto .4rem}
legend .en{display:inline}
button{border:2px solid var(--control);border-radius:10px;background:var(--card);color:var(--text);font:inherit;font-weight:600;padding:.7rem .5rem;cursor:pointer}
.real button{border-color:var(--danger)}
button:hover{background:var(--hover)}
button:focus-visible,a:focus-visible{outline:3px solid var(--ring);outline-offset:3px}
a{color:var(--ring);border-radius:2px}
a .en{color:inherit}
code{font:inherit;font-weight:600;overflow-wrap:anywhere}
p{margin:.75rem 0 0;font-size:.9375rem;text-align:center}
.mark{display:block;width:3.5rem;height:3.5rem;margin:0 auto .5rem;color:var(--soft)}
.mark.yes{color:var(--yes)}
.mark.no{color:var(--danger)}
`

// Nothing is fetched for the icon; Chromium would ask the server for one otherwise.
const ICON =
  'data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27 viewBox=%270 0 32 32%27%3E%3Crect width=%2732%27 height=%2732%27 rx=%277%27 fill=%27%230b55bd%27/%3E' +
  '%3Cpath d=%27M9 7l7 9 7-9M16 16v10M9 17h14M9 21h14%27 fill=%27none%27 stroke=%27%23fff%27 stroke-width=%272.6%27/%3E%3C/svg%3E'

export const CONTENT_SECURITY_POLICY =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
  "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const NOTICES: Readonly<Record<Environment, Bilingual>> = {
  local: ['本地模拟，不动真钱', 'Local emulator, no real money'],
  sandbox: ['支付宝沙箱，不动真钱', "Alipay's sandbox, no real money"],
  production: ['真实资金', 'Real money'],
}

/** @param refreshIn seconds after which the page loads itself again */
export function framed(
  [title, english]: Bilingual,
  environment: Environment,
  body: string,
  refreshIn?: number,
): string {
  const refresh = refreshIn === undefined ? '' : `<meta http-equiv="refresh" content="${refreshIn}">\n`
  const [notice, noticeInEnglish] = NOTICES[environment]
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} ${english} · alipay-mcp</title>
${refresh}<link rel="icon" href="${ICON}">
<style>${STYLE}</style></head>
<body${environment === 'production' ? ' class="real"' : ''}><header>${notice}${inEnglish(noticeInEnglish)}</header>
<main><section class="card">${body}</section></main>
<footer>alipay-mcp</footer></body></html>
`
}

/** The second language of the page. @param html safe to send */
export function inEnglish(html: string): string {
  return html === '' ? '' : ` <span class="en" lang="en">${html}</span>`
}
