// What each kind of error means for the money, and what to do, in both languages.
import type { ErrorKind, Retry } from '../../src/errors.ts'
import type { Both } from './language.ts'

interface ErrorText {
  readonly means: Both
  readonly money: Both
  readonly next: Both
  /** Where `retry` is another one than that of the kind. */
  readonly otherwise?: Partial<Readonly<Record<Retry, Both>>>
}

const NOTHING: Both = {
  en: 'At most queries were sent; no money moved.',
  zh: '最多只发送过查询，没有动钱。',
}
const MOVED_NOTHING: Both = {
  en: 'This call moved nothing. If an earlier attempt of the same refund is still unknown, the result says so.',
  zh: '这次调用没有动钱。如果同一笔退款之前的尝试仍然结果未知，结果会写明。',
}

export const ERROR_TEXTS: Readonly<Record<ErrorKind, ErrorText>> = {
  invalid_input: {
    means: {
      en: 'A field of the call is wrong, or the call does not fit this order. The message names every such field.',
      zh: '调用的某个字段不对，或这个调用不适用于该订单。结果会列出所有不对的字段。',
    },
    money: NOTHING,
    next: { en: 'Correct the fields that it names, and call again.', zh: '改正列出的字段，再调用。' },
    otherwise: {
      no: {
        en: 'the state of the order at Alipay leaves nothing to refund: it is opened and unpaid, closed or refunded in full, or its time for refunds is over',
        zh: '订单在支付宝的状态决定了无款可退：已打开但未付款、已关闭、已全额退款，或已过退款期限',
      },
    },
  },
  not_configured: {
    means: {
      en: 'The server runs, but settings are missing or wrong, or refunds are still off in `production`. The message lists everything that is to be set.',
      zh: '服务器在运行，但有配置缺失或不对，或者 `production` 还没有开放退款。结果会一次列全要配置的内容。',
    },
    money: NOTHING,
    next: {
      en: 'The operator sets what the message lists, checks it with the doctor, and restarts the server.',
      zh: '管理员改好列出的配置，用 doctor 检查，然后重启服务器。',
    },
  },
  declined: {
    means: { en: 'The merchant, or the operator, said no to this refund.', zh: '商家或管理员没有同意这笔退款。' },
    money: NOTHING,
    next: {
      en: 'Tell the user, and do not ask again for the same refund. Another amount that the merchant wants is a new request, and allowed.',
      zh: '告诉用户，不要再次提出同一笔退款。商家想退别的金额时，那是新的请求，可以提出。',
    },
  },
  waiting_for_approval: {
    means: {
      en: 'The refund waits for a person outside the chat. The request stays open for 15 minutes.',
      zh: '退款在等对话之外的人确认。这个询问 15 分钟内有效。',
    },
    money: NOTHING,
    next: {
      en: 'The merchant approves it on the page in the browser or with `alipay-mcp approvals`, on the computer of the server. A yes in the chat does not count. Make the same call again only when the merchant says that it is approved.',
      zh: '由商家在服务器所在的电脑上确认：在浏览器页面里，或用 `alipay-mcp approvals`。在对话里说同意不算数。商家说已确认之后，才再做同样的调用。',
    },
  },
  over_limit: {
    means: {
      en: 'The call would go over a limit of the operator. The result says what was asked, which limit it is, how much is used and how much is left.',
      zh: '这次调用会超出管理员设的限额。结果会写明请求了多少、是哪个限额、已用多少、还剩多少。',
    },
    money: NOTHING,
    next: {
      en: "Tell the user and stop. Only for calls per minute: wait the seconds that the answer names, and call again. Splitting the amount does not help: a day's limit counts everything, and the day ends at 24:00 Beijing time. Only the operator can change the limit.",
      zh: '告诉用户，然后停下。只有每分钟调用次数的限额例外：等结果里写明的秒数，再调用一次。拆成几笔也没有用：每日限额合并计算，一天到北京时间 24:00 结束。只有管理员能修改限额。',
    },
    otherwise: {
      yes_once: {
        en: 'calls per minute: after the seconds that the result names',
        zh: '每分钟调用次数的限额：等结果里写明的秒数之后',
      },
    },
  },
  frozen: {
    means: {
      en: 'Somebody stopped everything that takes or gives money. Queries and closing still work.',
      zh: '有人冻结了一切收款和退款。查询和关单照常。',
    },
    money: {
      en: 'At most queries were sent; no money moved. Links of Alipay, codes and cashiers that are already out stay payable; pages open no cashier meanwhile.',
      zh: '最多只发送过查询，没有动钱。已发出的支付宝链接、二维码和已打开的收银台仍可付款；付款页暂不打开收银台。',
    },
    next: {
      en: 'Tell the user and stop. Only a person at a terminal can end it, with `alipay-mcp unfreeze`.',
      zh: '告诉用户，然后停下。只有人在终端里运行 `alipay-mcp unfreeze` 才能解除。',
    },
  },
  not_sent: {
    means: {
      en: 'The call did not reach Alipay: no network, a proxy, or another call about the same order is at work.',
      zh: '调用没有到达支付宝：网络不通、代理拦截，或该订单有另一个调用正在进行。',
    },
    money: {
      en: 'This call moved nothing. Another refund that is still at work may move money; the result then names it.',
      zh: '这次调用没有动钱。另一笔仍在进行的退款可能会动钱，这时结果会指出是哪一笔。',
    },
    next: {
      en: 'Make the same call again once. If it fails again, tell the user and stop; the operator runs the doctor.',
      zh: '再做一次同样的调用。仍然失败就告诉用户并停下，由管理员运行 doctor。',
    },
    otherwise: {
      after_change: {
        en: "another refund or a person's answer has to come first",
        zh: '须先等另一笔退款有结果，或等人答复',
      },
    },
  },
  no_answer: {
    means: {
      en: 'A query, or the check before a refund or a close, got no answer that can be believed. The result has what was last known, and since when.',
      zh: '查询，或退款、关单之前的检查，没有得到可信的响应。结果里有最后已知的状态和时间。',
    },
    money: { en: 'Only queries were sent: this call changed nothing.', zh: '只发送过查询：这次调用没有改变任何东西。' },
    next: {
      en: 'Make the same call once more. If there is no answer again, tell the user what was known last, and stop.',
      zh: '同样的调用再做一次。仍然没有响应，就把最后已知的状态告诉用户，然后停下。',
    },
  },
  refused_by_alipay: {
    means: {
      en: "Alipay said no. The result has Alipay's code and words, the cause, the remedy and who can act.",
      zh: '支付宝拒绝了。结果里有支付宝的错误码和原话、原因、处理办法，以及由谁处理。',
    },
    money: MOVED_NOTHING,
    next: {
      en: 'Do what the remedy says. The same call again is of use only where the result says so, such as after too many calls.',
      zh: '按处理办法去做。只有结果里说可以重复时（例如调用太频繁），重复同样的调用才有用。',
    },
    otherwise: {
      yes_once: { en: 'after too many calls, or a fault at Alipay', zh: '调用太频繁，或支付宝出了故障' },
      no: { en: 'the same call can never succeed', zh: '同样的调用不可能成功' },
    },
  },
  unknown: {
    means: {
      en: 'A change was sent, and its answer was lost or cannot be believed. It is neither done nor failed.',
      zh: '变更请求已经发出，但响应丢失或不可信。既不是成功，也不是失败。',
    },
    money: {
      en: 'Money may have moved (`moved: unknown`), or the order may have changed (`moved: no`).',
      zh: '钱可能已经动了（`moved: unknown`），或订单可能已经改变（`moved: no`）。',
    },
    next: {
      en: 'Make the query in `next_step`, now and again in 10 minutes. Meanwhile make no other refund, neither by hand nor of another amount. The same refund has the same number, so it moves money once at most.',
      zh: '按 `next_step` 查询，现在一次，10 分钟后再一次。这期间不要另外退款：不手工退，也不退别的金额。同一笔退款用同一个退款请求号，所以最多只动一次钱。',
    },
  },
  ledger_unavailable: {
    means: {
      en: 'The ledger cannot be read or written: it is locked, damaged, or this Node.js has no SQLite.',
      zh: '账本读写不了：被占用、已损坏，或这个 Node.js 没有 SQLite。',
    },
    money: MOVED_NOTHING,
    next: {
      en: 'The operator does what the message says, then the same call can be made again.',
      zh: '管理员按结果里说的处理，之后可以再做同样的调用。',
    },
  },
  internal: {
    means: {
      en: 'A fault of this server. The message has an id, and the log on stderr has the details.',
      zh: '本服务器的缺陷。结果里有一个编号，详情在 stderr 的日志里。',
    },
    money: { en: 'Nobody knows whether anything was sent.', zh: '是否发送过什么，无法得知。' },
    next: {
      en: 'Query the order before anything is repeated, and report the fault with its id.',
      zh: '重复任何操作之前先查询订单，并连同编号报告这个缺陷。',
    },
  },
}
