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
h1{font-size:1.125rem;margin:0 0 .75rem}
h1 small,.en{display:block;color:#5d6b7c;font-size:.8125rem;font-weight:400}
.amount{font-size:2.25rem;font-weight:600;text-align:center;margin:.25rem 0 1rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.35rem 1rem;margin:0;font-size:.9rem}
dt{color:#5d6b7c}dd{margin:0;text-align:right;overflow-wrap:anywhere}
label{display:flex;gap:.75rem;align-items:center;padding:.75rem;border:1px solid #dde3ea;border-radius:10px;margin:0 0 .5rem}
button,a.button{display:block;width:100%;border:0;border-radius:10px;background:#1268e0;color:#fff;font:inherit;
font-weight:600;padding:.85rem;margin-top:1rem;text-align:center;text-decoration:none;cursor:pointer}
button:focus-visible,a:focus-visible{outline:3px solid #9cc3ff;outline-offset:2px}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.85rem}
th,td{text-align:left;padding:.5rem .6rem;border-bottom:1px solid #e8edf2;white-space:nowrap}th{color:#5d6b7c;font-weight:500}
`)

export function page(title: string, body: Part, options: { status?: number; wide?: boolean } = {}): Answer {
  const text = document(title, body, 'utf-8', options.wide ? 'wide' : '').text
  return {
    status: options.status ?? 200,
    content_type: 'text/html;charset=utf-8',
    body: text,
    headers: HEADERS,
  }
}

/** For the one page that Alipay sends in GBK. */
export function gbkPage(title: string, body: Part, encode: (text: string) => Buffer): Answer {
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
