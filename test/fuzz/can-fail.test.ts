// Each fuzzer finds a fault that is there: a part is put in its place that does what must not be done.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { PARTITION } from '../cli/ledger/full-ledger.ts'
import { openShop } from '../shop.ts'
import type { Came, Fuzzer } from './fuzzer.ts'
import { type Judge, judgeFuzzer } from './judge.ts'
import { ledgerFuzzer } from './ledger-file.ts'
import { pageFuzzer, type Send } from './pages.ts'
import { type Start, settingsFuzzer } from './settings.ts'
import { runSlice } from './slices.ts'
import { type Opening, toolFuzzer } from './tool-inputs.ts'
import { Workers } from './workers.ts'

/** What is found in so many runs, without the repetitions. */
async function found<Input, C extends Came>(fuzzer: Fuzzer<Input, C>, runs: number): Promise<string[]> {
  const { faults } = await runSlice(fuzzer, { runs, seed: 7, shrinks: 0 })
  return [...new Set(faults.map(({ kind, property }) => `${kind}: ${property}`))]
}

function memberOf(text: string, root: string): unknown {
  try {
    return JSON.parse(text)[root]
  } catch {
    return undefined
  }
}

describe('the fuzzer', () => {
  it('of the judge finds one that does not look at the signature', async () => {
    const credulous: Judge = (method, bytes, status, asked) => {
      const answer = Object(memberOf(bytes.toString(), `${method.replaceAll('.', '_')}_response`))
      const fits = Object.entries(asked).every(([name, number]) => answer[name] === number)
      const isDone = status === 200 && fits && answer.code === '10000'
      return isDone ? { outcome: 'done', answer } : { outcome: 'unknown', why: 'no' }
    }
    expect(await found(judgeFuzzer(credulous), 300)).toContain(
      'belief: believes only what Alipay signed, over exactly these bytes',
    )
  })

  it('of tools finds one that breaks, and one that calls an unpaid order paid', async () => {
    const breaking: Opening = async (options) => {
      const shop = await openShop(options)
      Object.assign(await shop.ledger(), { list: () => Promise.reject(new TypeError('broken')) })
      return shop
    }
    const rosy: Opening = async (options) => {
      const shop = await openShop(options)
      const whole: typeof shop.whole = async (...call) => {
        const { content, fields } = await shop.whole(...call)
        return { content, fields: { ...fields, paid: fields.paid === false ? true : fields.paid } }
      }
      return { ...shop, whole }
    }
    expect(await found(toolFuzzer(breaking), 20)).toContain(
      'internal error: says nothing of an internal error, and shows no stack',
    )
    expect(await found(toolFuzzer(rosy), 30)).toContain('belief: calls paid only what was paid')
  })

  it('of settings finds a key that is quoted, real money by default, and a start that throws', async () => {
    const quoting: Start = (env) => ({
      problems: [{ variable: 'X', problem: Object.values(env).join(), fix: 'x' }],
      notices: [],
      readOnly: false,
      tools: undefined,
      toolsets: ['payments'],
      role: 'merchant',
    })
    const throwing: Start = () => {
      throw new TypeError('broken')
    }
    expect(await found(settingsFuzzer(quoting), 80)).toContain('other: shows no secret')
    expect(await found(settingsFuzzer(throwing), 1)).toStrictEqual(['crash: throws nothing'])
  })

  it('of the ledger finds a reader that takes damage for a fault of ours', async () => {
    const naive = async (folder: string) => {
      const ledger = await openLedger({ folder, partition: PARTITION })
      return { ...ledger, days: () => Promise.reject(new RangeError('not a day')) }
    }
    expect(await found(ledgerFuzzer(naive), 5)).toContain('internal error: throws a LedgerError, or nothing')
  })

  it('of pages finds one that does not escape, and one that fails', async () => {
    const bare =
      (send: Send): Send =>
      async (input) => {
        const shown = await send(input)
        const unescaped = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&#60;', '<')
        return { ...shown, answers: shown.answers.map((answer) => ({ ...answer, text: unescaped(answer.text) })) }
      }
    const failing =
      (send: Send): Send =>
      async (input) => {
        const { answers, decided } = await send(input)
        return { answers: answers.map((answer) => ({ ...answer, status: 500 })), decided }
      }
    expect(await found(pageFuzzer(bare), 60)).toContain('other: escapes what it shows')
    expect(await found(pageFuzzer(failing), 5)).toStrictEqual([
      'internal error: answers with a status of its own, below 500',
    ])
  })

  it('of anything finds what is printed', async () => {
    const printing: Fuzzer<boolean, Came> = {
      name: 'printing',
      slice: 10,
      inputs: fc.boolean(),
      properties: [],
      open: async () => ({
        async try(input) {
          if (input) process.stdout.write('x')
          return { text: '' }
        },
        close: async () => {},
      }),
    }
    expect(await found(printing, 10)).toStrictEqual(['other: prints nothing on standard output'])
  })
})

it('a process that ends is a crash, and leads to the run with which it ends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-fuzz-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const script = join(folder, 'ending.mjs')
  const body = "if (job.trace) writeFileSync(job.trace, '42'); process.abort()"
  writeFileSync(script, `import { writeFileSync } from 'node:fs'; process.on('message', (job) => { ${body} })`)
  const [outcome] = await new Workers(1, script).run([{ name: 'ledger', seed: 3, runs: 100 }], () => {})
  expect(outcome).toMatchObject({
    name: 'ledger',
    faults: [{ kind: 'crash', message: 'the process ended with SIGABRT', seed: 3, path: '42' }],
  })
})
