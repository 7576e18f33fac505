// The pages that come from /gateway.do: Alipay's for a bad link, and those of what stands between.
import { TextDecoder } from 'node:util'
import type { Refusal } from '../answers.ts'
import type { Answer } from '../reply.ts'
import { markup } from './escaped-html.ts'
import { renderGbkPage } from './layout-page.ts'

/** What a buyer sees: HTTP 200, GBK, the code without its prefix. */
export function gatewayErrorPage(refusal: Refusal): Answer {
  const code = refusal.sub_code.replace(/^isv\./, '')
  const body = markup`<section class="card">
<p>调试错误，请回到请求来源地，重新发起请求。错误代码 ${code} 错误原因: ${refusal.sub_msg}</p>
<p class="en">The link cannot be paid. ${refusal.english}.</p></section>`
  return renderGbkPage('支付宝错误 Error', body, encodeGbk)
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

// Node can only decode GBK, so the table is its decoder read backwards.
let table: ReadonlyMap<string, readonly [number, number]> | undefined

/** A character that GBK lacks becomes a numeric entity, which HTML shows the same. */
function encodeGbk(text: string): Buffer {
  table ??= buildTable()
  const bytes: number[] = []
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    const pair = table.get(char)
    if (code < 0x80) bytes.push(code)
    else if (pair) bytes.push(...pair)
    else bytes.push(...Buffer.from(`&#${code};`))
  }
  return Buffer.from(bytes)
}

function buildTable(): Map<string, readonly [number, number]> {
  const pairs = new Map<string, readonly [number, number]>()
  const decoder = gbkDecoder()
  for (let lead = 0x81; decoder && lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const char = decoder.decode(Uint8Array.of(lead, trail))
      if ([...char].length === 1 && char !== '\ufffd') pairs.set(char, [lead, trail])
    }
  }
  return pairs
}

/** A Node built without full ICU lacks the decoder; entities alone are still valid GBK. */
function gbkDecoder(): TextDecoder | undefined {
  try {
    return new TextDecoder('gbk')
  } catch {
    return undefined
  }
}
