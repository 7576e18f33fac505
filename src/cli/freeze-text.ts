// The words of freeze and unfreeze, in both languages: what stops, what goes on, and what stays payable.
import { inLanguages } from '../language.ts'

export const FREEZE = inLanguages({
  frozen: { en: 'Frozen.', zh: '已冻结。' },
  already: {
    en: (at: string, why: string) => `Already frozen since ${at} Beijing time${why && `, reason: ${why}`}.`,
    zh: (at: string, why: string) => `此前已冻结：北京时间 ${at}${why && `，原因：${why}`}。`,
  },
  reasonNotTaken: { en: 'The new reason was not taken.', zh: '新的原因没有记录。' },
  means: {
    en: `  No server with this ledger takes or gives money any more: no new links or codes, no refunds, for every host, app and merchant in it. Payment pages open no cashier meanwhile.
  Queries and closing go on. Links of Alipay, codes and cashiers that are already out STAY PAYABLE until they expire: close those orders.
  What was being sent at this moment cannot be called back.`,
    zh: `  使用此账本的所有服务器都不再收款或退款：不创建链接和二维码，不退款，付款页也不再打开收银台，对其中所有宿主程序、应用和商家有效。
  查询和关单照常。已发出的支付宝链接、二维码和已打开的收银台在过期之前仍可付款，请关闭这些订单。
  此刻正在发送的请求无法撤回。`,
  },
  ledger: { en: (folder: string) => `  Ledger: ${folder}`, zh: (folder: string) => `  账本：${folder}` },
  onlyEmpty: {
    en: (folder: string) =>
      `CAREFUL: only the ledger in ${folder} is frozen, and it holds no order. Is it the ledger of your server? If your server uses another ALIPAY_DATA_DIR, it is NOT frozen: name that folder with --data-dir. If it has not started yet, the freeze holds from its first start.`,
    zh: (folder: string) =>
      `注意：只冻结了 ${folder} 里的账本，而这个账本没有任何订单。它是你的服务器使用的账本吗？如果服务器使用另一个 ALIPAY_DATA_DIR，它没有被冻结，请用 --data-dir 指定那个文件夹。如果服务器还没有启动过，它从第一次启动起就处于冻结状态。`,
  },
  payable: {
    en: (count: number) =>
      `Still payable: ${count}. The command below each order closes it, if a buyer has opened it; an order that nobody opens expires by itself.`,
    zh: (count: number) =>
      `仍可付款的订单：${count} 个。买家打开过的订单，可用下方的命令关闭；没有人打开的，到期自动失效。`,
  },
  nothingPayable: {
    en: 'Still payable: nothing, of the merchant of these settings.',
    zh: '当前配置的商家没有仍可付款的订单。',
  },
  unlisted: {
    en: (ledger: string) =>
      `What stays payable is listed with the settings of the server (--dotenv, --config):\n  ${ledger}`,
    zh: (ledger: string) => `要列出仍可付款的订单，请带上服务器的配置（--dotenv 或 --config）运行：\n  ${ledger}`,
  },
  order: {
    en: (yuan: string, until: string, subject: string) =>
      `${yuan} yuan${until && `, until ${until}`}${subject && `, ${subject}`}`,
    zh: (yuan: string, until: string, subject: string) =>
      `${yuan} 元${until && `，${until} 前可付款`}${subject && `，${subject}`}`,
  },
  unopened: {
    en: 'Not opened when Alipay was last asked; try to close it:',
    zh: '最后一次向支付宝查询时还没有买家打开；请尝试关闭：',
  },
  cashier: {
    en: (at: string) => `Its page opened a cashier on ${at} Beijing time, in which it can be paid; close it:`,
    zh: (at: string) => `付款页在北京时间 ${at} 打开过收银台，在那里仍可付款；请关闭：`,
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
    en: `  After it all servers with this ledger make links and codes again, and refunds, with the limits and approvals as before, and payment pages open cashiers.
  The freeze does not stop queries and closing; links of Alipay, codes and cashiers already out stay payable until they expire.`,
    zh: `  解除后，使用此账本的所有服务器恢复创建链接和二维码、恢复退款，付款页恢复打开收银台，限额与确认照旧。
  冻结不影响查询和关单；已发出的支付宝链接、二维码和已打开的收银台在过期之前一直可以付款。`,
  },
  endIt: { en: 'end the freeze', zh: '解除冻结' },
  stillFrozen: { en: 'Still frozen.', zh: '仍处于冻结状态。' },
  ended: { en: 'No longer frozen.', zh: '已解除冻结。' },
})
