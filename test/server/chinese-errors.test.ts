// Each kind of error has a Chinese sentence of its own: what is wrong, and what to do.
import { describe, expect, it } from 'vitest'
import { TAKES_ZH } from '../../src/tools/fields.ts'
import { BUYER_TOOLS, ITEM_TOOLS } from '../../src/tools/index.ts'
import { offerOf } from '../../src/tools/offers.ts'
import { SUBSCRIPTION_TOOLS } from '../../src/tools/subscriptions/index.ts'
import { type Fields, openShop, useShop } from '../shop.ts'
import { CATALOGUE } from '../tools/catalogue.ts'

const shop = useShop()
const tea = { subject: 'Tea 茶', total_amount: '9.90' }
const chinese = async (tool: string, args: Fields, at = shop) => String((await at.call(tool, args)).message_zh)

it('says of each field of each tool what it takes', () => {
  const others = [...ITEM_TOOLS, ...BUYER_TOOLS, ...SUBSCRIPTION_TOOLS.merchant].flatMap((tool) =>
    Object.keys(offerOf(tool).input.properties ?? {}),
  )
  const fields = [...CATALOGUE.flatMap((row) => row.fields.split(', ')), ...others]
  expect(Object.keys(TAKES_ZH).sort()).toStrictEqual([...new Set(fields)].sort())
})

describe('of a wrong input', () => {
  const YUAN = '以元为单位的人民币金额（不要换算外币），最多两位小数，例如 9.90'

  it.each([
    ['create_payment', { ...tea, total_amount: '9.999' }, `total_amount 应为${YUAN}`],
    [
      'create_payment',
      { total_amount: 'USD 9' },
      `subject 应为 1 到 256 个字符的文字，不含 / = & 和换行；total_amount 应为${YUAN}`,
    ],
    ['create_payment', { ...tea, channel: 'qrcode' }, 'channel 应为 page、mobile 或 qr'],
    ['refund_payment', { out_trade_no: 'A', refund_amount: '-1' }, `refund_amount 应为${YUAN}`],
    ['query_payment', { trade_no: '1' }, 'trade_no 应为支付宝交易号，16 到 64 位数字'],
    ['query_payment', {}, 'out_trade_no 和 trade_no 须填一个，且只填一个'],
    ['list_payments', { limit: 51 }, 'limit 应为 1 到 50 的整数'],
    ['list_payments', { since: '2026-11-24', until: '2026-11-23' }, 'until 应晚于 since'],
  ])('%s %j names each field and what is right', async (tool, args, faults) => {
    expect(await chinese(tool, args)).toBe(`请求没有执行：${faults}。请改正后再调用。本次没有动钱。`)
  })

  it('names a field that there is not, and those that there are; a currency is never dropped', async () => {
    expect(await chinese('close_payment', { out_trade_no: 'A', force: true })).toMatch(
      /^请求没有执行：没有 "force" 这个字段，可用的字段有 out_trade_no、trade_no。/,
    )
    expect(await chinese('create_payment', { ...tea, currency: 'USD' })).toMatch(
      /没有 "currency" 这个字段，只能收人民币，请问清以元计的价格，/,
    )
  })
})

it('of a channel that is not offered names those that are', async () => {
  const other = await openShop({ channels: ['page', 'mobile'] })
  expect(await chinese('create_payment', { ...tea, channel: 'qr' }, other).finally(() => other.close())).toBe(
    '这里没有开通 qr 付款方式，没有创建订单。请把 channel 改为 page 或 mobile；要开通，请管理员配置 ALIPAY_CHANNELS。',
  )
})

it('of refunds that are off in production names what to set, and the way by hand', async () => {
  const other = await openShop({ environment: 'production', rules: { seller_id: '2088000000000001' } })
  expect(await chinese('refund_payment', { out_trade_no: 'A' }, other).finally(() => other.close())).toMatch(
    /^正式环境还没有开放退款，本次没有动钱。请管理员配置 ALIPAY_REFUND_APPROVAL、ALIPAY_MAX_REFUND、ALIPAY_DAILY_REFUNDS 并重启服务器；.*手工退款。$/,
  )
})

it('of an amount above the whole order names both', async () => {
  const { out_trade_no } = await shop.paidOrder('9.90')
  expect(await chinese('refund_payment', { out_trade_no, refund_amount: '20' })).toBe(
    '退款 20.00 元超过订单总额 9.90 元，没有发送，本次没有动钱。请问清商家要退多少。',
  )
})

it('of a request that was not sent says whether to repeat it, and who looks at what', async () => {
  const other = await openShop()
  const { out_trade_no } = await other.paidOrder('9.90')
  await other.emulator.close()
  expect(await chinese('close_payment', { out_trade_no }, other)).toBe(
    '请求没有发出（ECONNREFUSED），支付宝没有收到，本次没有动钱。请再试一次；仍然如此，请管理员检查网络和 ALIPAY_GATEWAY。',
  )
})

it.each([
  [
    'an order number of another order',
    { ...tea, out_trade_no: 'OWN_1', total_amount: '8.80' },
    /^订单号 OWN_1 此前已在这里用于另一笔 9\.90 元的订单/,
  ],
  [
    'an order in place of itself',
    { ...tea, out_trade_no: 'OWN_2', replaces: 'OWN_2' },
    /^replaces 不能填这笔订单自己的订单号，没有创建订单。/,
  ],
])('of %s says what to leave out', async (_what, args, said) => {
  await shop.call('create_payment', { ...tea, out_trade_no: 'OWN_1' })
  expect(await chinese('create_payment', args)).toMatch(said)
})
