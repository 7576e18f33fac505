// What commands show and ask at the terminal: whole texts out, typed words in, and nothing that only looks like a yes.
import { createInterface } from 'node:readline/promises'
import { UsageError } from './command-line.ts'

/** Resolves when it is out: the process ends right after, and pipes may be slow. */
export function put(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()))
}

export const print = (line: string) => put(`${line}\n`)

/**
 * What a person decides is not taken from a pipe, which a program could fill.
 * @throws UsageError
 */
export function requireTerminal(command: string): void {
  if (process.stdin.isTTY && process.stdout.isTTY) return
  throw new UsageError(
    `${command} asks a person, so it runs only at a terminal, not through a pipe or from a program. ` +
      '此命令需要人来确认，只能在终端里运行，不能用管道或由程序运行。',
  )
}

/** One line from the terminal, without the space around it; undefined when the person has left (Ctrl-D, Ctrl-C). */
export async function answerTo(question: string): Promise<string | undefined> {
  // Readline draws its last line again and again; what stands before it needs no drawing.
  const cut = question.lastIndexOf('\n') + 1
  if (cut > 0) await put(question.slice(0, cut))
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  const left = new AbortController()
  lines.on('close', () => left.abort())
  try {
    return (await lines.question(question.slice(cut), { signal: left.signal })).trim()
  } catch (error) {
    if (!left.signal.aborted) throw error
    await print('')
    return undefined
  } finally {
    lines.close()
  }
}

/** Whether exactly that was typed. */
export async function typed(question: string, expected: string): Promise<boolean> {
  return (await answerTo(`${question} `)) === expected
}
