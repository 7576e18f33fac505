// What help says of the commands that put this server into hosts, in both languages.
import { type CommandHelp, DONE, NOT_UNDERSTOOD } from './ledger-help.ts'

export const HOSTS_HELP = {
  install: {
    summary: {
      en: 'puts the server into Cursor, Claude Code, Codex, ...',
      zh: '把服务器加入 Cursor、Claude Code、Codex 等',
    },
    usage: 'HOST [--print] [--project] [--yes]',
    about: {
      en: "It shows the change of the host's file, asks, and keeps the file as it was beside it. The entry starts this program as you run it now, with a fixed version; --config, --dotenv and other settings that you give here go into it. Keys and tokens never do.",
      zh: '先显示对宿主程序配置文件的修改，再询问，并在旁边保留修改前的文件。写入的条目按现在的运行方式启动本程序，版本固定；这里给出的 --config、--dotenv 等配置会写入条目，密钥和令牌从不写入。',
    },
    flags: [
      [
        '--print',
        {
          en: 'writes nothing: what to paste, with a link or a command where the host has one',
          zh: '不写入：输出要粘贴的内容，以及宿主程序支持的链接或命令',
        },
      ],
      ['--project', { en: "the host's file in this folder instead of your own", zh: '写入当前文件夹里的项目级配置' }],
      ['--yes', { en: 'writes without asking, for scripts', zh: '不询问直接写入，供脚本使用' }],
    ],
    examples: ['install cursor --dotenv shop.env', 'install cherry-studio --print'],
    exits: [
      [0, { en: 'it is in the host; with --print: it is printed', zh: '已在宿主程序里；用 --print 时：已输出' }],
      [1, { en: 'nothing was written; the output says why', zh: '没有写入，原因见输出' }],
      [2, { en: 'not understood, or --yes is missing in a script', zh: '命令行有误，或脚本里缺少 --yes' }],
    ],
  },
  uninstall: {
    summary: { en: 'takes the server out of a host again', zh: '从宿主程序里移除服务器' },
    usage: 'HOST [--project] [--yes]',
    about: {
      en: 'It undoes the change that install made. What somebody else changed since stays.',
      zh: '撤销 install 所做的修改；此后其他人改过的内容保留。',
    },
    flags: [
      ['--project', { en: "the host's file in this folder instead of your own", zh: '当前文件夹里的项目级配置' }],
      ['--yes', { en: 'removes it without asking, for scripts', zh: '不询问直接移除，供脚本使用' }],
    ],
    examples: ['uninstall cursor', 'uninstall claude-code --project --yes'],
    exits: [
      [0, { en: 'it is not in the host any more', zh: '宿主程序里已经没有' }],
      [1, { en: 'nothing was written; the output says why', zh: '没有写入，原因见输出' }],
      [2, { en: 'not understood, or --yes is missing in a script', zh: '命令行有误，或脚本里缺少 --yes' }],
    ],
  },
  hosts: {
    summary: { en: 'which hosts have the server, and if it starts there', zh: '哪些宿主程序有这个服务器，能否启动' },
    usage: '[--json]',
    about: {
      en: 'It starts each entry as its host does, from another folder and with the short PATH of a desktop, and lists the tools. The first start with npx fetches the package.',
      zh: '像宿主程序那样（在别的文件夹、只有桌面程序的 PATH）启动每个条目并列出工具。用 npx 首次启动会下载软件包。',
    },
    flags: [['--json', { en: 'one object on one line', zh: '输出一行 JSON' }]],
    examples: ['hosts', 'hosts --json'],
    exits: [
      [0, DONE],
      [
        1,
        {
          en: 'an entry does not start or is not configured, or a file is unreadable',
          zh: '有条目不能启动或配置有误，或有文件读不了',
        },
      ],
      [2, NOT_UNDERSTOOD],
    ],
  },
} as const satisfies Readonly<Record<string, CommandHelp>>
