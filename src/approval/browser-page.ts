// What the merchant sees: the question with its two buttons, and afterwards what was decided.
import { createHash } from 'node:crypto'
import type { Environment } from '../gateway/gateway.ts'
import type { Approval } from '../ledger/ledger.ts'
import { toYuan } from '../money.ts'

const STYLE = `
*{box-sizing:border-box}
body{margin:0;background:#f4f6f9;color:#1c2530;font:16px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}
main{max-width:28rem;margin:0 auto;padding:1rem}
.notice{background:#fff6df;color:#6a4a00;text-align:center;padding:.6rem 1rem;font-size:.875rem}
.notice.real{background:#b3261e;color:#fff;font-weight:600}
.card{background:#fff;border-radius:12px;padding:1.25rem;margin:0 0 1rem;box-shadow:0 1px 3px rgba(20,40,80,.08)}
h1{font-size:1.25rem;margin:0 0 .25rem;text-align:center}
h1 small,.en{display:block;color:#5d6b7c;font-size:.8125rem;font-weight:400}
.amount{font-size:min(3.25rem,12vw);font-weight:650;line-height:1.2;text-align:center;margin:.5rem 0 1.25rem}
dl{display:grid;grid-template-columns:fit-content(9rem) 1fr;gap:.5rem .75rem;margin:0;font-size:.9rem}
dt{color:#5d6b7c}dd{margin:0;text-align:right}
.warning{background:#fff0cc;color:#5a3f00;border-radius:10px;padding:.75rem;margin:1rem 0 0;font-size:.9rem}
button{display:block;width:100%;border:0;border-radius:10px;background:#1268e0;color:#fff;font:inherit;font-weight:600;padding:.85rem;margin-top:1rem;cursor:pointer}
button.no{background:#e8eef6;color:#1c2530;margin-top:.6rem}
button:focus-visible{outline:3px solid #9cc3ff;outline-offset:2px}
code{font:inherit;white-space:nowrap}
p{margin:.75rem 0 0;font-size:.9rem;text-align:center}
`

export const CONTENT_SECURITY_POLICY =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

type End = 'approved' | 'denied' | 'expired' | 'frozen' | 'failed'

const ENDS: Readonly<Record<End, readonly [heading: string, english: string, chinese: string, more: string]>> = {
  approved: [
    '已同意退款',
    'You said yes to this refund',
    '退款由助手继续办理；如果它没有继续，请在对话中再说一遍。结果以对话为准。',
    'The assistant goes on with it; if it does not, say so in the chat. How it ended is told there.',
  ],
  denied: ['已拒绝，不退款', 'You said no: nothing is refunded', '可以关闭本页。', 'You can close this page.'],
  expired: [
    '已过期，没有退款',
    'Expired: nothing was refunded for this question',
    '15 分钟内无人答复。如仍需退款，请在对话中重新提出。',
    'Nobody answered within 15 minutes. If it is still wanted, ask for it again in the chat.',
  ],
  frozen: [
    '已冻结，未作决定',
    'Frozen: nothing was decided',
    '所有收退款操作已被冻结；解冻请在终端运行 <code>alipay-mcp unfreeze</code>。',
    'Everything that moves money is frozen; a person at a terminal can end it with <code>alipay-mcp unfreeze</code>.',
  ],
  failed: [
    '未能记录，未作决定',
    'It could not be written down: nothing was decided',
    '账本暂时无法写入，请重试，或在终端运行 <code>alipay-mcp approvals</code>。',
    'The ledger cannot be written just now: try again, or use <code>alipay-mcp approvals</code> at a terminal.',
  ],
}

export function questionPage(approval: Approval, environment: Environment, token: string): string {
  const yuan = toYuan(approval.amount_fen)
  const form = `<form method="post"><input type="hidden" name="token" value="${escaped(token)}">
<button name="decision" value="yes">同意退款 ¥${yuan} · Yes, refund</button>
<button class="no" name="decision" value="no">不退款 · No</button></form>
<p>15 分钟内有效；不答复就不会退款。<span class="en">Valid for 15 minutes; without an answer nothing is refunded.</span></p>`
  return page('退款确认 Approve a refund', environment, questionCard(approval, yuan, form))
}

export function endPage(approval: Approval, environment: Environment, end: End): string {
  const [heading, english, chinese, more] = ENDS[end]
  const card = `<section class="card"><h1>${heading}<small>${english}</small></h1>
<div class="amount">¥${toYuan(approval.amount_fen)}</div>
<dl><dt>订单号 Order</dt><dd>${escaped(approval.out_trade_no)}</dd></dl>
<p>${chinese}<span class="en">${more}</span></p></section>`
  return page(heading, environment, card)
}

/** The question is lines of `label: value`; a first line without a label is its heading, notes stand out. */
function questionCard({ question, out_trade_no }: Approval, yuan: string, form: string): string {
  const [heading = '', ...lines] = question.split('\n')
  const facts = lines.map((line) => /^([^:]*): (.*)$/.exec(line)?.slice(1) ?? ['', line])
  const isNote = ([label = '']: string[]) => label === '' || label.startsWith('注意')
  const rows = facts.filter((fact) => !isNote(fact))
  const notes = facts.filter(isNote)
  const listed = rows.length > 0 ? rows : [['订单号 Order', out_trade_no]]
  const [, chinese = heading, english = ''] = /^(.*？) (.*)$/.exec(heading) ?? []
  return `<section class="card"><h1>${escaped(chinese)}<small>${escaped(english)}</small></h1><div class="amount">¥${yuan}</div>
<dl>${listed.map(([label = '', value = '']) => `<dt>${escaped(label)}</dt><dd><bdi>${escaped(value)}</bdi></dd>`).join('\n')}</dl>
${notes.map(([, note = '']) => `<div class="warning">${escaped(note)}</div>`).join('\n')}
${form}</section>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

function page(title: string, environment: Environment, body: string): string {
  const notices: Readonly<Record<Environment, string>> = {
    local: '本地模拟，不动真钱<span class="en">Local emulator, no real money</span>',
    sandbox: '支付宝沙箱，不动真钱<span class="en">Sandbox of Alipay, no real money</span>',
    production: '真实资金 · Real money',
  }
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>${STYLE}</style></head>
<body><div class="notice${environment === 'production' ? ' real' : ''}">${notices[environment]}</div>
<main>${body}</main></body></html>
`
}
