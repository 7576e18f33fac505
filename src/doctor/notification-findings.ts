// What the doctor says of each check of a notification: order, amount, seller and app.
import type { Both } from '../language.ts'
import type { CheckResult, FourChecks } from '../notifications/four-checks.ts'
import type { NotificationFields } from '../notifications/notification.ts'
import type { Checked } from './examine.ts'
import { failed, ok, skipped, warning } from './finding.ts'

interface NamedCheck {
  name: keyof FourChecks
  title: Both
  finding(result: CheckResult, fields: NotificationFields): Omit<Checked, 'title'>
}

export const APP: Both = { en: 'App', zh: '应用' }

export function appFinding(result: CheckResult) {
  if (result === 'agrees') return ok({ en: 'ALIPAY_APP_ID.', zh: '与 ALIPAY_APP_ID 一致。' })
  return failed({
    found: { en: 'app_id is not ALIPAY_APP_ID.', zh: 'app_id 与 ALIPAY_APP_ID 不同。' },
    fix: { en: 'use the settings of that app.', zh: '请使用该应用的配置。' },
  })
}

export const CHECKS: readonly NamedCheck[] = [
  {
    name: 'order',
    title: { en: 'Order', zh: '订单' },
    finding: (result) =>
      result === 'agrees'
        ? ok({ en: 'in the ledger.', zh: '账本里有。' })
        : failed({
            found: {
              en: 'not in this ledger: another program may have made it.',
              zh: '这个账本里没有：可能是其他程序创建的。',
            },
            fix: {
              en: 'use the settings of the server that made the order (ALIPAY_DATA_DIR).',
              zh: '请使用创建该订单的服务器的配置（ALIPAY_DATA_DIR）。',
            },
          }),
  },
  {
    name: 'amount',
    title: { en: 'Amount', zh: '金额' },
    finding: (result) => {
      if (result === 'unknown')
        return skipped({ found: { en: 'no order to compare it with.', zh: '没有可对照的订单。' } })
      if (result === 'agrees') return ok({ en: "the order's.", zh: '与订单一致。' })
      return failed({
        found: { en: "not the order's.", zh: '与订单不一致。' },
        fix: {
          en: 'do not deliver; look at the order in the console.',
          zh: '不要发货；请在商家平台核对该订单。',
        },
      })
    },
  },
  {
    name: 'seller',
    title: { en: 'Seller', zh: '收款方' },
    finding: (result) => {
      if (result === 'agrees') return ok({ en: 'ALIPAY_SELLER_ID.', zh: '与 ALIPAY_SELLER_ID 一致。' })
      const fix = {
        en: 'give your merchant id (PID) in ALIPAY_SELLER_ID.',
        zh: '请在 ALIPAY_SELLER_ID 填写商家的 PID。',
      }
      if (result === 'unknown') {
        return warning({
          found: {
            en: 'not compared: ALIPAY_SELLER_ID or seller_id is missing.',
            zh: '未对照：缺少 ALIPAY_SELLER_ID 或 seller_id。',
          },
          fix,
        })
      }
      return failed({
        found: {
          en: 'seller_id is not ALIPAY_SELLER_ID: somebody else was paid.',
          zh: 'seller_id 与 ALIPAY_SELLER_ID 不同：收款方是别人。',
        },
        fix: {
          en: 'do not deliver. If the id in the settings is wrong, correct it.',
          zh: '不要发货。若配置里的 PID 有误，请改正。',
        },
      })
    },
  },
  {
    name: 'app',
    title: APP,
    finding: appFinding,
  },
]
