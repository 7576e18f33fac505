// Why a host's file is left as it is: one sentence each, in both languages.
import type { Both, Language } from '../language.ts'
import { quoted } from '../pasteable-call.ts'
import { BrokenText } from './text-format.ts'

/** Nothing was written. */
export class HostFileError extends Error {
  override name = 'HostFileError'
  readonly #texts: Both

  constructor(texts: Both) {
    super(texts.en)
    this.#texts = texts
  }

  in(language: Language): string {
    return this.#texts[language]
  }

  /** What the system, or the reading of a text, said about a file. */
  static of(error: unknown, path: string): HostFileError {
    if (error instanceof HostFileError) return error
    if (error instanceof BrokenText) return new HostFileError(REFUSED[error.kind](path, error.line))
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOSPC' || code === 'EDQUOT') return new HostFileError(REFUSED.full(path))
    return new HostFileError(REFUSED.system(path, code || (error instanceof Error ? error.message : String(error))))
  }
}

const writableCall = (path: string) => `${process.platform === 'win32' ? 'attrib -r' : 'chmod u+w'} ${quoted(path)}`

export const REFUSED = {
  kind: (path: string) => ({
    en: `${path} is not a plain file.`,
    zh: `${path} 不是普通文件。`,
  }),
  owner: (path: string) => ({
    en: `${path} belongs to another user of this computer.`,
    zh: `${path} 属于本机的另一个用户。`,
  }),
  link: (path: string) => ({
    en: `${path} is a link that another user made, or that leads to another user's folder; only links to your own files are followed.`,
    zh: `${path} 是其他用户创建的链接，或指向其他用户的文件夹；只跟随指向您自己文件的链接。`,
  }),
  circle: (path: string) => ({
    en: `${path} is a link that leads round in a circle.`,
    zh: `${path} 是循环链接。`,
  }),
  readOnly: (path: string) => ({
    en: `${path} is read-only. To allow the change:\n  ${writableCall(path)}`,
    zh: `${path} 是只读文件。要允许修改，请运行：\n  ${writableCall(path)}`,
  }),
  large: (path: string) => ({
    en: `${path} is larger than 64 MB, far more than a host's settings.`,
    zh: `${path} 超过 64 MB，不像是宿主程序的配置。`,
  }),
  encoding: (path: string) => ({
    en: `${path} is not UTF-8, so its host cannot read it either. Save it as UTF-8.`,
    zh: `${path} 不是 UTF-8 编码，宿主程序也读不了。请另存为 UTF-8。`,
  }),
  broken: (path: string, line: number) => ({
    en: `${path} is broken on line ${line}, so its host cannot read it either. Correct that line, then run this again.`,
    zh: `${path} 第 ${line} 行有语法错误，宿主程序也读不了。请改正后再运行。`,
  }),
  shape: (path: string, line: number) => ({
    en: `${path} has something else than an object on line ${line}, where servers belong. Correct that line, then run this again.`,
    zh: `${path} 第 ${line} 行应当是放服务器的对象，实际不是。请改正后再运行。`,
  }),
  unsafe: (path: string, line: number) => ({
    en: `${path} cannot be changed safely around line ${line}: the result could not be proven to keep everything else. Change it by hand; --print shows what belongs there.`,
    zh: `${path} 第 ${line} 行附近无法安全修改：不能证明其他内容保持不变。请手动修改，--print 会给出要写的内容。`,
  }),
  noHome: (path: string) => ({
    en: `${path} is in no folder of yours: the environment names no home folder. Set HOME, then run this again.`,
    zh: `${path} 不在您的主文件夹里：环境变量没有指明主文件夹。请设置 HOME 后再运行。`,
  }),
  changed: (path: string) => ({
    en: `${path} was changed by another program at this moment. Run this again.`,
    zh: `${path} 刚刚被其他程序修改。请再运行一次。`,
  }),
  full: (path: string) => ({
    en: `The disk of ${path} is full. The file is as it was.`,
    zh: `${path} 所在的磁盘已满。文件保持原样。`,
  }),
  system: (path: string, code: string) => ({
    en: `${path} cannot be read or written (${code}). The file is as it was.`,
    zh: `${path} 无法读写（${code}）。文件保持原样。`,
  }),
} as const satisfies Readonly<Record<string, (path: string, line: never) => Both>>
