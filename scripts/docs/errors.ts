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

/** Each value that `retry` can have for this kind, that of the kind first, and when it has it. */
export function retriesOf(kind: ErrorKind): readonly (readonly [Retry, Both | undefined])[] {
  const others = RETRIES.flatMap((retry) => {
    const when = ERROR_TEXTS[kind].otherwise?.[retry]
    return when === undefined ? [] : [[retry, when] as const]
  })
  return [[ERROR_KINDS[kind], undefined], ...others]
}

const RETRIES = z.array(z.custom<Retry>()).parse(Object.keys(RETRY))
const KINDS = z.array(z.custom<ErrorKind>()).parse(Object.keys(ERROR_KINDS))

export function errorOverview({ name }: Language): string {
  const head = { en: ['kind', 'money', '`retry`'], zh: ['种类', '资金', '`retry`'] }
  return table(
    head[name],
    KINDS.map((kind) => {
      const retries = retriesOf(kind).map(([retry]) => asCode(retry))
      return [asCode(kind), ERROR_TEXTS[kind].money[name], retries.join(name === 'en' ? ', ' : '、')]
    }),
  )
}

export function errorDictionary({ name }: Language): string {
  const colon = name === 'en' ? ':** ' : '：** '
  const sections = KINDS.map((kind) => {
    const error = ERROR_TEXTS[kind]
    const retry = retriesOf(kind).map(([value, when]) => {
      const [open, close] = name === 'en' ? [' (', '): '] : ['（', '）：']
      const condition = when === undefined ? (name === 'en' ? ': ' : '：') : open + when[name] + close
      return asCode(value) + condition + RETRY[value][name]
    })
    const lines = [
      `- **${LABELS.means[name]}${colon}${error.means[name]}`,
      `- **${LABELS.money[name]}${colon}${error.money[name]}`,
      `- **${LABELS.retry[name]}${colon}${retry.join(name === 'en' ? '; ' : '；')}`,
      `- **${LABELS.next[name]}${colon}${error.next[name]}`,
    ]
    return [`### ${asCode(kind)}`, '', ...lines].join('\n')
  })
  return sections.join('\n\n')
}
