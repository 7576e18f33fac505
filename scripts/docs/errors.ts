// The dictionary of docs/errors.md: each kind of error, what it means for the money, and the next step.
import * as z from 'zod'
import { ERROR_KINDS, type ErrorKind, type Retry } from '../../src/errors.ts'
import { ERROR_TEXTS } from './error-kinds.ts'
import { asCode, type Both, type Language, table } from './language.ts'

const LABELS = {
  means: { en: 'Means', zh: '含义' },
  money: { en: 'Money', zh: '资金' },
  retry: { en: 'Same call again', zh: '能否重复' },
  next: { en: 'Next step', zh: '下一步' },
} as const satisfies Record<string, Both>

const RETRY = {
  yes_once: { en: 'yes, one time', zh: '可以，一次' },
  after_change: { en: 'once something has changed', zh: '有变化之后' },
  no: { en: 'do not repeat it', zh: '不要重复' },
} as const satisfies Record<Retry, Both>

const KINDS = z.array(z.custom<ErrorKind>()).parse(Object.keys(ERROR_KINDS))

export function errorOverview({ name }: Language): string {
  const head = { en: ['kind', 'money', '`retry`'], zh: ['种类', '资金', '`retry`'] }
  return table(
    head[name],
    KINDS.map((kind) => [asCode(kind), ERROR_TEXTS[kind].money[name], asCode(ERROR_KINDS[kind])]),
  )
}

export function errorDictionary({ name }: Language): string {
  const colon = name === 'en' ? ':** ' : '：** '
  const sections = KINDS.map((kind) => {
    const error = ERROR_TEXTS[kind]
    const retry = `${asCode(ERROR_KINDS[kind])}${name === 'en' ? ': ' : '：'}${RETRY[ERROR_KINDS[kind]][name]}`
    const lines = [
      `- **${LABELS.means[name]}${colon}${error.means[name]}`,
      `- **${LABELS.money[name]}${colon}${error.money[name]}`,
      `- **${LABELS.retry[name]}${colon}${retry}`,
      `- **${LABELS.next[name]}${colon}${error.next[name]}`,
    ]
    return [`### ${asCode(kind)}`, '', ...lines].join('\n')
  })
  return sections.join('\n\n')
}
