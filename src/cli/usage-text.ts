// What is said of a command line that cannot be understood, in both languages.
import { type Both, inLanguages, type Language } from '../language.ts'

/** A command line that cannot be understood; its message names the nearest thing there is. */
export class UsageError extends Error {
  override name = 'UsageError'
  readonly #texts: string | Both

  /** @param texts in both languages where it is not known yet which of them is wanted */
  constructor(texts: string | Both) {
    super(typeof texts === 'string' ? texts : texts.en)
    this.#texts = texts
  }

  in(language: Language): UsageError {
    return typeof this.#texts === 'string' ? this : new UsageError(this.#texts[language])
  }
}

const list = (names: readonly string[], and: string) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')}${and}${names.at(-1)}`

export const USAGE = inLanguages({
  belongs: {
    en: (flag: string, commands: readonly string[], given: string) =>
      `--${flag} belongs to ${list(commands, ' and ')}, not to ${given}.`,
    zh: (flag: string, commands: readonly string[], given: string) =>
      `--${flag} 是 ${list(commands, ' 和 ')} 的参数，${given} 不接受它。`,
  },
  emulatorPort: {
    en: (command: string) => ` For ${command} use --emulator-port.`,
    zh: (command: string) => `${command} 请用 --emulator-port。`,
  },
  oneOf: {
    en: (first: string, second: string) => `Use --${first} or --${second}, not both.`,
    zh: (first: string, second: string) => `--${first} 和 --${second} 只能用一个。`,
  },
  twice: {
    en: (flag: string) => `--${flag} is given twice; keep one.`,
    zh: (flag: string) => `--${flag} 给了两次，请只保留一个。`,
  },
  envFileToo: {
    en: '--env-file is another name of --dotenv; keep one of them.',
    zh: '--env-file 是 --dotenv 的别名，请只保留一个。',
  },
  noFlag: {
    en: (flag: string | undefined) => `There is no flag ${flag ?? 'like that'}.`,
    zh: (flag: string | undefined) => (flag === undefined ? '没有这样的参数。' : `没有 ${flag} 这个参数。`),
  },
  noCommand: {
    en: (name: string | undefined) => `There is no command ${name ?? 'like that'}.`,
    zh: (name: string | undefined) => (name === undefined ? '没有这样的命令。' : `没有 ${name} 这个命令。`),
  },
  guess: { en: (name: string) => `Did you mean ${name}?`, zh: (name: string) => `是不是 ${name}？` },
  see: { en: (call: string) => `See: ${call}`, zh: (call: string) => `用法：${call}` },
  noArgument: {
    en: (command: string, word: string | undefined) =>
      `${command} takes no argument ${word === undefined ? 'like that' : `"${word}"`}.`,
    zh: (command: string, word: string | undefined) =>
      `${command} 后面不能跟${word === undefined ? '这样的词' : ` "${word}"`}。`,
  },
  meant: { en: (call: string) => ` Did you mean:\n  ${call}`, zh: (call: string) => `是不是：\n  ${call}` },
  emptyOrder: {
    en: (call: string, all: string) =>
      `--order is empty; it takes the number of an order:\n  ${call}\nAll numbers:\n  ${all}`,
    zh: (call: string, all: string) => `--order 是空的，需要订单号：\n  ${call}\n查看全部单号：\n  ${all}`,
  },
  reasonOf: {
    en: (word: string) => ` To give a reason: --why "${word}"`,
    zh: (word: string) => `要写明原因：--why "${word}"`,
  },
  notFrozen: { en: 'NOT FROZEN: ', zh: '没有冻结：' },
  needsValue: {
    en: (flag: string) => `--${flag} needs a value, such as --${flag}=VALUE.`,
    zh: (flag: string) => `--${flag} 需要一个值，例如 --${flag}=值。`,
  },
  trueOrFalse: {
    en: (flag: string) => `--${flag} takes no value but true or false.`,
    zh: (flag: string) => `--${flag} 的值只能是 true 或 false。`,
  },
  withEquals: {
    en: (flag: string, value: string) => `--${flag} takes its value behind a =: --${flag}=${value}.`,
    zh: (flag: string, value: string) => `--${flag} 的值要写在等号后面：--${flag}=${value}。`,
  },
  language: { en: '--lang takes en or zh.', zh: '--lang 的值只能是 en 或 zh。' },
  existing: { en: '--existing takes change or aside.', zh: '--existing 的值只能是 change 或 aside。' },
  token: {
    en: (flag: string) =>
      `--${flag} is no flag, because every user of a computer can read command lines. Set ALIPAY_APP_AUTH_TOKEN, or put it into a file given with --dotenv or --config.`,
    zh: (flag: string) =>
      `没有 --${flag} 这个参数：命令行对本机所有用户可见。请设置环境变量 ALIPAY_APP_AUTH_TOKEN，或写进用 --dotenv 或 --config 指定的文件。`,
  },
  keyFlag: {
    en: (flag: string, kind: string) =>
      `--${flag} is no flag, because every user of a computer can read command lines; use --${kind}-key-file.`,
    zh: (flag: string, kind: string) =>
      `没有 --${flag} 这个参数：命令行对本机所有用户可见。请用 --${kind}-key-file 指定密钥文件。`,
  },
  key: {
    en: (at: number) =>
      `Argument ${at} is a key or a part of one; it is not shown here. Every user of a computer can read command lines: put the key into a file, ` +
      'and give that file with --private-key-file or --public-key-file. Since this key was visible, consider making a new pair.',
    zh: (at: number) =>
      `第 ${at} 个参数是密钥或密钥的一部分，这里不显示。命令行对本机所有用户可见：请把密钥放进文件，` +
      '用 --private-key-file 或 --public-key-file 指定。这把密钥已经暴露，建议更换一对新密钥。',
  },
  setting: {
    en: (name: string, isSecret: boolean) =>
      `${name}=... is a setting, not a command.${isSecret ? ' Every user of a computer can read command lines, so its value is not shown.' : ''} ` +
      `Set ${name} in the environment ("env" in a host's settings), or in a file given with --dotenv.`,
    zh: (name: string, isSecret: boolean) =>
      `${name}=... 是配置项，不是命令。${isSecret ? '命令行对本机所有用户可见，所以不显示它的值。' : ''}` +
      `请在环境变量（宿主程序配置里的 "env"）或用 --dotenv 指定的文件里设置 ${name}。`,
  },
  splitPath: {
    en: (word: string) =>
      `${word} is no command: it looks like a part of a path that was split at its blank. ` +
      'Put the whole path into double quotes; in a host\'s settings it is one item of "args", blanks and all.',
    zh: (word: string) =>
      `${word} 不是命令，像是路径在空格处被拆开了。请给整个路径加上双引号；在宿主程序配置里，它是 "args" 中的一项，空格照写。`,
  },
  hiddenWord: {
    en: 'A word that is not shown, because it may be a key,',
    zh: '有一个词（可能是密钥，不显示）',
  },
  onlyAtTerminal: {
    en: (command: string) =>
      `${command} asks a person, so it runs only at a terminal, not through a pipe or from a program.`,
    zh: (command: string) => `${command} 需要人来确认，只能在终端里运行，不能用管道或由程序运行。`,
  },
})
export type UsageText = ReturnType<typeof USAGE>
