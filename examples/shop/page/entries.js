// How each entry of the conversation looks; whatever a model, a buyer or an item says is text, and nothing of it a link.
const SVG = 'http://www.w3.org/2000/svg'

export const words = JSON.parse(document.getElementById('words').textContent)

const KINDS = { buyer, assistant, order, subscription, goods, notice }

/** A new element for it; the old one is left to the caller. */
export function elementOf(entry) {
  const item = make('li', entry.kind)
  item.id = `entry-${entry.id}`
  item.append(...KINDS[entry.kind](entry))
  return item
}

export function append(item, text) {
  item.querySelector('.text').append(text)
}

/** What a screen reader says of it, once it is complete. */
export function spoken(entry) {
  const { kind, text } = entry
  if (kind === 'assistant') return `${words.assistant}: ${text}`
  if (kind === 'notice') return noticeText(entry)
  if (kind === 'goods') return `${words.goods}: ${[text, ...entry.codes].filter(Boolean).join(', ')}`
  const { subject, amount, state } = entry
  if (kind === 'subscription')
    return `${words.subscription}: ${subject}, ¥${amount} ${periodOf(entry)}, ${words.subscriptionStates[state]}`
  return kind === 'order' ? `${words.order}: ${subject}, ¥${amount}, ${words.states[state]}` : undefined
}

function make(name, className, text) {
  const element = document.createElement(name)
  if (className) element.className = className
  if (text !== undefined) element.textContent = text
  return element
}

/** In whatever direction it is written. */
function said(text) {
  const element = make('p', 'text', text)
  element.dir = 'auto'
  return element
}

function buyer({ text }) {
  return [make('p', 'unseen', words.you), said(text)]
}

function assistant({ text }) {
  const by = make('p', 'by', `${words.assistant} `)
  by.append(document.getElementById('ai').content.cloneNode(true))
  return [by, said(text)]
}

const noticeText = ({ says, amount }) => words.says[says].replace('{}', amount)

function notice(entry) {
  return [make('p', '', noticeText(entry))]
}

function order({ number, subject, amount, state, policy, policy_zh, until, link, isHere, code }) {
  const head = make('div', 'head')
  head.append(make('h2', 'subject', subject), make('p', 'amount', `¥${amount}`))
  const facts = make('dl')
  const refunds = words.language === 'zh-CN' ? (policy_zh ?? policy) : policy
  if (refunds) facts.append(make('dt', '', words.refunds), make('dd', '', refunds))
  if (link && until) facts.append(make('dt', '', words.payBefore), make('dd', '', `${until} ${words.beijing}`))
  facts.append(make('dt', '', words.number), make('dd', 'number', number))
  const parts = [make('p', `state ${state}`, words.states[state]), head, facts]
  if (link) parts.push(linkButton(link, words.pay.replace('{}', amount)), ...waysToOpen({ isHere, code }))
  return parts
}

const periodOf = ({ period, period_zh }) => (words.language === 'zh-CN' ? (period_zh ?? period) : period)

function subscription(entry) {
  const { number, subject, amount, state, next, link } = entry
  const head = make('div', 'head')
  const price = make('p', 'amount', `¥${amount}`)
  price.append(make('span', 'period', periodOf(entry)))
  head.append(make('h2', 'subject', subject), price)
  const facts = make('dl')
  if (next) facts.append(make('dt', '', words.nextCharge), make('dd', '', next))
  facts.append(make('dt', '', words.subscriptionNumber), make('dd', 'number', number))
  const parts = [make('p', `state ${state}`, words.subscriptionStates[state]), head, facts]
  if (state === 'offered') parts.push(make('p', 'hint', `${words.renews} ${words.firstCharge}`))
  if (state === 'live') parts.push(make('p', 'hint', words.renews))
  if (link && state !== 'offered') parts.push(linkButton(link, words.manage, 'button second'))
  else if (link) parts.push(linkButton(link, words.sign), ...waysToOpen(entry))
  return parts
}

/** On another device: a code, or why there is none. */
function waysToOpen({ isHere, code }) {
  if (isHere) return [make('p', 'hint', words.here)]
  return code ? [drawing(code), make('p', 'hint', words.scan)] : []
}

/** The link is the server's, and the browser tells the page nothing of this one. */
function linkButton(link, text, className = 'button') {
  const button = make('a', className, text)
  button.href = link
  button.target = '_blank'
  button.rel = 'noopener noreferrer'
  button.append(make('span', 'unseen', ` (${words.newTab})`), arrow())
  return button
}

function arrow() {
  const svg = picture('0 0 16 16', 'M6 3h7v7M13 3 4 12')
  svg.setAttribute('class', 'arrow')
  svg.setAttribute('aria-hidden', 'true')
  return svg
}

/** A QR code needs its light border on a dark page, too. */
function drawing({ size, path }) {
  const svg = picture(`-4 -4 ${size + 8} ${size + 8}`, path)
  svg.setAttribute('class', 'code')
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-label', words.code)
  return svg
}

function picture(viewBox, d) {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', viewBox)
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', d)
  svg.append(path)
  return svg
}

function goods({ number, codes, text }) {
  const lines = [...codes, ...(text === undefined ? [] : [text])]
  return [make('h2', '', words.goods), ...lines.map(copyable), make('p', 'number', `${words.number} ${number}`)]
}

function copyable(text) {
  const line = make('div', 'line')
  const value = make('output', 'value', text)
  const button = make('button', '', words.copy)
  button.type = 'button'
  button.addEventListener('click', () => {
    getSelection().selectAllChildren(value)
    navigator.clipboard?.writeText(text).then(
      () => {
        button.textContent = words.copied
      },
      () => {},
    )
  })
  line.append(value, button)
  return line
}
