// The words of freeze and unfreeze, in both languages: what stops, what goes on, and what stays payable.
import { inLanguages } from '../language.ts'

export const FREEZE = inLanguages({
  frozen: { en: 'Frozen.', zh: '已冻结。' },
  already: {
    en: (at: string) => `Already frozen since ${at} Beijing time.`,
    zh: (at: string) => `此前已冻结：北京时间 ${at}。`,
  },
  means: {
    en: `  No server with this ledger takes or gives money any more: no new links or codes, no refunds, for every host, app and merchant in it.
  Queries and closing go on. Links and codes that are already out STAY PAYABLE until they expire: close those orders.
  What was being sent at this moment cannot be called back.`,
    zh: `  使用此账本的所有服务器都不再收款或退款：不创建链接和二维码，不退款，对其中所有宿主程序、应用和商家有效。
  查询和关单照常。已发出的链接和二维码在过期之前仍可付款，请关闭这些订单。
  此刻正在发送的请求无法撤回。`,
  },
  ledger: { en: (folder: string) => `  Ledger: ${folder}`, zh: (folder: string) => `  账本：${folder}` },
  noServerYet: {
    en: '  NOTE: no server has kept a ledger there yet. If yours uses another ALIPAY_DATA_DIR, it is NOT frozen: name that with --data-dir.',
    zh: '  注意：此前没有服务器在这里保存账本。如果你的服务器使用另一个 ALIPAY_DATA_DIR，它没有被冻结，请用 --data-dir 指定。',
  },
  payable: {
    en: (count: number) =>
      `Still payable: ${count}. An order that a buyer has opened can be closed, with the call below it; another one expires by itself.`,
    zh: (count: number) =>
      `仍可付款的订单：${count} 个。买家打开过的订单可以关闭（命令在订单下方），其余的到期自动失效。`,
  },
  nothingPayable: {
    en: 'Still payable: nothing, of the merchant of these settings.',
    zh: '当前配置的商家没有仍可付款的订单。',
  },
  unlisted: {
    en: 'What stays payable is listed with the settings of the server (--dotenv, --config): ledger --state waiting.',
    zh: '要列出仍可付款的订单，请带上服务器的配置（--dotenv 或 --config）运行 ledger --state waiting。',
  },
  order: {
    en: (yuan: string, until: string, subject: string) =>
      `${yuan} yuan${until && `, until ${until}`}${subject && `, ${subject}`}`,
    zh: (yuan: string, until: string, subject: string) =>
      `${yuan} 元${until && `，${until} 前可付款`}${subject && `，${subject}`}`,
  },
  unopened: {
    en: (order: string) => `  ${order}: not opened yet, as last seen: expires by itself`,
    zh: (order: string) => `  ${order}：最后一次查看时还没有买家打开过：到期自动失效`,
  },
  onceOpened: {
    en: 'Once a buyer has opened such an order, it can be closed, too:',
    zh: '买家打开之后，这样的订单也可以关闭：',
  },
  more: { en: (count: number) => `and ${count} more:`, zh: (count: number) => `另有 ${count} 个：` },
  toEnd: { en: 'To end the freeze, at a terminal:', zh: '解除冻结（在终端运行）：' },
  notFrozen: { en: 'NOT FROZEN.', zh: '没有冻结。' },
  notFrozenHere: { en: (folder: string) => `Not frozen: ${folder}`, zh: (folder: string) => `没有冻结：${folder}` },
  since: {
    en: (at: string, why: string) => `Frozen since ${at} Beijing time${why && `, ${why}`}.`,
    zh: (at: string, why: string) => `自北京时间 ${at} 起已冻结${why && `，原因 ${why}`}。`,
  },
  endingMeans: {
    en: `  After it all servers with this ledger make links and codes again, and refunds, with the limits and approvals as before.
  Queries, closing and links already out were never stopped.`,
    zh: `  解除后，使用此账本的所有服务器恢复创建链接和二维码、恢复退款，限额与确认照旧。
  查询、关单和已发出的链接一直有效。`,
  },
  endIt: { en: 'end the freeze', zh: '解除冻结' },
  stillFrozen: { en: 'Still frozen.', zh: '仍处于冻结状态。' },
  ended: { en: 'No longer frozen.', zh: '已解除冻结。' },
})
