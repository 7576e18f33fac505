// alipay-mcp uninstall: takes this server out of a host again; where nothing was changed since, each byte is as before.
import { isFileHost } from '../hosts/hosts.ts'
import { planUninstall } from '../hosts/install.ts'
import { inLanguages } from '../language.ts'
import { oneLine } from '../text.ts'
import type { CommandLine } from './command-line.ts'
import { hostMeant, installingFor, isWanted, planned, printChange, written } from './install.ts'
import { print } from './terminal.ts'

const TEXT = inLanguages({
  none: {
    en: (title: string, file: string) => `${title} does not have it (${file}). Nothing to do.`,
    zh: (title: string, file: string) => `${title} 里没有它（${file}），不用做什么。`,
  },
  other: {
    en: (file: string) => `The entry alipay in ${file} starts another program. It was left as it is.`,
    zh: (file: string) => `${file} 里的 alipay 条目启动的是别的程序，没有改动。`,
  },
  ask: { en: 'Remove this? [y/N]', zh: '移除吗？[y/N]' },
  removed: {
    en: (title: string) => `Removed. Restart ${title}, or reload its servers.`,
    zh: (title: string) => `已移除。请重启 ${title}，或在其中重新加载服务器。`,
  },
  variables: {
    en: (names: string) => `With it go these variables, which may stand nowhere else: ${names}`,
    zh: (names: string) => `以下变量会一起移除，别处可能没有保存：${names}`,
  },
  backup: {
    en: (file: string) => `The file as it was before is kept, for you alone; it may hold keys: ${file}`,
    zh: (file: string) => `移除前的文件保留在这里，只有你可以读取，其中可能有密钥：${file}`,
  },
  kept: {
    en: (file: string) => `What install had replaced is in this backup, which stays: ${file}`,
    zh: (file: string) => `install 当时替换掉的条目在这个备份里，备份保留：${file}`,
  },
  byHand: {
    en: (title: string) =>
      `Nothing was written: remove the server alipay in the list of MCP servers of ${title} itself.`,
    zh: (title: string) => `没有写入：请在 ${title} 自己的 MCP 服务器列表里移除 alipay。`,
  },
})

/** 1: nothing was written, though something of that name is there. */
export async function uninstall(line: CommandLine): Promise<number> {
  const say = TEXT(line.language)
  const host = hostMeant('uninstall', line)
  if (!isFileHost(host)) {
    await print(say.byHand(host.title))
    return 1
  }
  const change = await planned(line.language, () => planUninstall(host, installingFor(host, line)))
  if (!change) return 1
  if (change.kind === 'none') {
    await print(say.none(host.title, change.file))
    return 0
  }
  if (change.kind === 'other') {
    await print(say.other(change.file))
    return 1
  }
  await printChange(change, line)
  if (change.variables.length > 0) await print(say.variables(change.variables.map(oneLine).join(', ')))
  if (!(await isWanted(say.ask, ['uninstall', host.name], line))) return 1
  const done = await planned(line.language, () => written(change))
  if (!done) return 1
  await print(say.removed(host.title))
  if (done.backup !== undefined) await print(say.backup(done.backup))
  if (change.replaced !== undefined) await print(say.kept(change.replaced))
  return 0
}
