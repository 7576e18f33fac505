// What help says of the commands of the ledger, in both languages; and the shape of what it says of each command.
import type { Both } from '../../language.ts'

/** In each language, where words are typed that stand for somebody's own. */
type Example = string | Both

export interface CommandHelp {
  summary: Both
  /** Behind the command, as it is typed. */
  usage: string
  about?: Both
  flags: readonly (readonly [flag: string, about: Both])[]
  /** What is typed behind the program, without the settings. */
  examples: readonly [Example, Example]
  exits: readonly (readonly [code: 0 | 1 | 2, when: Both])[]
}

const FAILED: Both = { en: 'refused or failed; standard error says why', zh: '被拒绝或失败，原因见标准错误输出' }
export const NOT_UNDERSTOOD: Both = { en: 'the command line was not understood', zh: '命令行有误' }
const NO_TERMINAL: Both = { en: 'not understood, or not at a terminal', zh: '命令行有误，或不在终端里运行' }
export const DONE: Both = { en: 'done', zh: '完成' }
export const usual = (last = NOT_UNDERSTOOD): CommandHelp['exits'] => [
  [0, DONE],
  [1, FAILED],
  [2, last],
]

const ORDER: Both = {
  en: 'the order: out_trade_no, or trade_no of Alipay',
  zh: '订单：商家订单号 out_trade_no，或支付宝交易号 trade_no',
}

export const LEDGER_HELP = {
  ledger: {
    summary: { en: 'orders, refunds, decisions, and sums per day', zh: '订单、退款、确认与冻结记录，以及按日汇总' },
    usage: '[--month M | --since DAY --until DAY] [--state S] [--order N] [--wide] [--json | --csv]',
    about: {
      en: 'Everything is newest first, in Beijing time. At a terminal order numbers are shortened to fit.',
      zh: '全部按时间倒序，时间为北京时间。在终端里会缩短单号以适应宽度。',
    },
    flags: [
      ['--month M', { en: 'a month, such as 2026-11', zh: '月份，例如 2026-11' }],
      ['--since DAY', { en: 'from this day on, such as 2026-11-01', zh: '从这一天起，例如 2026-11-01' }],
      ['--until DAY', { en: 'to the end of this day', zh: '到这一天结束' }],
      [
        '--state S',
        {
          en: 'waiting, paid, part_refunded, refunded, closed, alarm (wrong amount) or unknown',
          zh: 'waiting（待付款）、paid（已付款）、part_refunded（部分退款）、refunded（已全额退款）、closed（已关闭）、alarm（金额不符）、unknown（结果未知）',
        },
      ],
      ['--order N', { en: `${ORDER.en}; all that is known of it`, zh: `${ORDER.zh}；显示它的全部内容` }],
      ['--wide', { en: 'all columns and whole numbers, however narrow the terminal', zh: '显示全部列和完整单号' }],
      ['--json', { en: 'for programs: amounts as plain text', zh: '供程序使用，金额为纯文本' }],
      [
        '--csv',
        {
          en: 'opens in Excel; a tab behind each number keeps it a text, other programs must trim it',
          zh: '可用 Excel 打开；单号后有一个制表符以保持文本格式，其他程序需去掉',
        },
      ],
    ],
    examples: ['ledger --month 2026-11', 'ledger --state waiting --wide'],
    exits: [
      [0, DONE],
      [1, { en: 'no such order, no ledger, or a damaged entry', zh: '没有这个订单、没有账本，或有记录损坏' }],
      [2, NOT_UNDERSTOOD],
    ],
  },
  approvals: {
    summary: { en: "answers the refunds that wait for the merchant's yes", zh: '答复等待商家确认的退款' },
    usage: '[--list [--json] [--wide]]',
    about: {
      en: 'At a terminal. The typed amount is a yes, "no" is a no, Enter skips.',
      zh: '在终端里运行。输入金额表示同意，输入 no 表示拒绝，回车跳过。',
    },
    flags: [
      [
        '--list',
        {
          en: 'only shows what waits, and each yes not used yet; runs anywhere',
          zh: '只列出等待确认的和已同意但还没有使用的退款，可在任何地方运行',
        },
      ],
      ['--json', { en: 'with --list, for programs: what waits', zh: '与 --list 一起使用，供程序读取：等待确认的退款' }],
      ['--wide', { en: 'with --list: whole order numbers', zh: '与 --list 一起使用：完整单号' }],
    ],
    examples: ['approvals', 'approvals --list --json'],
    exits: [
      [0, DONE],
      [1, { en: 'failed, or an answer was not taken; the text says why', zh: '失败，或有答复未生效，原因见输出' }],
      [2, NO_TERMINAL],
    ],
  },
  close: {
    summary: { en: 'closes one open order, after asking', zh: '确认后关闭一个未付款的订单' },
    usage: '--order N',
    about: {
      en: 'At a terminal. Nobody can pay a closed order any more; a paid order is not closed.',
      zh: '在终端里运行。关闭后不能再付款；已付款的订单不会被关闭。',
    },
    flags: [['--order N', ORDER]],
    examples: ['close --order 20261129104700001a2b3c4d5e6f70819', 'ledger --state waiting --wide'],
    exits: [
      [0, { en: 'nobody can pay it any more', zh: '不能再付款' }],
      [1, { en: 'not closed; the text says why', zh: '没有关闭，原因见输出' }],
      [2, NO_TERMINAL],
    ],
  },
  freeze: {
    summary: {
      en: 'stops new links, new codes and refunds, at once; links of Alipay and cashiers already out stay payable',
      zh: '立即停止创建链接和二维码、停止退款；已发出的支付宝链接和已打开的收银台仍可付款',
    },
    usage: '[--why TEXT]',
    about: {
      en: 'For every server with this ledger. It needs no credentials, and lists what stays payable where it has them. Only a person can end it: unfreeze.',
      zh: '对使用此账本的所有服务器有效。不需要密钥；有密钥时会列出仍可付款的订单。只有人能解除：unfreeze。',
    },
    flags: [['--why TEXT', { en: 'the reason, shown to whoever meets the freeze', zh: '原因，会显示给遇到冻结的人' }]],
    examples: [{ en: 'freeze --why "lost phone"', zh: 'freeze --why "手机丢了"' }, 'freeze --dotenv shop.env'],
    exits: [
      [0, { en: 'frozen', zh: '已冻结' }],
      [
        1,
        {
          en: 'NOT frozen, and standard error says why; or frozen, but the ledger is empty',
          zh: '没有冻结，原因见标准错误输出；或已冻结，但账本是空的',
        },
      ],
      [2, NOT_UNDERSTOOD],
    ],
  },
  unfreeze: {
    summary: { en: 'ends a freeze, after asking', zh: '确认后解除冻结' },
    usage: '',
    about: { en: 'At a terminal.', zh: '在终端里运行。' },
    flags: [],
    examples: ['unfreeze', 'unfreeze --dotenv shop.env'],
    exits: [
      [0, { en: 'not frozen any more', zh: '已没有冻结' }],
      [1, { en: 'still frozen', zh: '仍处于冻结状态' }],
      [2, NO_TERMINAL],
    ],
  },
  resolve: {
    summary: { en: 'asks Alipay how unfinished steps ended', zh: '向支付宝查询未完成操作的结果' },
    usage: '[--resend]',
    about: {
      en: 'It only reads. With --resend, at a terminal, it asks about each refund or close that Alipay does not know, and sends what you confirm. A refund that has ended as not executed moved nothing; if it is still wanted, ask the assistant for it again.',
      zh: '只查询。加 --resend（在终端里）会就支付宝没有记录的退款或关单逐笔询问，并发送你确认的操作。已确定未执行的退款没有退钱；如仍需退款，请让助手再次提出。',
    },
    flags: [
      [
        '--resend',
        {
          en: 'sends again, under the same number, what you confirm by typing its amount',
          zh: '输入金额确认后，用原来的请求号重新发送',
        },
      ],
    ],
    examples: ['resolve', 'resolve --resend'],
    exits: [
      [0, { en: 'nothing is unfinished any more', zh: '没有未完成的操作' }],
      [1, { en: 'something still is, or an entry is damaged', zh: '仍有未完成的操作，或有记录损坏' }],
      [2, NO_TERMINAL],
    ],
  },
  'charge-due': {
    summary: { en: 'charges every subscription that is due', zh: '对所有到期的订阅扣款' },
    usage: '[--json]',
    about: {
      en: 'For cron, once a day or more often: first attempts of announced periods, and again what Alipay itself refused, through all limits. What is in doubt, missed or not announced it leaves to a person.',
      zh: '供 cron 使用，每天一次或更多：对已通知的周期首次扣款，并重试被支付宝明确拒绝的扣款，全部受限额约束。结果未知、错过或未通知的，留给人处理。',
    },
    flags: [['--json', { en: 'one object on one line', zh: '输出一行 JSON' }]],
    examples: ['charge-due --dotenv shop.env', 'charge-due --json'],
    exits: [
      [0, { en: 'all that was due is charged', zh: '到期的都已扣款' }],
      [1, { en: 'something was refused, is unknown, or failed', zh: '有被拒绝、结果未知或失败的' }],
      [2, NOT_UNDERSTOOD],
    ],
  },
  delivered: {
    summary: { en: 'a paid order of an item was handed over by hand', zh: '标记某个已付款的商品订单已由人交付' },
    usage: '--order N',
    about: {
      en: 'For what "ledger --state undelivered" lists. It asks first; the assistant then hands out nothing for that order.',
      zh: '用于 ledger --state undelivered 列出的订单。会先询问；之后助手不再为它交付。',
    },
    flags: [['--order N', ORDER]],
    examples: ['ledger --state undelivered', 'delivered --order 20261129104700001a2b3c4d5e6f70819'],
    exits: [
      [0, { en: 'marked as delivered', zh: '已标记为已交付' }],
      [1, { en: 'nothing was marked; the text says why', zh: '没有标记，原因见输出' }],
      [2, NO_TERMINAL],
    ],
  },
  forget: {
    summary: { en: 'erases the texts and names of one order, after asking', zh: '确认后删除一个订单的文字和名称' },
    usage: '--order N',
    about: {
      en: 'At a terminal. Numbers, amounts, states and times stay.',
      zh: '在终端里运行。单号、金额、状态和时间会保留。',
    },
    flags: [['--order N', ORDER]],
    examples: ['forget --order 20261129104700001a2b3c4d5e6f70819', 'ledger --order 20261129104700001a2b3c4d5e6f70819'],
    exits: [
      [0, { en: 'erased', zh: '已删除' }],
      [1, { en: 'nothing was erased', zh: '没有删除' }],
      [2, NO_TERMINAL],
    ],
  },
} as const satisfies Readonly<Record<string, CommandHelp>>
