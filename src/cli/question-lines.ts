// The question of an approval in one language; the ledger keeps it in both.
import { type Bilingual, NO_REASON, type ReadFact, type ReadQuestion, readQuestion } from '../approval/question.ts'
import type { Language } from '../language.ts'
import { oneLine } from '../text.ts'

const RESEND: Bilingual = ['现在重新发送这笔退款？', 'Send this refund again, now?']
const FIRST_ASKED: Bilingual = ['最初发起方', 'First asked for by']
const SAME_NUMBER: Bilingual = [
  '沿用原来的退款请求号：如果上一次已经退款，不会重复退款。',
  'It keeps its number: if the first attempt moved the money, nothing moves twice.',
]
const NOTE: Bilingual = ['注意：', 'Note: ']
// `真实资金 real money`: what is said twice in one value of ours.
const TWICE = /^(.*\p{Script=Han}) ([a-z].*)$/u

/** Each line fit to be shown. What is in one language only stays as it is: no fact is lost. */
export function questionIn(language: Language, question: string): string {
  return linesOf(language, readQuestion(question))
}

function linesOf(language: Language, { heading, facts, notes }: ReadQuestion): string {
  const chosen = ([zh, en]: Bilingual) => oneLine(language === 'zh' ? zh : en || zh)
  const colon = language === 'zh' ? '：' : ': '
  const lines = facts.map((fact) => `${chosen(fact.label)}${colon}${chosen(saidOf(fact))}`)
  return [chosen(heading), ...lines, ...notes.map((note) => chosen(NOTE) + chosen(note))].join('\n')
}

/**
 * The same question about a refund that was tried before: a yes sends it now.
 * @param host the program that asked for it first; undefined where nobody knows any more
 */
export function resendQuestionIn(language: Language, question: string, host: string | undefined): string {
  const read = readQuestion(question)
  const first: ReadFact[] = host === undefined ? [] : [{ name: 'host', label: FIRST_ASKED, value: host }]
  const facts = read.facts.flatMap((fact) => (fact.name === 'host' ? first : [fact]))
  return linesOf(language, { heading: RESEND, facts, notes: [SAME_NUMBER, ...read.notes] })
}

/** The program that asks, in quotes; empty where the question does not tell. */
export function hostIn(question: string): string {
  const host = readQuestion(question).facts.find(({ name }) => name === 'host')
  return host ? oneLine(saidOf(host)[0]) : ''
}

/** What others typed stays in quotes, whatever language it looks like. */
function saidOf({ name, value }: ReadFact): Bilingual {
  if (name === 'reason' && value === NO_REASON.join(' ')) return NO_REASON
  if (name === 'subject' || name === 'host' || name === 'reason') {
    // One that could not be read from its quotes still has them.
    const quoted = value.startsWith('"') ? value : JSON.stringify(value)
    return [quoted, quoted]
  }
  const [, zh, en] = TWICE.exec(value) ?? []
  return zh !== undefined && en !== undefined ? [zh, en] : [value, value]
}
