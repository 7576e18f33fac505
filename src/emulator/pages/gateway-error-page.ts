// The pages that come from /gateway.do: Alipay's for a bad link, and those of what stands between.
import type { Refusal } from '../answers.ts'
import { encodeGbk } from '../charset.ts'
import type { Answer } from '../reply.ts'
import { markup } from './escaped-html.ts'
import { both, inEnglish, markOf, renderGbkPage } from './layout-page.ts'

const HEADINGS = {
  pay: ['付款链接无法打开', 'The link cannot be paid'],
  sign: ['签约链接无法打开', 'The link cannot be signed'],
} as const

/** What a buyer sees: HTTP 200, GBK, the code without its prefix. */
export function gatewayErrorPage(refusal: Refusal, purpose: keyof typeof HEADINGS): Answer {
  const code = refusal.sub_code.replace(/^isv\./, '')
  const body = markup`<section class="card">${markOf('no')}
<h1 class="centred">${both(HEADINGS[purpose])}</h1>
<p>调试错误，请回到请求来源地，重新发起请求。错误代码 ${code} 错误原因: ${refusal.sub_msg}${inEnglish(`${refusal.english}.`)}</p></section>`
  return renderGbkPage(['支付宝错误', 'Error'], body, (text) => encodeGbk(text, htmlEntity))
}

/** What stands in for an answer when a proxy or a maintenance page gets in between. */
export function badGatewayPage(): Answer {
  return {
    status: 502,
    content_type: 'text/html',
    body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
  }
}

export function maintenancePage(): Answer {
  return {
    status: 200,
    content_type: 'text/html;charset=utf-8',
    body: '<!doctype html><html><body><p>系统维护中 / Under maintenance</p></body></html>',
  }
}

function htmlEntity(char: string): string {
  return `&#${char.codePointAt(0)};`
}
