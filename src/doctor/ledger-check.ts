// Looks at the ledger: whether it can be used, what is unfinished or frozen in it, and who approves refunds.
import { beijingTime } from '../clock.ts'
import { ConfigError, LedgerError } from '../errors.ts'
import type { Both } from '../language.ts'
import { toYuan } from '../money.ts'
import { refundSettingsMissing } from '../refunds/refund-rules.ts'
import type { Config } from '../settings/config.ts'
import type { Check, Context } from './context.ts'
import { failed, type Item, ok, translated, warning } from './finding.ts'

const ledger: Check<Context> = {
  title: { en: 'Ledger', zh: '账本' },
  async run({ ledger }) {
    try {
      const { folder, frozen, in_doubt, damage, openToAll } = await ledger()
      if (folder === undefined) return ok(IN_MEMORY)
      const isDamaged = damage.length > 0
      const [first, ...others] = [
        ...describeFreeze(frozen),
        ...(isDamaged ? [describeDamage(damage)] : []),
        ...describeInDoubt(in_doubt),
        ...openToAll.map(describeOpenFolder),
      ]
      if (!first) return ok(inFolder(folder))
      const items = [{ ...first, found: withFolder(first.found, folder) }, ...others]
      return { ...(isDamaged ? failed : warning)(...items), isFrozen: frozen !== undefined }
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error
      const { problem, fix } = error
      const [found, how] = [translated(problem), translated(fix)]
      return failed({ found, fix: { en: how.en, zh: `${how.zh}${UNTIL_THEN}` } })
    }
  },
}

const inFolder = (folder: string): Both => ({
  en: `in ${JSON.stringify(folder)}.`,
  zh: `在 ${JSON.stringify(folder)}。`,
})
const withFolder = ({ en, zh }: Both, folder: string): Both => ({
  en: `${en} The ledger is ${inFolder(folder).en}`,
  zh: `${zh}账本${inFolder(folder).zh}`,
})
const IN_MEMORY: Both = {
  en: 'in memory, like the emulator: what it holds is gone when the server ends.',
  zh: '在内存里，与模拟器一样：服务器退出后不保留。',
}
const UNTIL_THEN = '在此之前，会改变状态的操作都会被拒绝，查询照常（list_payments 除外）。'

// More would hide the rest of the report.
const MOST_DAMAGED = 10

function describeDamage(damage: readonly string[]): Item {
  const more = damage.length - MOST_DAMAGED
  const some = damage.slice(0, MOST_DAMAGED).join(', ')
  return {
    found: {
      en: `damaged: ${some}${more > 0 ? `, and ${more} more` : ''}.`,
      zh: `有记录损坏：${some}${more > 0 ? `，另有 ${more} 条` : ''}。`,
    },
    fix: {
      en: 'look these orders up at Alipay by hand; keep a copy of ledger.db, ledger.db-wal and ledger.db-shm, and put a backup in their place. All other orders go on.',
      zh: '请在支付宝人工核对这些订单；保留 ledger.db、ledger.db-wal、ledger.db-shm 的副本，再放回备份。其他订单照常。',
    },
  }
}

function describeOpenFolder(folder: string): Item {
  const name = JSON.stringify(folder)
  return {
    found: {
      en: `every user of this computer may write in ${name}, and so put another ledger in the place of this one.`,
      zh: `本机所有用户都可以写入 ${name}，因此能用别的账本替换它。`,
    },
    fix: {
      en: 'take that right away (chmod o-w), or let ALIPAY_DATA_DIR name a folder that only the user of the server can change.',
      zh: '请收回其他用户的写权限（chmod o-w），或把 ALIPAY_DATA_DIR 设为只有运行服务器的用户能改动的文件夹。',
    },
  }
}

function describeFreeze(frozen: { at: number } | undefined): Item[] {
  if (!frozen) return []
  const at = beijingTime(frozen.at)
  return [
    {
      found: {
        en: `frozen since ${at} Beijing time: no new orders, no refunds.`,
        zh: `自北京时间 ${at} 起已冻结：不创建订单，不退款。`,
      },
      fix: {
        en: 'when it is over, run "alipay-mcp unfreeze" at a terminal.',
        zh: '问题解决后，在终端运行 alipay-mcp unfreeze。',
      },
    },
  ]
}

function describeInDoubt(in_doubt: number): Item[] {
  if (in_doubt === 0) return []
  return [
    {
      found: {
        en: `${in_doubt} ${in_doubt === 1 ? 'step has an unknown result' : 'steps have unknown results'}.`,
        zh: `有 ${in_doubt} 个操作的结果未知。`,
      },
      fix: {
        en: 'run "alipay-mcp resolve": it asks Alipay and sends nothing else.',
        zh: '运行 alipay-mcp resolve：它只向支付宝查询，不会发送其他请求。',
      },
    },
  ]
}

const refunds: Check<Context> = {
  title: { en: 'Refunds', zh: '退款' },
  run({ read }) {
    if (!('config' in read)) throw new ConfigError(read.problems)
    const found = describeApproval(read.config)
    return refundSettingsMissing(read.config).length === 0 ? ok(found) : warning({ found, fix: SET_THEM })
  },
}

const SET_THEM: Both = {
  en: 'set them if refunds are to be made here, and restart the server; payments work without them.',
  zh: '要在这里退款，请设置它们并重启服务器；收款不受影响。',
}

function describeApproval(config: Config): Both {
  const missing = refundSettingsMissing(config)
  if (missing.length > 0) {
    const names = missing.map((line) => line.replace(/ \(.*\)$/, '')).join('、')
    return { en: `off until these are set: ${missing.join('; ')}.`, zh: `在设置以下配置之前不能退款：${names}。` }
  }
  const { refundApproval = 'chat', approveAboveFen } = config
  const { en, zh } = APPROVED[refundApproval]
  const sum = approveAboveFen === undefined || refundApproval === 'none' ? undefined : toYuan(approveAboveFen)
  return {
    en: `${en}${sum === undefined ? '' : `, but not for sums under ${sum} yuan`}. ${SHELL.en}`,
    zh: `${zh}${sum === undefined ? '' : `，${sum} 元以下不询问`}。${SHELL.zh}`,
  }
}

const SHELL: Both = {
  en: 'Nothing here can stop an agent that has a shell as the same user of this computer; where that matters run the server as another user.',
  zh: '若智能体能以本机同一用户运行命令，任何限制都拦不住它；有此顾虑时，请用另一个用户运行服务器。',
}

const APPROVED: Readonly<Record<NonNullable<Config['refundApproval']>, Both>> = {
  chat: {
    en: 'whoever sits in the chat is asked (so that must be the merchant or staff)',
    zh: '询问对话中的人（因此必须是商家或其员工）',
  },
  operator: {
    en: 'a person outside the chat is asked, in a browser or by "alipay-mcp approvals"',
    zh: '询问对话之外的人：在浏览器里，或用 alipay-mcp approvals',
  },
  none: {
    en: 'nobody is asked, but about repeats of what may have been made',
    zh: '不询问任何人，只有可能重复的退款才询问',
  },
}

export const LEDGER_CHECKS = [ledger, refunds] as const
