// "Try it" of the page on subscriptions: its plan and its settings are all that is needed, as they are written there.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { frontConfigOf } from '../../src/settings/front-config.ts'
import { mergeSources } from '../../src/settings/settings.ts'
import { sourceOf, type Variables } from '../../src/settings/sources.ts'
import { readItemsFile } from '../../src/shop/items-file.ts'
import { readConfig } from '../settings/read-config.ts'
import { SANDBOX, temporaryFiles } from '../settings/settings-for-tests.ts'

const { folder, file } = temporaryFiles()
/** What `emulator` prints. */
const PRINTED = { ...SANDBOX, ALIPAY_ENV: 'local', ALIPAY_GATEWAY: 'http://127.0.0.1:9/gateway.do' }

/** The lines of a block that set something. */
const settingsIn = (block: string): Variables =>
  Object.fromEntries(
    [...block.matchAll(/^(ALIPAY_\w+)=(.*)$/gm)].map(([, name, value = '']) => [name, value.replace('$PWD', folder)]),
  )

it.each([
  ['subscriptions.md', '\n## Try it\n'],
  ['subscriptions.zh-CN.md', '\n## 试一试\n'],
])('%s holds what is needed to try it', (page, title) => {
  const [, text = ''] = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8').split(title)
  const blocks = [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, kind = '', block = '']) => ({ kind, block }))
  const [items, inside, apart] = ['json', 'dotenv', 'sh'].map((kind) => blocks.find((one) => one.kind === kind)?.block)
  expect(readItemsFile(file('items.json', items ?? ''), false)).toMatchObject({ plans: [{ id: 'weekly' }] })
  expect(readConfig(settingsIn(inside ?? ''))).toMatchObject({ config: { environment: 'local' }, notices: [] })
  const variables = { ...PRINTED, ...settingsIn(apart ?? '') }
  expect(readConfig(variables)).toMatchObject({
    config: { subscriptions: {}, publicUrl: expect.any(String) },
    notices: [],
  })
  expect(frontConfigOf(mergeSources([sourceOf('the environment', variables)]))).toMatchObject({ config: {} })
})
