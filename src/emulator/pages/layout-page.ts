// The frame of every page: phone width, nothing from outside, and the words that no money is real.
import type { Answer } from '../reply.ts'
import { Markup, markup, type Part } from './escaped-html.ts'

// form-action also binds redirects after a form post, so the way back to the merchant is a link.
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // no-referrer would turn the Origin of our own forms into "null".
  'referrer-policy': 'same-origin',
}

const STYLE = new Markup(`
*{box-sizing:border-box}
body{margin:0;background:#f4f6f9;color:#1c2530;font:16px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;overflow-wrap:anywhere}
main{max-width:26rem;margin:0 auto;padding:1rem}
main.wide{max-width:64rem}
.notice{background:#fff6df;color:#6a4a00;text-align:center;padding:.6rem 1rem;font-size:.875rem}
.card{background:#fff;border-radius:12px;padding:1.25rem;margin:0 0 1rem;box-shadow:0 1px 3px rgba(20,40,80,.08)}
h1,h2{font-size:1.125rem;margin:0 0 .75rem}
h1 small,h2 small,.en{display:block;color:#5d6b7c;font-size:.8125rem;font-weight:400}
.amount{font-size:min(2.25rem,8vw);font-weight:600;text-align:center;margin:.25rem 0 1rem}
dl{display:grid;grid-template-columns:fit-content(8rem) 1fr;gap:.35rem .5rem;margin:0;font-size:.9rem}
.wide dl{max-width:22rem}dt{color:#5d6b7c}dd{margin:0;text-align:right;overflow-wrap:anywhere}
label:has(:checked){border-color:#1268e0;background:#f2f7ff}
label{cursor:pointer;display:flex;gap:.75rem;align-items:center;padding:.75rem;border:1px solid #dde3ea;border-radius:10px;margin:0 0 .5rem}
button,a.button{display:block;width:100%;border:0;border-radius:10px;background:#1268e0;color:#fff;font:inherit;
font-weight:600;padding:.85rem;margin-top:1rem;text-align:center;text-decoration:none;cursor:pointer}
button:focus-visible,a:focus-visible,label:has(:focus-visible){outline:3px solid #9cc3ff;outline-offset:2px}
a{color:#0b55bd}a.button.quiet{background:#e8eef6;color:#1c2530}
table{border-collapse:collapse;width:100%;font-size:.85rem}
th,td{text-align:left;padding:.5rem .6rem;border-bottom:1px solid #e8edf2;vertical-align:top}
th{color:#5d6b7c;font-weight:500;white-space:nowrap}td:first-child{font-weight:600}tbody tr:last-child td{border-bottom:0}
.badge,time{white-space:nowrap}.badge{display:inline-block;border-radius:6px;padding:.05rem .45rem;background:#eceff3;color:#47525f}
.badge.paid{background:#dff5e5;color:#14602b}.badge.waiting{background:#fff0cc;color:#6a4a00}
a.pay{display:inline-block;background:#1268e0;color:#fff;border-radius:8px;padding:.35rem .75rem;text-decoration:none;white-space:nowrap}
@media(max-width:48rem){thead{display:none}table,tbody,tr,td{display:block}
tr{padding:.75rem 0;border-bottom:1px solid #e8edf2}tr:last-child{border-bottom:0;padding-bottom:0}
td{border:0;padding:.15rem 0;display:flex;justify-content:space-between;gap:1rem}
td[data-label]::before{content:attr(data-label);color:#5d6b7c;flex:none;max-width:45%}td span{text-align:right}
td[data-label=""]::before{content:none}td[data-label=""]>span{flex:1;padding-top:.4rem}td a.pay{display:block;text-align:center;padding:.6rem}}
`)

export function renderPage(title: string, body: Part, options: { status?: number; wide?: boolean } = {}): Answer {
  const text = document(title, body, 'utf-8', options.wide ? 'wide' : '').text
  return {
    status: options.status ?? 200,
    content_type: 'text/html;charset=utf-8',
    body: text,
    headers: HEADERS,
  }
}

/** For the one page that Alipay sends in GBK. */
export function renderGbkPage(title: string, body: Part, encode: (text: string) => Buffer): Answer {
  const text = document(title, body, 'GBK', '').text
  return { status: 200, content_type: 'text/html;charset=GBK', body: encode(text), headers: HEADERS }
}

function document(title: string, body: Part, charset: string, width: string): Markup {
  return markup`<!doctype html>
<html lang="zh-CN"><head><meta charset="${charset}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>${STYLE}</style></head>
<body><div class="notice">本地模拟，非真实付款<span class="en">Local emulator, no real money</span></div>
<main class="${width}">${body}</main></body></html>
`
}
