// Which products the merchant has signed for: a code tells for qr when it may be tried; only an opened link tells for others.
import { OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { LinkChannel } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { closeOrder } from '../orders/close-order.ts'
import { createOrder } from '../orders/create-order.ts'
import type { OrderRequest } from '../orders/order-request.ts'
import type { Check, Connected, Ready } from './context.ts'
import { type Finding, failed, ok, skipped, warning } from './finding.ts'
import { describeRefusal, redactText } from './refusal-finding.ts'

const PRODUCTS = { page: '电脑网站支付', mobile: '手机网站支付', qr: '订单码支付 or 当面付' } as const

function linkProduct(channel: LinkChannel): Check<Ready> {
  const product = PRODUCTS[channel]
  return {
    title: `Product ${channel} ${product}`,
    run({ config }) {
      if (!config.channels.includes(channel)) {
        return skipped({ found: 'not offered (ALIPAY_CHANNELS), so it does not matter.' })
      }
      if (config.environment === 'local') return ok('the emulator has it.')
      return skipped({
        found: 'cannot be told from here: Alipay says it only when a link is opened.',
        fix: `have the assistant make a payment of 0.01 by ${channel} and open its link: a cashier means yes; ACQ.ACCESS_FORBIDDEN or a missing permission means to sign ${product} at b.alipay.com (签约) and add it to the app (添加能力).`,
        fix_zh: `让助手用 ${channel} 创建一笔 0.01 元的付款并打开链接：出现收银台即已签约；提示 ACQ.ACCESS_FORBIDDEN 或没有权限，则在 b.alipay.com 签约「${product}」，并在控制台给应用「添加能力」。`,
      })
    },
  }
}

const qrProduct: Check<Ready> = {
  title: `Product qr ${PRODUCTS.qr}`,
  async run(ready) {
    const { config, probe } = ready
    if (!probe) {
      return skipped({
        found: 'not tried: it takes a one-minute order of 0.01, which is then closed.',
        fix: 'alipay-mcp doctor --probe',
        fix_zh: '运行 alipay-mcp doctor --probe：创建一笔一分钟有效的 0.01 元订单码，随后关闭。',
      })
    }
    if (config.readOnly) {
      return skipped({ found: 'not tried, because of ALIPAY_READ_ONLY: nothing but reads is sent.' })
    }
    const obstacle = await findObstacle(ready)
    if (obstacle) return skipped({ found: `not tried, because ${obstacle}.` })
    return tryCode(await ready.connect(), ready)
  },
}

/** What is wrong with the ledger is told by its own check. */
function findObstacle({ ledger }: Ready): Promise<string | undefined> {
  return ledger().then(
    ({ frozen }) => frozen && 'everything is frozen',
    () => 'the ledger cannot be used',
  )
}

/** Made and closed like any order; it is shown to nobody, so no lasting ledger has to know it. */
async function tryCode({ probe }: Connected, ready: Ready): Promise<Finding> {
  const idle = ready.config.channels.includes('qr') ? '' : ' qr is not offered (ALIPAY_CHANNELS).'
  try {
    const { order } = await createOrder(ORDER, probe)
    await close(order.out_trade_no, probe)
    return ok(`signed: Alipay made a code for ${order.out_trade_no}, shown to nobody; closed, or over in a minute.`)
  } catch (error) {
    if (error instanceof RefusedError) {
      const { found, ...fix } = describeRefusal('the code', error.refusal, ready)
      return (idle ? warning : failed)({ found: `${found}${idle}`, ...fix })
    }
    if (!(error instanceof OutcomeUnknownError)) throw error
    const { why, facts } = error
    await close(facts.out_trade_no ?? '', probe)
    const found = `not known: ${redactText(why, ready)}. The order ${facts.out_trade_no} of 0.01 ends within a minute.${idle}`
    return warning({ found, fix: 'run it again.', fix_zh: '再运行一次。' })
  }
}

const ORDER: OrderRequest = {
  subject: 'alipay-mcp doctor',
  total_amount: '0.01',
  channel: 'qr',
  expires_in_minutes: 1,
}

/** Where that does not work, it is over in a minute. */
async function close(out_trade_no: string, probe: Call): Promise<void> {
  await closeOrder(probe, out_trade_no).catch((error: unknown) => {
    if (!(error instanceof RefusedError)) throw error
  })
}

export const PRODUCT_CHECKS = [linkProduct('page'), linkProduct('mobile'), qrProduct] as const
