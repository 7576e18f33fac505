// The page that Alipay's gateway shows a buyer for a bad link: HTTP 200, GBK, code without its prefix.
import type { Refusal } from '../answers.ts'
import { encodeGbk } from '../gbk.ts'
import type { Answer } from '../reply.ts'
import { markup } from './escaped-html.ts'
import { gbkPage } from './layout-page.ts'

export function gatewayErrorPage(refusal: Refusal): Answer {
  const code = refusal.sub_code.replace(/^isv\./, '')
  const body = markup`<section class="card">
<p>调试错误，请回到请求来源地，重新发起请求。错误代码 ${code} 错误原因: ${refusal.sub_msg}</p>
<p class="en">The link cannot be paid. ${refusal.english}.</p></section>`
  return gbkPage('支付宝错误 Error', body, encodeGbk)
}
