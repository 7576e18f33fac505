// What help says of each command, in both languages: what it does, its flags, two examples, and how it exits.
import type { Command } from '../flags.ts'
import { HOSTS_HELP } from './hosts-help.ts'
import { type CommandHelp, DONE, LEDGER_HELP, NOT_UNDERSTOOD, usual } from './ledger-help.ts'

export const COMMAND_HELP: Readonly<Record<Command, CommandHelp>> = {
  serve: {
    summary: {
      en: 'the MCP server on standard input and output (default)',
      zh: 'MCP 服务器，使用标准输入输出（默认）',
    },
    usage: '',
    about: {
      en: 'A host such as Claude Desktop or Cursor starts it. Without credentials everything runs on the built-in emulator, and no real money moves.',
      zh: '由 Claude Desktop、Cursor 等宿主程序启动。没有配置密钥时，全部在内置模拟器上运行，不涉及真实资金。',
    },
    flags: [],
    examples: ['serve --dotenv shop.env', 'serve --read-only'],
    exits: [
      [0, { en: 'the host has gone', zh: '宿主程序已断开' }],
      [2, NOT_UNDERSTOOD],
    ],
  },
  init: {
    summary: { en: 'from nothing to settings that work', zh: '从零开始，生成可用的配置' },
    usage: '[--make-keys] [--import FILE] [--existing change|aside] [--yes]',
    about: {
      en: 'Asks at a terminal; every answer is also a setting, such as --env or --app-id. Writes the settings file and key files beside it, then runs the doctor.',
      zh: '在终端里提问；每个答案也可以用配置项给出，例如 --env、--app-id。写入配置文件和旁边的密钥文件，然后运行 doctor。',
    },
    flags: [
      [
        '--make-keys',
        {
          en: 'makes a pair of 2048 bits, or goes on with the one that waits',
          zh: '生成一对 2048 位密钥；已有未启用的则继续使用',
        },
      ],
      [
        '--import FILE',
        {
          en: "takes over a .env or JSON file, or a host's file with a payment server in it (AP_..., ALIPAY_...)",
          zh: '读取已有的 .env、JSON 文件，或含支付服务器的宿主程序配置（AP_...、ALIPAY_...）',
        },
      ],
      [
        '--existing HOW',
        {
          en: 'settings that are there: change what differs, or put the file aside; the app of another environment stays in a file beside',
          zh: '已有配置时：change 只改不同的部分，aside 把原文件另存；换环境时，原应用的配置另存到旁边',
        },
      ],
      ['--yes', { en: 'takes the proposals for all else, and asks nothing', zh: '其余采用建议值，不提问' }],
    ],
    examples: ['init', 'init --env sandbox --make-keys --yes'],
    exits: [
      [0, { en: 'written, and the doctor found no failure', zh: '已写入，doctor 没有发现失败' }],
      [
        1,
        {
          en: "not finished (a new pair waits for Alipay's key), left, not written, or the doctor found a failure",
          zh: '未完成（新密钥等待支付宝公钥）、中途退出、无法写入，或 doctor 发现失败',
        },
      ],
      [2, { en: 'not understood, or something is missing; nothing was written', zh: '命令行有误或缺少内容；没有写入' }],
    ],
  },
  listen: {
    summary: {
      en: "takes Alipay's notifications, and watches unpaid orders",
      zh: '接收支付宝的异步通知，跟踪待付款的订单',
    },
    usage: '[--front | --watcher] [--health-port N]',
    about: {
      en: 'Use the settings of the server, with ALIPAY_PUBLIC_URL. What faces the internet runs in a process of its own, which gets no private key. It runs until Ctrl-C.',
      zh: '请使用与服务器相同的配置，并设置 ALIPAY_PUBLIC_URL。面向公网的部分在单独的进程里运行，拿不到应用私钥。运行到按 Ctrl-C 为止。',
    },
    flags: [
      [
        '--front',
        {
          en: 'only the half that faces the internet; its settings must not hold the private key',
          zh: '只运行面向公网的部分；它的配置里不能有应用私钥',
        },
      ],
      [
        '--watcher',
        {
          en: 'only the half that asks Alipay about unpaid orders; it has the private key and no socket',
          zh: '只运行向支付宝查询待付款订单的部分；它有应用私钥，没有网络端口',
        },
      ],
      [
        '--health-port N',
        { en: 'for GET /health on 127.0.0.1; default 8422', zh: '127.0.0.1 上 GET /health 的端口；默认 8422' },
      ],
    ],
    examples: ['listen --dotenv shop.env', 'listen --front --config front.json'],
    exits: [
      [0, { en: 'it was ended', zh: '已正常结束' }],
      [1, { en: 'it cannot run with these settings, or its port is taken', zh: '按这些配置无法运行，或端口被占用' }],
      [2, NOT_UNDERSTOOD],
    ],
  },
  demo: {
    summary: { en: 'one payment from link to refund, on the built-in emulator', zh: '在内置模拟器上演示从收款到退款' },
    usage: '[--open] [--verbose]',
    flags: [
      ['--open', { en: 'you pay, in the browser of this computer', zh: '由你在本机浏览器里付款' }],
      ['--verbose', { en: 'each call and its answer, long values cut', zh: '显示每次调用和结果，过长的值会截断' }],
    ],
    examples: ['demo', 'demo --open'],
    exits: [
      [0, { en: 'all was as it should be', zh: '全部符合预期' }],
      [1, { en: 'something was not', zh: '有不符合预期之处' }],
      [2, NOT_UNDERSTOOD],
    ],
  },
  doctor: {
    summary: { en: 'checks settings, keys, network, clock and products', zh: '检查配置、密钥、网络、时钟和产品' },
    usage: '[--probe] [--notification FILE] [--json]',
    about: {
      en: 'Use the same flags, files and environment as the server. It sends nothing but queries, unless --probe is given.',
      zh: '请使用与服务器相同的参数、文件和环境变量。除非加 --probe，只发送查询。',
    },
    flags: [
      [
        '--probe',
        {
          en: 'also makes an order of 0.01 yuan for one minute, shown to nobody, and closes it',
          zh: '另外创建一笔 0.01 元、一分钟有效、不展示给任何人的订单，随后关闭',
        },
      ],
      [
        '--notification FILE',
        {
          en: 'instead says of a notification saved in this file, as it was posted, whether it is genuine',
          zh: '改为判断文件里保存的一条异步通知（原始请求正文）是否真实',
        },
      ],
      ['--json', { en: 'one object on one line, in both languages', zh: '输出一行 JSON，含中英文' }],
    ],
    examples: ['doctor --dotenv shop.env', 'doctor --probe'],
    exits: [
      [0, { en: 'nothing failed', zh: '没有失败的检查' }],
      [1, { en: 'something has to be fixed', zh: '有要修复的问题' }],
      [2, NOT_UNDERSTOOD],
    ],
  },
  ...HOSTS_HELP,
  config: {
    summary: { en: 'which settings hold, and where each comes from', zh: '查看生效的配置及其来源' },
    usage: '[list | path | get NAME] [--json]',
    about: {
      en: 'list shows what is set; path the settings file in your config folder, there or not; get one bare value, for scripts. Keys, tokens and passwords are never shown.',
      zh: 'list 列出已设置的配置；path 显示用户配置文件夹里的配置文件路径（不一定存在）；get 输出一个值，供脚本使用。密钥、令牌和密码从不显示。',
    },
    flags: [['--json', { en: 'of list: one object on one line', zh: '用于 list：输出一行 JSON' }]],
    examples: ['config', 'config get app-id'],
    exits: usual({ en: 'not understood', zh: '命令行有误' }),
  },
  call: {
    summary: { en: 'one tool of the server, from the terminal', zh: '在终端里调用一个工具' },
    usage: '[TOOL [KEY=VALUE ...]] [--json]',
    about: {
      en: 'It starts the server as a host does, with the same settings, and asks you here what a host would ask. Without TOOL: the tools that are offered.',
      zh: '像宿主程序一样用同样的配置启动服务器；需要确认的在这里询问你。不写 TOOL 则列出提供的工具。',
    },
    flags: [['--json', { en: 'the result as one line of JSON', zh: '以一行 JSON 输出结果' }]],
    examples: ['call create_payment subject="A poem" total_amount=9.90', 'call list_payments --dotenv shop.env'],
    exits: [
      [0, DONE],
      [1, { en: 'the tool answered with an error', zh: '工具返回了错误' }],
      [2, NOT_UNDERSTOOD],
    ],
  },
  completion: {
    summary: { en: 'completes commands and flags in your shell', zh: '在 shell 里补全命令和参数' },
    usage: 'bash | zsh | fish',
    about: {
      en: 'It prints a script for your shell to read at its start.',
      zh: '输出一段脚本，由 shell 在启动时读取。',
    },
    flags: [],
    examples: ['completion bash > ~/.alipay-mcp.bash', 'completion fish > ~/.config/fish/completions/alipay-mcp.fish'],
    exits: [
      [0, DONE],
      [2, NOT_UNDERSTOOD],
    ],
  },
  emulator: {
    summary: { en: "runs the emulator of Alipay's gateway alone", zh: '单独运行支付宝网关模拟器' },
    usage:
      '[--port N] [--keys DIR] [--app-public-key FILE] [--app-gateway URL] [--certificates] [--sandbox-rules] [--json]',
    about: {
      en: 'It prints the settings that reach it, fit for --dotenv, and runs until Ctrl-C. A server with --dotenv and that output as a file is connected to it. For any SDK in any language.',
      zh: '输出连接它的配置（可直接用于 --dotenv），运行到按 Ctrl-C 为止。把输出存成文件，服务器加 --dotenv 和这个文件即可连接。任何语言的 SDK 都可以使用。',
    },
    flags: [
      ['--port N', { en: 'the port; 0 or none takes a free one', zh: '端口；0 或不填则使用空闲端口' }],
      [
        '--keys DIR',
        {
          en: 'keeps ids, keys and certificates in this folder, from start to start',
          zh: '把 APPID、PID、密钥和证书保存在这个文件夹，重启后不变',
        },
      ],
      [
        '--app-public-key FILE',
        {
          en: "your own application's public key (PEM, base64 or certificate) instead of a new pair",
          zh: '使用你自己的应用公钥（PEM、base64 或证书），不生成新密钥',
        },
      ],
      [
        '--app-gateway URL',
        {
          en: "the app's gateway address, where signed and ended agreements are notified",
          zh: '应用网关：签约和解约通知到这个地址',
        },
      ],
      ['--certificates', { en: 'certificate mode', zh: '公钥证书模式' }],
      ['--sandbox-rules', { en: "the rules of Alipay's sandbox", zh: '按支付宝沙箱的规则' }],
      ['--json', { en: 'the settings as one line of JSON', zh: '以一行 JSON 输出配置' }],
    ],
    examples: ['(umask 077; {} emulator > emulator.env)', 'emulator --port 7001 --keys emulator-keys'],
    exits: usual({
      en: 'not understood, or the port, folder or file cannot be used',
      zh: '命令行有误，或端口、文件夹、文件不能使用',
    }),
  },
  ...LEDGER_HELP,
  help: {
    summary: { en: 'this text; help COMMAND, help settings', zh: '本帮助；help 命令、help settings' },
    usage: '[COMMAND | settings]',
    flags: [],
    examples: ['help ledger', 'help settings'],
    exits: [
      [0, DONE],
      [2, NOT_UNDERSTOOD],
    ],
  },
}
