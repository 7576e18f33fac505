// What init says, in both languages; no key stands in it but the public half that is meant for the console.
import { type Both, inLanguages } from '../../language.ts'

const join = (lines: readonly string[]) => lines.join('\n')

export const INIT = inLanguages({
  written: { en: (path: string) => `Written: ${path}`, zh: (path: string) => `已写入：${path}` },
  unchanged: {
    en: (path: string) => `Nothing to change in ${path}.`,
    zh: (path: string) => `${path} 无需改动。`,
  },
  aside: {
    en: (path: string) => `The settings of before are kept in ${path}.`,
    zh: (path: string) => `原来的配置保存在 ${path}。`,
  },
  leftBehind: {
    en: (names: string, path: string) =>
      `The settings were for another environment, whose app is another one: its ${names} are not carried over. The settings of before are kept in ${path}.`,
    zh: (names: string, path: string) =>
      `原来的配置用于另一个环境，应用不同，以下各项不沿用：${names}。原来的配置保存在 ${path}。`,
  },
  keyOfBefore: {
    en: (path: string) => `The private key that stood in the settings is used no more, and kept in ${path}.`,
    zh: (path: string) => `原来写在配置里的应用私钥不再使用，已保存到 ${path}。`,
  },
  hidden: { en: '(set, not shown)', zh: '（已设置，不显示）' },
  copied: {
    en: (path: string) =>
      `Other users of this computer can read ${path}: the key was copied beside the settings. Delete that file, once nothing else needs it.`,
    zh: (path: string) =>
      `本机其他用户可以读取 ${path}：密钥已复制到配置旁边。如果没有别的程序需要它，请删除那个文件。`,
  },
  made: {
    en: (path: string) => `A new pair of 2048 bits was made. Its private half never leaves this file: ${path}`,
    zh: (path: string) => `已生成一对 2048 位密钥。应用私钥只保存在这个文件里：${path}`,
  },
  taken: {
    en: (path: string, day: string) => `The pair that was made on ${day} is taken: ${path}`,
    zh: (path: string, day: string) => `使用 ${day} 生成的密钥：${path}`,
  },
  publicHalf: {
    en: (path: string) => `Its public half 应用公钥, as the console takes it (also in ${path}):`,
    zh: (path: string) => `应用公钥如下，可直接粘贴到控制台（也保存在 ${path}）：`,
  },
  upload: {
    en: (environment: string) => `${environment === 'production' ? ON_PRODUCTION.en : ON_SANDBOX.en}`,
    zh: (environment: string) => `${environment === 'production' ? ON_PRODUCTION.zh : ON_SANDBOX.zh}`,
  },
  uploadLocal: { en: 'Start the emulator with it:', zh: '用它启动模拟器：' },
  goOnAsked: {
    en: 'Nothing else was written yet. Once Alipay shows its own public key 支付宝公钥, go on with:',
    zh: '其他内容还没有写入。控制台显示「支付宝公钥」之后，运行：',
  },
  goOn: {
    en: 'Nothing else was written yet. Once Alipay shows its own public key 支付宝公钥, save it in a file and go on with:',
    zh: '其他内容还没有写入。控制台显示「支付宝公钥」之后，把它存成文件，然后运行：',
  },
  goOnGiven: {
    en: (missing: string) =>
      `Nothing else was written yet${missing && `; still missing: ${missing}`}. Once the steps above are done, go on with:`,
    zh: (missing: string) => `其他内容还没有写入${missing && `；还缺少 ${missing}`}。完成上面的步骤之后，运行：`,
  },
  missing: {
    en: (flags: string) => `Without a terminal nobody can be asked. Nothing was written. Give also:\n${flags}`,
    zh: (flags: string) => `不在终端里，无法提问。没有写入任何内容。请同时给出：\n${flags}`,
  },
  missingWithYes: {
    en: (flags: string) => `Nothing was written. There is no proposal for these; give also:\n${flags}`,
    zh: (flags: string) => `没有写入任何内容。以下各项没有建议值，请同时给出：\n${flags}`,
  },
  yes: { en: '--yes, which takes the proposals for all else', zh: '--yes，其余都采用建议值' },
  environment: {
    en: '--env local, which needs nothing else; or --env sandbox or --env production, and with it:',
    zh: '--env local，不需要别的；或 --env sandbox、--env production，并同时给出：',
  },
  noEnvironment: {
    en: (name: string, value: string, near: string | undefined) =>
      `Nothing was written: ${name} takes local, sandbox or production, not ${value}.${near ? ` Did you mean ${near}?` : ''}`,
    zh: (name: string, value: string, near: string | undefined) =>
      `没有写入任何内容：${name} 的值须是 local、sandbox 或 production，不是 ${value}。${near ? `是不是 ${near}？` : ''}`,
  },
  privateKey: {
    en: '--private-key-file FILE, --make-keys or --import FILE',
    zh: '--private-key-file 文件、--make-keys 或 --import 文件',
  },
  alipaysKey: {
    en: "--public-key-file FILE (Alipay's public key 支付宝公钥)",
    zh: '--public-key-file 文件（支付宝公钥）',
  },
  wrong: {
    en: (faults: string) => `Nothing was written:\n${faults}`,
    zh: (faults: string) => `没有写入任何内容：\n${faults}`,
  },
  exists: {
    en: (path: string, lines: string) =>
      `There are settings already, and nothing was written. ${path} says:\n${lines}\nGive --existing change to change in them what differs, or --existing aside to keep them in a file beside and start afresh.`,
    zh: (path: string, lines: string) =>
      `已经有配置，没有写入任何内容。${path} 的内容：\n${lines}\n加 --existing change 只改动不同的部分；加 --existing aside 把原配置另存到旁边，重新开始。`,
  },
  broken: {
    en: (path: string, fault: string) =>
      `Nothing was written: ${path} cannot be read as settings.\n${fault}\nCorrect it, or give --existing aside to keep it in a file beside and start afresh.`,
    zh: (path: string, fault: string) =>
      `没有写入任何内容：${path} 不能作为配置读取。\n${fault}\n请修正它，或加 --existing aside 把它另存到旁边，重新开始。`,
  },
  unreadable: {
    en: (path: string, fault: string) =>
      `Nothing was written: ${path} cannot be read.\n${fault}\nMake it readable, or move it away, and run init again.`,
    zh: (path: string, fault: string) =>
      `没有写入任何内容：${path} 读不了。\n${fault}\n请让它可读，或把它移走，再运行 init。`,
  },
  keyInUse: {
    en: (path: string) =>
      `Nothing was written: the settings name a private key already, ${path}. To replace it with a new pair add --existing change; docs/keys.md says how payments go on meanwhile.`,
    zh: (path: string) =>
      `没有写入任何内容：配置里已有应用私钥 ${path}。要换成新密钥，请加 --existing change；docs/keys.zh-CN.md 说明了如何不影响收款。`,
  },
  oldNode: {
    en: 'The questions of init need Node.js 20.12 or newer. On an older one give the answers as flags, with --yes.',
    zh: 'init 提问需要 Node.js 20.12 或更高版本。旧版本请用参数给出答案，并加 --yes。',
  },
  noFile: {
    en: 'init writes the settings file; --no-settings-file leaves it out. Give one of the two.',
    zh: 'init 会写配置文件，而 --no-settings-file 表示不用它，两者只能取一。',
  },
  cannotWrite: {
    en: (path: string, why: string) => `Cannot write in ${path}: ${why}. The settings are as they were.`,
    zh: (path: string, why: string) => `无法写入 ${path}：${why}。配置保持原样。`,
  },
  full: { en: 'the disk is full', zh: '磁盘已满' },
  readOnly: { en: 'this user may not write there', zh: '当前用户没有写入权限' },
  changed: {
    en: 'the settings were changed meanwhile; run init again',
    zh: '配置在此期间被改动，请重新运行 init',
  },
  deadLink: {
    en: 'settings.json there is a link to a file that is not there; remove the link, or make that file',
    zh: '其中的 settings.json 是一个链接，指向的文件不存在；请删除链接，或建立那个文件',
  },
  foreignLink: {
    en: 'it is a link to a file of another user',
    zh: '它是指向其他用户文件的链接',
  },
  shadowed: {
    en: (names: string) =>
      `In this shell ${names} in the environment replaces what the file says; hosts do not have this shell's environment.`,
    zh: (names: string) => `当前 shell 的环境变量 ${names} 会覆盖文件里的值；宿主程序没有这个 shell 的环境变量。`,
  },
  refundsOff: {
    en: 'Refunds stay off in production until the PID (seller_id) is set, too.',
    zh: '设置 PID（seller_id）之前，正式环境不能退款。',
  },
  checking: { en: 'Checking what was written:', zh: '检查写入的配置：' },
  next: {
    en: (install: string) => `Next: put it into your assistant with ${install}, such as cursor or claude-code.`,
    zh: (install: string) => `下一步：用 ${install} 把它接入你的 AI 助手，HOST 可以是 cursor、claude-code 等。`,
  },
  say: {
    en: 'Then say there: "Make a payment link for 0.01 yuan, a test order."',
    zh: '然后对助手说：“创建一个 0.01 元的测试收款链接。”',
  },
  nextFix: {
    en: (doctor: string) => `Next: correct what failed above, and check again with ${doctor}.`,
    zh: (doctor: string) => `下一步：修正上面失败的项目，再用 ${doctor} 检查。`,
  },
  left: {
    en: 'Left: the settings are as they were.',
    zh: '已退出，配置保持原样。',
  },
  leftWritten: {
    en: 'Left: the settings are written.',
    zh: '已退出，配置已写入。',
  },
  leftPair: {
    en: (path: string) => `The new pair is kept, and init goes on with it next time: ${path}`,
    zh: (path: string) => `新生成的密钥已保留，下次运行 init 会继续使用：${path}`,
  },
})

const ON_SANDBOX: Both = {
  en: join([
    '  1. Open https://open.alipay.com/develop/sandbox/app and log in.',
    '  2. 开发信息 > 接口加签方式: choose 自定义密钥, then 公钥模式 > 设置 (查看, if there is one already).',
    '  3. Paste the line above into 应用公钥 (加签内容), and save.',
    "  4. Copy 支付宝公钥 (Alipay's public key), which is shown then. It is not the line above.",
  ]),
  zh: join([
    '  1. 打开 https://open.alipay.com/develop/sandbox/app 并登录。',
    '  2. 「开发信息」>「接口加签方式」：选「自定义密钥」，再点「公钥模式」的「设置」（已有密钥则点「查看」）。',
    '  3. 把上面那一行粘贴到「应用公钥」（加签内容），保存。',
    '  4. 复制随后显示的「支付宝公钥」。它不是上面那一行。',
  ]),
}

const ON_PRODUCTION: Both = {
  en: join([
    '  1. Open https://open.alipay.com, log in, and open 控制台 > your app.',
    '  2. 开发设置 > 开发信息 > 接口加签方式 (密钥/证书): 设置 (查看, if there is one already). Alipay checks that it is you.',
    '  3. Choose 密钥 (公钥 mode), paste the line above into 应用公钥 (填写公钥字符), and save.',
    "  4. Copy 支付宝公钥 (Alipay's public key), which is shown then. It is not the line above.",
  ]),
  zh: join([
    '  1. 打开 https://open.alipay.com 并登录，进入「控制台」> 你的应用。',
    '  2. 「开发设置」>「开发信息」>「接口加签方式（密钥/证书）」：点「设置」（已有密钥则点「查看」），完成身份验证。',
    '  3. 加签模式选「密钥」（公钥），把上面那一行粘贴到「填写公钥字符」，保存。',
    '  4. 复制随后显示的「支付宝公钥」。它不是上面那一行。',
  ]),
}
