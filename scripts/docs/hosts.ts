// The tables of docs/hosts.md: the hosts that install knows, and the links and one-liners of those that have some.
import { FILE_HOSTS, PASTED_HOSTS } from '../../src/hosts/hosts.ts'
import { COMMANDS_OF_HOSTS, LINKS, WEB_LINKS } from '../../src/hosts/links.ts'
import type { Start } from '../../src/hosts/start.ts'
import { VERSION } from '../../src/version.ts'
import { asCode, type Language, table } from './language.ts'

const HEAD = {
  en: ['name', 'host', 'in a project, too'],
  zh: ['名称', '宿主程序', '有项目级配置'],
}
const YES = { en: 'yes', zh: '是' }

export function hostTable({ name: language }: Language): string {
  const rows = [...FILE_HOSTS]
    .sort((a, b) => a.title.localeCompare(b.title, 'en'))
    .map(({ name, title, projectFile }) => [asCode(name), title, projectFile ? YES[language] : ''])
  return table(HEAD[language], rows)
}

/** As the published package is started, on a computer whose hosts find its Node.js. */
const PUBLISHED: Start = { command: 'npx', args: ['-y', `alipay-mcp@${VERSION}`], env: {} }

const WHERE = {
  en: 'paste at',
  zh: '粘贴位置',
}
const OPEN = { en: 'add to', zh: '添加到' }

/** What a reader clicks where only https can be a link, then what the program itself takes. */
export function hostLinks({ name: language }: Language): string {
  const titles = new Map([...FILE_HOSTS, ...PASTED_HOSTS].map(({ name, title }) => [name, title]))
  const buttons = Object.entries(WEB_LINKS).map(
    ([name, link]) => `- [${OPEN[language]} ${titles.get(name)}](${link(PUBLISHED)})`,
  )
  const texts = [...Object.entries(COMMANDS_OF_HOSTS), ...Object.entries(LINKS)].map(([, text]) => text(PUBLISHED))
  return [buttons.join('\n'), `\`\`\`text\n${texts.join('\n')}\n\`\`\``].join('\n\n')
}

export function pastedHosts({ name: language }: Language): string {
  const rows = PASTED_HOSTS.map(({ name, title, where }) => [asCode(name), title, where[language]])
  return table([HEAD[language][0] ?? '', HEAD[language][1] ?? '', WHERE[language]], rows)
}
