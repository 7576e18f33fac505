// Which products the merchant has signed for: a code tells for qr when it may be tried; only an opened link tells for others.
import { OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { LinkChannel } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import type { Both } from '../language.ts'
import { closeOrder } from '../orders/close-order.ts'
import { createOrder } from '../orders/create-order.ts'
import type { OrderRequest } from '../orders/order-request.ts'
import type { Check, Connected, Ready } from './context.ts'
import { type Finding, failed, ok, skipped, translated, warning } from './finding.ts'
import { describeRefusal, redactText } from './refusal-finding.ts'

const PRODUCTS: Readonly<Record<LinkChannel | 'qr', Both>> = {
  page: { en: '电脑网站支付', zh: '电脑网站支付' },
  mobile: { en: '手机网站支付', zh: '手机网站支付' },
  qr: { en: '订单码支付 or 当面付', zh: '订单码支付或当面付' },
}
const titleOf = (channel: LinkChannel | 'qr'): Both => ({
  en: `Product ${channel} (${PRODUCTS[channel].en})`,
  zh: `产品 ${channel}（${PRODUCTS[channel].zh}）`,
})

function linkProduct(channel: LinkChannel): Check<Ready> {
  const { zh: product } = PRODUCTS[channel]
  return {
    title: titleOf(channel),
    run({ config }) {
      if (!config.channels.includes(channel)) {
        return skipped({
          found: {
            en: 'not offered (ALIPAY_CHANNELS), so it does not matter.',
            zh: '未提供（ALIPAY_CHANNELS），不用管。',
          },
        })
      }
      if (config.environment === 'local') return ok({ en: 'the emulator has it.', zh: '模拟器支持。' })
      return skipped({
        found: {
          en: 'cannot be known from here: Alipay says it only when a link is opened.',
          zh: '在这里无法得知：打开链接时支付宝才会提示。',
        },
        fix: {
          en: `have the assistant make a payment of 0.01 by ${channel} and open its link: a cashier means yes; ACQ.ACCESS_FORBIDDEN or a missing permission means to sign ${product} at b.alipay.com (签约) and add it to the app (添加能力).`,
          zh: `让助手用 ${channel} 创建一笔 0.01 元的付款并打开链接：出现收银台即已签约；提示 ACQ.ACCESS_FORBIDDEN 或没有权限，则在 b.alipay.com 签约「${product}」，并在控制台给应用「添加能力」。`,
        },
      })
    },
  }
}

const qrProduct: Check<Ready> = {
  title: titleOf('qr'),
  async run(ready) {
    const { config, probe } = ready
    if (!probe) {
      return skipped({
        found: {
          en: 'not tried: it takes a one-minute order of 0.01, which is then closed.',
          zh: '没有测试：需要创建一笔一分钟有效的 0.01 元订单，随后关闭。',
        },
        fix: { en: 'alipay-mcp doctor --probe', zh: 'alipay-mcp doctor --probe' },
      })
    }
    if (config.readOnly) {
      return skipped({
        found: {
          en: 'not tried, because of ALIPAY_READ_ONLY: nothing but reads is sent.',
          zh: '没有测试：设置了 ALIPAY_READ_ONLY，只发送查询。',
        },
      })
    }
    const obstacle = await findObstacle(ready)
    if (!obstacle) return tryCode(await ready.connect(), ready)
    return skipped({ found: { en: `not tried, because ${obstacle.en}.`, zh: `没有测试：${obstacle.zh}。` } })
  },
}

/** What is wrong with the ledger its own check says. */
function findObstacle({ ledger }: Ready): Promise<Both | undefined> {
  return ledger().then(
    ({ frozen }) => (frozen ? { en: 'everything is frozen', zh: '已冻结' } : undefined),
    () => ({ en: 'the ledger cannot be used', zh: '账本不可用' }),
  )
}

/** Made and closed like any order; it is shown to nobody, so no lasting ledger has to know it. */
async function tryCode({ probe }: Connected, ready: Ready): Promise<Finding> {
  const isIdle = !ready.config.channels.includes('qr')
  const idle: Both = isIdle
    ? { en: ' qr is not offered (ALIPAY_CHANNELS).', zh: 'qr 未提供（ALIPAY_CHANNELS）。' }
    : { en: '', zh: '' }
  try {
    const { order } = await createOrder(ORDER, probe)
    await close(order.out_trade_no, probe)
    return ok({
      en: `signed: Alipay made a code for ${order.out_trade_no}, shown to nobody; closed, or over in a minute.`,
      zh: `已签约：支付宝为 ${order.out_trade_no} 生成了二维码，没有展示给任何人；已关闭，或一分钟后失效。`,
    })
  } catch (error) {
    if (error instanceof RefusedError) {
      const { found, ...fix } = describeRefusal({ en: 'the code', zh: '二维码' }, error.refusal, ready)
      const both = { en: `${found.en}${idle.en}`, zh: `${found.zh}${idle.zh}` }
      return (isIdle ? warning : failed)({ found: both, ...fix })
    }
    if (!(error instanceof OutcomeUnknownError)) throw error
    const { why, text } = error
    const { facts = {} } = text
    await close(facts.out_trade_no ?? '', probe)
    const reason = translated(redactText(why, ready))
    const found: Both = {
      en: `not known: ${reason.en}. The order ${facts.out_trade_no} of 0.01 ends within a minute.${idle.en}`,
      zh: `结果未知：${reason.zh}。0.01 元的订单 ${facts.out_trade_no} 一分钟内失效。${idle.zh}`,
    }
    return warning({ found, fix: { en: 'run it again.', zh: '再运行一次。' } })
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
