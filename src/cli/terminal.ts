// What commands show and ask at the terminal: whole texts out, typed words in, and nothing that only looks like a yes.
import { createInterface } from 'node:readline/promises'
import picocolors from 'picocolors'
import stringWidth from 'string-width'
import { inLanguages, type Language } from '../language.ts'
import { NO_BREAK } from '../text.ts'
import type { CommandLine } from './command-line.ts'
import { USAGE, UsageError } from './usage-text.ts'

export type Paint = ReturnType<typeof picocolors.createColors>

/** Its own detection would colour pipes on Windows and in CI. */
export function paintFor({ colour }: Pick<CommandLine, 'colour'>): Paint {
  return picocolors.createColors(colour ?? process.stdout.isTTY === true)
}

/** How wide the terminal is; undefined for a pipe or a file, which take lines of any length. */
export function terminalColumns(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns || 80 : undefined
}

// Longer lines are hard to read, however wide the window is.
const WIDEST_TEXT = 100

// Between two signs of Chinese a line may end, but not before a closing sign nor behind an opening one.
const WIDE = '\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef'
const OPENING = '（「《“'
const PIECES = new RegExp(`[${OPENING}]*(?:[${WIDE}]|[^ ${WIDE}]+)[，。、；：？！）」》”…]*| +`, 'gu')

/** Lines broken between words, or between two signs of Chinese, each piece as far in as its line. */
export function wrapped(text: string, columns = terminalColumns()): string {
  const most = columns === undefined ? Number.POSITIVE_INFINITY : Math.min(columns, WIDEST_TEXT)
  const lines = text.split('\n').map((line) => (stringWidth(line) <= most ? line : broken(line, most)))
  return lines.join('\n').replaceAll(NO_BREAK, ' ')
}

function broken(line: string, most: number): string {
  const [indent = ''] = /^ */.exec(line) ?? []
  const lines = [indent]
  for (const [piece] of line.slice(indent.length).matchAll(PIECES)) {
    const last = lines.at(-1) ?? ''
    if (stringWidth(last + piece) <= most || last.trim() === '') lines[lines.length - 1] = last + piece
    else lines.push(piece.startsWith(' ') ? indent : indent + piece)
  }
  return lines.map((one) => one.trimEnd()).join('\n')
}

/** Resolves when it is out: the process ends right after, and pipes may be slow. */
export function put(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()))
}

export const print = (text: string) => put(`${wrapped(text)}\n`)

/** A command that can be pasted: on a line of its own, never broken. */
export const printCall = (call: string) => put(`  ${call}\n`)

/**
 * What a person decides is not taken from a pipe, which a program could fill.
 * @throws UsageError
 */
export function requireTerminal(command: string, language: Language): void {
  if (process.stdin.isTTY && process.stdout.isTTY) return
  throw new UsageError(USAGE(language).onlyAtTerminal(command))
}

/** One line from the terminal, without the space around it; undefined when the person has left (Ctrl-D, Ctrl-C). */
export async function answerTo(question: string): Promise<string | undefined> {
  const text = wrapped(question)
  // Readline draws its last line again and again; what stands before it needs no drawing.
  const cut = text.lastIndexOf('\n') + 1
  if (cut > 0) await put(text.slice(0, cut))
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  const left = new AbortController()
  lines.on('close', () => left.abort())
  try {
    return (await lines.question(`${text.slice(cut)} `, { signal: left.signal })).trim()
  } catch (error) {
    if (!left.signal.aborted) throw error
    await put('\n')
    return undefined
  } finally {
    lines.close()
  }
}

const ASK = inLanguages({
  amount: {
    en: (amount: string) => `Type the amount ${amount} for yes, "no" for no, or press Enter to skip:`,
    zh: (amount: string) => `同意请输入金额 ${amount}，拒绝请输入 no，跳过请按回车：`,
  },
  exactly: {
    en: (amount: string) => `Neither the amount nor "no". Type it exactly: ${amount} (one more try).`,
    zh: (amount: string) => `既不是该金额，也不是 no。请完整输入 ${amount}（还可以再试一次）。`,
  },
  frozen: {
    en: 'Frozen, so no yes is taken. Type "no" for no, or press Enter to skip:',
    zh: '冻结期间不能同意。拒绝请输入 no，跳过请按回车：',
  },
  onlyNo: {
    en: 'Neither "no" nor Enter (one more try).',
    zh: '既不是 no，也不是回车（还可以再试一次）。',
  },
  word: {
    en: (word: string, what: string) => `Type ${word} to ${what}, or press Enter to leave it:`,
    zh: (word: string, what: string) => `输入 ${word} ${what}，不操作请按回车：`,
  },
})

/** `unclear`: twice something that is no answer. It decides nothing, and neither do the two after it. */
type AnswerWithAmount = 'yes' | 'no' | 'unclear' | 'skipped' | 'left'

/**
 * What a person says about money that goes out. The amount has to be typed: whoever does that has read it.
 * @param isFrozen a yes is not asked for, and the ledger does not take one
 */
export async function answerWithAmount(
  amount: string,
  language: Language,
  isFrozen = false,
): Promise<AnswerWithAmount> {
  const say = ASK(language)
  const [question, again] = isFrozen ? [say.frozen, say.onlyNo] : [say.amount(amount), say.exactly(amount)]
  for (const asked of [question, `${again}\n${question}`]) {
    const answer = await answerTo(asked)
    if (answer === undefined) return 'left'
    if (answer === amount) return 'yes'
    if (answer === 'no') return 'no'
    if (answer === '') return 'skipped'
  }
  return 'unclear'
}

/** Whether exactly that word was typed. @param what happens then, such as `close the order` */
export async function typed(word: string, what: string, language: Language): Promise<boolean> {
  return (await answerTo(ASK(language).word(word, what))) === word
}
