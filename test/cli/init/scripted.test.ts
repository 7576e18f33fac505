// init without questions: what it says of an environment that is misspelt or not given, and what it shows of settings.
import { expect, it } from 'vitest'
import { readCommandLine } from '../../../src/cli/command-line.ts'
import { openDraft } from '../../../src/cli/init/draft.ts'
import { answerByFlags, settingLines } from '../../../src/cli/init/scripted.ts'

const NOWHERE = '/nowhere/settings.json'

async function refused(...flags: string[]): Promise<string> {
  const line = readCommandLine(['init', ...flags], {})
  return answerByFlags(line, openDraft(line, NOWHERE, false)).then(
    () => 'taken',
    (error: unknown) => (error instanceof Error ? error.message : ''),
  )
}

it('names a misspelt environment and the nearest', async () => {
  expect(await refused('--env', 'sandbx', '--yes')).toBe(
    'Nothing was written: --env takes local, sandbox or production, not "sandbx". Did you mean sandbox?',
  )
  expect(await refused('--env', 'test', '--lang', 'zh')).toBe(
    '没有写入任何内容：--env 的值须是 local、sandbox 或 production，不是 "test"。',
  )
  expect(await refused('--env', 'Local', '--yes')).toBe('taken')
})

it('without an environment does not ask for more than local needs', async () => {
  expect(await refused()).toMatch(
    /--env local, which needs nothing else; or --env sandbox or --env production, and with it:\n {2}--app-id APPID\n/,
  )
  expect(await refused('--env', 'local')).toBe('taken')
})

it('shows no password and no token of an address', () => {
  const line = readCommandLine(['init'], {})
  const forward = 'https://shop:p@ss-word@pay.example/n?access_token=abc'
  expect(settingLines({ ALIPAY_FORWARD_URL: forward, ALIPAY_APP_ID: '9021' }, line)).toBe(
    '  app_id: 9021\n  forward_url: https://***@pay.example/n?access_token=***',
  )
})
