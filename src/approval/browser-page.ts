// What the merchant sees: the question with its two buttons, and afterwards what was decided.
import { beijingTime } from '../clock.ts'
import type { Environment } from '../gateway/gateway.ts'
import { escaped } from '../html.ts'
import type { Approval } from '../ledger/ledger.ts'
import { toYuan } from '../money.ts'
import { ownCall } from '../pasteable-call.ts'
import { framed, inEnglish } from './frame-page.ts'
import { type Bilingual, NO_REASON, type ReadFact, readQuestion } from './question.ts'

type End = 'approved' | 'denied' | 'expired' | 'frozen' | 'failed'

interface EndWords {
  heading: Bilingual
  more: Bilingual
  /** For the {} in it. */
  call?: string
  mark: keyof typeof MARKS
  /** Whether the question is open still. */
  isOpen: boolean
}

/** Told apart by their shape, not by their colour alone. */
const MARKS = {
  yes: '<circle cx="12" cy="12" r="10"/><path d="M7 12.5l3.5 3.5L17 9"/>',
  no: '<circle cx="12" cy="12" r="10"/><path d="M8 8l8 8M16 8l-8 8"/>',
  open: '<path d="M12 3L2.5 20.5h19z"/><path d="M12 9.5v5.5M12 17v1"/>',
} as const

const ENDS: Readonly<Record<End, EndWords>> = {
  approved: {
    heading: ['已同意退款', 'You approved this refund'],
    more: [
      '助手会继续办理，退款结果会显示在对话中。如果对话没有动静，请让助手再次提出同一笔退款。',
      'The assistant goes on and reports the result in the chat. If nothing happens there, ask it for the same refund again.',
    ],
    mark: 'yes',
    isOpen: false,
  },
  denied: {
    heading: ['已拒绝，不退款', 'You declined: nothing is refunded'],
    more: ['可以关闭本页，回到对话。', 'You can close this page and go back to the chat.'],
    mark: 'no',
    isOpen: false,
  },
  expired: {
    heading: ['已过期，没有退款', 'Expired: nothing was refunded'],
    more: [
      '15 分钟内无人答复。如仍需退款，请在对话中重新提出。',
      'Nobody answered within 15 minutes. If you still want the refund, ask for it again in the chat.',
    ],
    mark: 'no',
    isOpen: false,
  },
  frozen: {
    heading: ['已冻结，未作决定', 'Frozen: no decision was recorded'],
    more: [
      '收款和退款都已冻结。请先在终端运行 {} 解冻，再作决定。',
      'Payments and refunds are frozen. End the freeze with {} at a terminal, then decide.',
    ],
    call: 'unfreeze',
    mark: 'open',
    isOpen: true,
  },
  failed: {
    heading: ['未能记录，未作决定', 'Not saved: no decision was recorded'],
    more: [
      '账本暂时无法写入。请重试，或在终端运行 {}。',
      'The ledger cannot be written just now. Try again, or run {} at a terminal.',
    ],
    call: 'approvals',
    mark: 'open',
    isOpen: true,
  },
}

export function questionPage(approval: Approval, environment: Environment, token: string, now: number): string {
  const { heading, facts, notes } = readQuestion(approval.question)
  const inWords = facts.filter(({ name }) => name === 'host' || name === 'reason')
  // The amount stands above, and the environment on top of the page.
  const listed = facts.filter(
    (fact) => !inWords.includes(fact) && fact.name !== 'amount' && fact.name !== 'environment',
  )
  const body = `<h1>${both(heading)}</h1>
${amountOf(approval)}
<dl>${listed.map(row).join('\n')}</dl>
${inWords.length > 0 ? `<div class="words">${inWords.map(words).join('\n')}</div>` : ''}
${notes.map((note) => `<div class="warning">${both([`注意：${note[0]}`, note[1] && `Note: ${note[1]}`])}</div>`).join('\n')}
${formOf(token)}
<p>${both(untilOf(approval.expires_at))}</p>`
  const refreshIn = Math.ceil((approval.expires_at - now) / 1_000) + 1
  return framed(['退款确认', 'Approve a refund'], environment, body, refreshIn)
}

/** Both weigh the same: what is easier to press is pressed. */
function formOf(token: string): string {
  return `<form method="post"><input type="hidden" name="token" value="${escaped(token)}">
<fieldset><legend>${both(['你的决定', 'Your decision'])}</legend>
<button name="decision" value="no">不退款${inEnglish('No')}</button>
<button name="decision" value="yes">同意退款${inEnglish('Yes, refund')}</button></fieldset></form>`
}

function untilOf(expires_at: number): Bilingual {
  const time = beijingTime(expires_at).slice(11, 16)
  return [
    `请在北京时间 ${time} 前答复；不答复就不会退款。`,
    `Open until ${time} Beijing time. Without an answer nothing is refunded.`,
  ]
}

export function endPage(approval: Approval, environment: Environment, end: End): string {
  const { heading, more, call = '', mark, isOpen } = ENDS[end]
  const code = `<code>${escaped(ownCall(call))}</code>`
  const [chinese = '', english = ''] = more.map((text) => text.replace('{}', () => code))
  // An empty address is that of this page: the question is asked again.
  const back = isOpen ? `<p><a href="">返回重新决定${inEnglish('Back to the question')}</a></p>` : ''
  const body = `<svg class="mark ${mark}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${MARKS[mark]}</svg>
<h1>${both(heading)}</h1>
${amountOf(approval)}
<dl>${row({ name: 'order', label: ['订单号', 'Order'], value: approval.out_trade_no })}</dl>
<p>${chinese}${inEnglish(english)}</p>${back}`
  return framed(heading, environment, body)
}

function amountOf({ amount_fen }: Approval): string {
  const amount = grouped(`¥${toYuan(amount_fen)}`)
  return `<div class="amount${amount.length > 10 ? ' long' : ''}">${amount}</div>`
}

/** Order numbers of this program are not longer; one that is may break, or it would stick out. */
const WHOLE_NUMBER = 40

function row({ name, label, value }: ReadFact): string {
  const isNumber = name === 'order'
  const isWhole = isNumber && value.length <= WHOLE_NUMBER
  const isMoney = /^¥\d+\.\d\d$/.test(value)
  const cell = isMoney
    ? `<span class="money">${grouped(value)}</span>`
    : `<bdi${isWhole ? ' class="whole"' : ''}>${escaped(value)}</bdi>`
  return `<dt>${both(label)}</dt><dd${isNumber ? ' class="long"' : ''}>${cell}</dd>`
}

/** What others say of themselves and of their reasons. */
function words({ label, value }: ReadFact): string {
  const isNone = value === NO_REASON.join(' ')
  return `<h2>${both(label)}</h2><p>${isNone ? both(NO_REASON) : `<bdi>${escaped(value)}</bdi>`}</p>`
}

function grouped(yuan: string): string {
  return yuan.replace(/\B(?=(\d{3})+\.)/g, ',')
}

function both([chinese, english]: Bilingual): string {
  return escaped(chinese) + inEnglish(escaped(english))
}
