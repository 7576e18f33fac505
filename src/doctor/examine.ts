// The pipeline of the doctor: settings first, then the way to Alipay; after a failure what it makes meaningless is skipped.
import { ConfigError } from '../errors.ts'
import type { Both } from '../language.ts'
import { type Check, type Context, makeReady, type Ready } from './context.ts'
import { describeProblem, type Finding, failed, skipped } from './finding.ts'
import { LEDGER_CHECKS } from './ledger-check.ts'
import { NETWORK_CHECKS } from './network-checks.ts'
import { NOTIFY_CHECK, PAGE_CHECK } from './notify-check.ts'
import { PRODUCT_CHECKS } from './product-checks.ts'
import { itemsChecks, SETTING_CHECKS } from './setting-checks.ts'
import { SIGNATURE_CHECK } from './signature-check.ts'

export interface Checked extends Finding {
  title: Both
  /** The failed check that makes this one meaningless; undefined: it was made. */
  because?: Both
}

const LATER_CHECKS: readonly Check<Ready>[] = [
  ...NETWORK_CHECKS,
  SIGNATURE_CHECK,
  NOTIFY_CHECK,
  PAGE_CHECK,
  ...PRODUCT_CHECKS,
]

/** @param tell gets each check as soon as it is done */
export async function examine(context: Context, tell: (checked: Checked) => void): Promise<Checked[]> {
  const all: Checked[] = []
  const add = (title: Both, finding: Finding & Pick<Checked, 'because'>) => {
    const checked = { title, ...finding }
    all.push(checked)
    tell(checked)
  }
  // Settings are looked at all together, so that they can be put right all together.
  for (const { title, run } of SETTING_CHECKS) add(title, await runSafely(() => run(context)))
  const ready = all.slice(1).some(isFailed) ? undefined : await connectReady(context)
  const broken = 'config' in context.read ? undefined : skipBecauseOf(all.slice(1).find(isFailed)?.title)
  for (const { title, run } of [...LEDGER_CHECKS, ...itemsChecks(context)])
    add(title, broken ?? (await runSafely(() => run(context))))
  const harmless = [SETTING_CHECKS[0].title, ...LEDGER_CHECKS.map(({ title }) => title)]
  for (const { title, run } of LATER_CHECKS) {
    const cause = all.find((one) => isFailed(one) && !harmless.includes(one.title))
    add(title, cause || !ready ? skipBecauseOf(cause?.title) : await runSafely(() => run(ready)))
  }
  return all
}

export const isFailed = ({ status }: Checked) => status === 'failed'

async function connectReady(context: Context): Promise<Ready | undefined> {
  if (!('config' in context.read)) return undefined
  const { config } = context.read
  const address = config.gateway ?? (await context.connect()).address
  return makeReady(context, config, new URL(address))
}

const SETTINGS: Both = { en: 'the settings', zh: '配置' }

function skipBecauseOf(because = SETTINGS): Finding & { because: Both } {
  return { ...skipped({ found: { en: `because of ${because.en}.`, zh: `因「${because.zh}」跳过。` } }), because }
}

/** A check that breaks is our fault; only its kind is named, since messages may hold what must not be shown. */
async function runSafely(run: () => Finding | Promise<Finding>): Promise<Finding> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof ConfigError) return failed(...error.problems.map(describeProblem))
    const kind = error instanceof Error ? error.name : typeof error
    return failed({
      found: { en: `The check itself broke (${kind}).`, zh: `检查本身出错（${kind}）。` },
      fix: { en: 'report this as a fault of alipay-mcp.', zh: '这是 alipay-mcp 的缺陷，请报告。' },
    })
  }
}
