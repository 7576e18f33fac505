// What is pasted hidden: complete with the line end after a whole key, or with an empty line, however the terminal cuts it.
import { describe, expect, it } from 'vitest'
import { typeOn } from '../../../src/cli/init/questions.ts'

const isWhole = (text: string) => text.includes('END')
const start = { text: '', state: 'more' } as const
const type = (...chunks: string[]) =>
  chunks.reduce<ReturnType<typeof typeOn>>((typed, chunk) => typeOn(typed, chunk, isWhole), start)

describe('a pasted text', () => {
  it.each([
    ['lines of a PEM text, cut anywhere', ['BEGIN\ra', 'b\rEN', 'D\r'], 'BEGIN\nab\nEND\n', 'whole'],
    ['line ends of Windows, cut in the middle of one', ['BEGIN\r', '\nEND\r\n'], 'BEGIN\nEND\n', 'whole'],
    ['marks of a bracketed paste', ['\u001b[200~END\u001b[201~', '\r'], 'END\n', 'whole'],
    ['something else, ended by an empty line', ['rubbish\r', '\r'], 'rubbish\n\n', 'whole'],
    ['nothing at all', ['\r'], '\n', 'whole'],
    ['a letter that was taken back', ['ENX\u007fD\r'], 'END\n', 'whole'],
    ['one line without its end', ['END'], 'END', 'more'],
    ['Ctrl-C in the middle', ['BEGIN\rab\u0003'], '', 'left'],
    ['Ctrl-D', ['\u0004'], '', 'left'],
  ])('%s', (_what, chunks, text, state) => {
    expect(type(...chunks)).toStrictEqual({ text, state })
  })
})
