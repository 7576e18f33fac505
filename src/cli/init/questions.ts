// The questions of init at a terminal, by @clack/prompts; keys are pasted hidden, over as many lines as they have.
import { type CANCEL_SYMBOL, confirm, isCancel, select, text, updateSettings } from '@clack/prompts'
import { print, put } from '../terminal.ts'

/** The person left, by Ctrl-C, Escape or Ctrl-D. */
export class LeftError extends Error {
  override name = 'LeftError'
}

/** Asks of each choice one line; the first, or `chosen`, is the one that Enter takes. */
export async function choose<T extends string>(
  message: string,
  choices: readonly (readonly [value: T, label: string])[],
  chosen?: T,
): Promise<T> {
  prepare()
  const options: { value: string; label: string }[] = choices.map(([value, label]) => ({ value, label }))
  const initialValue = chosen ?? choices[0]?.[0] ?? ''
  const answer = answered(await select({ message, options, initialValue, showInstructions: false }))
  const choice = choices.find(([value]) => value === answer)
  if (!choice) throw new LeftError()
  return choice[0]
}

/** @param fault says what is wrong with a text, or nothing */
export async function askText(
  message: string,
  proposal: string,
  fault: (value: string) => string | undefined,
): Promise<string> {
  prepare()
  const validate = (value: string | undefined) => fault((value ?? '').trim())
  return answered(await text({ message, initialValue: proposal, validate })).trim()
}

/** @param initialValue what Enter takes */
export async function askYes(
  message: string,
  [active, inactive]: readonly [string, string],
  initialValue = true,
): Promise<boolean> {
  prepare()
  return answered(await confirm({ message, active, inactive, initialValue }))
}

function answered<T>(answer: T | typeof CANCEL_SYMBOL): T {
  if (isCancel(answer)) throw new LeftError()
  return answer
}

function prepare(): void {
  updateSettings({ withGuide: false })
  // Some terminals say that they have no columns and no rows at all.
  if (!process.stdout.columns) process.stdout.columns = 80
  if (!process.stdout.rows) process.stdout.rows = 24
}

/** What comes behind a paste, such as its last line end, is no answer to the next question. */
const QUIET_MS = 120

/**
 * A pasted text, of which nothing is shown.
 * @param isWhole whether a text that ends with a line is complete
 * @param received says how many characters came in
 */
export async function askHidden(
  message: string,
  isWhole: (pasted: string) => boolean,
  received: (characters: number) => string,
): Promise<string> {
  const { stdin } = process
  // First, so that nothing is echoed that comes early.
  stdin.setRawMode(true)
  stdin.resume()
  try {
    await print(message)
    const pasted = await hiddenText(isWhole)
    await put(`  ${received(pasted.length)}\n`)
    return pasted
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
  }
}

function hiddenText(isWhole: (pasted: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed: Typed = { text: '', state: 'more' }
    const take = (bytes: Buffer) => {
      if (typed.state !== 'more') return
      typed = typeOn(typed, bytes.toString('utf8'), isWhole)
      if (typed.state === 'more') return
      const { state, text: whole } = typed
      setTimeout(() => {
        process.stdin.off('data', take)
        if (state === 'left') reject(new LeftError())
        else resolve(whole.trim())
      }, QUIET_MS)
    }
    process.stdin.on('data', take)
  })
}

interface Typed {
  text: string
  state: 'more' | 'whole' | 'left'
}

const [CTRL_C, CTRL_D, BACKSPACE] = ['\u0003', '\u0004', '\u007f']
const PASTE_MARKS = ['\u001b[200~', '\u001b[201~']

/** Complete with the line end after which `isWhole` holds, or with an empty line. */
export function typeOn(before: Typed, chunk: string, isWhole: (pasted: string) => boolean): Typed {
  let { text } = before
  // Enter is \r: a \n that begins a piece is the second half of a pasted line end.
  const whole = text.endsWith('\n') ? chunk.replace(/^\n/, '') : chunk
  const plain = PASTE_MARKS.reduce((all, mark) => all.replaceAll(mark, ''), whole).replace(/\r\n?/g, '\n')
  for (const sign of plain) {
    if (sign === CTRL_C || sign === CTRL_D) return { text: '', state: 'left' }
    text = sign === BACKSPACE ? text.slice(0, -1) : text + sign
    const isEmptyLine = text.trim() === '' || text.endsWith('\n\n')
    if (sign === '\n' && (isEmptyLine || isWhole(text))) return { text, state: 'whole' }
  }
  return { text, state: 'more' }
}
