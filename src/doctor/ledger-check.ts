// Looks at the ledger: whether it can be used, what is unfinished or frozen in it, and who approves refunds.
import { beijingTime } from '../clock.ts'
import { LedgerError } from '../errors.ts'
import { toYuan } from '../money.ts'
import { refundSettingsMissing } from '../refunds/refund-rules.ts'
import type { Config } from '../settings/config.ts'
import type { Check, Context } from './context.ts'
import { failed, type Item, ok, skipped, warning } from './finding.ts'

export const LEDGER_CHECK: Check<Context> = {
  title: 'Ledger 账本',
  async run({ read, ledger }) {
    if (!('config' in read)) return skipped({ found: 'because of the settings.' })
    const { config } = read
    try {
      const { folder, frozen, in_doubt, damage, openToAll } = await ledger()
      const place = folder === undefined ? IN_MEMORY : `in ${JSON.stringify(folder)}.`
      const odd = [...describeFreeze(frozen), ...describeInDoubt(in_doubt), ...openToAll.map(describeOpenFolder)]
      const facts = [place, describeApproval(config), SHELL]
      const rest = [...odd, ...facts.map((found) => ({ found }))]
      if (damage.length > 0) return failed(describeDamage(damage), ...rest)
      return odd.length > 0 ? warning(...rest) : ok(...facts)
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error
      return failed({ found: error.problem, fix: error.fix, fix_zh: FIX_ZH })
    }
  },
}

// More would hide the rest of the report.
const MOST_DAMAGED = 10

function describeDamage(damage: readonly string[]): Item {
  const more = damage.length > MOST_DAMAGED ? `, and ${damage.length - MOST_DAMAGED} more` : ''
  return {
    found: `damaged: ${damage.slice(0, MOST_DAMAGED).join(', ')}${more}.`,
    fix: 'look these orders up at Alipay by hand; keep a copy of ledger.db, ledger.db-wal and ledger.db-shm, and put a backup in their place. All other orders go on.',
    fix_zh:
      '请在支付宝人工核对这些订单；保留 ledger.db、ledger.db-wal、ledger.db-shm 的副本，再放回备份。其他订单照常。',
  }
}

function describeOpenFolder(folder: string): Item {
  return {
    found: `every user of this computer may write in ${JSON.stringify(folder)}, and so put another ledger in the place of this one.`,
    fix: 'take that right away (chmod o-w), or let ALIPAY_DATA_DIR name a folder that only the user of the server can change.',
    fix_zh: '请收回其他用户的写权限（chmod o-w），或把 ALIPAY_DATA_DIR 设为只有服务器用户能改动的文件夹。',
  }
}

const IN_MEMORY = 'in memory, like the emulator: what it holds is gone when the server ends.'
const SHELL =
  'No guard here holds an agent that has a shell as the same user of this computer; where that matters run the server as another user.'
const FIX_ZH = '修好后再运行服务；在此之前所有会改变状态的操作都会被拒绝，查询照常（list_payments 除外）。'

function describeFreeze(frozen: { at: number } | undefined): Item[] {
  if (!frozen) return []
  return [
    {
      found: `frozen since ${beijingTime(frozen.at)} Beijing time: no new orders, no refunds.`,
      fix: 'when it is over, run "alipay-mcp unfreeze" at a terminal.',
      fix_zh: '问题解决后，在终端运行 alipay-mcp unfreeze。',
    },
  ]
}

function describeInDoubt(in_doubt: number): Item[] {
  if (in_doubt === 0) return []
  return [
    {
      found: `${in_doubt} steps of which nobody knows how they ended.`,
      fix: 'run "alipay-mcp resolve": it asks Alipay and sends nothing else.',
      fix_zh: '运行 alipay-mcp resolve：它只向支付宝查询，不会发送其他请求。',
    },
  ]
}

function describeApproval(config: Config): string {
  const missing = refundSettingsMissing(config)
  if (missing.length > 0) return `Refunds are off until these are set: ${missing.join('; ')}.`
  const { refundApproval = 'chat', approveAboveFen } = config
  const under = approveAboveFen === undefined ? '' : `, but for sums under ${toYuan(approveAboveFen)} yuan`
  return `Refunds: ${APPROVED[refundApproval]}${refundApproval === 'none' ? '' : under}.`
}

const APPROVED = {
  chat: 'whoever sits in the chat is asked (so that must be the merchant or staff)',
  operator: 'a person outside the chat is asked, in a browser or by "alipay-mcp approvals"',
  none: 'nobody is asked, but about repeats of what may have been made',
} as const
