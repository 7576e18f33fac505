// The two languages of the terminal: which of them is asked for, and texts that stand in both.
type Variables = Readonly<Record<string, string | undefined>>

export const LANGUAGES = ['en', 'zh'] as const
export type Language = (typeof LANGUAGES)[number]

/** A plain text, or one that is made of the facts of a case. */
type Text = string | ((...facts: never[]) => string)
/** One text in both languages, side by side: a missing counterpart is a type error. */
export type Both<T extends Text = string> = Readonly<Record<Language, T>>

type Texts = Readonly<Record<string, Text>>
type InOne<T extends Texts> = { readonly [K in keyof T]: T[K] extends string ? string : T[K] }

/** Texts by name, each in both languages, as a function that gives them in one of the two. */
export function inLanguages<T extends Texts>(
  texts: { readonly [K in keyof T]: Both<T[K]> },
): (language: Language) => InOne<T> {
  const choose = (language: Language) =>
    Object.fromEntries(Object.entries<Both<Text>>(texts).map(([name, both]) => [name, both[language]])) as InOne<T>
  const chosen = { en: choose('en'), zh: choose('zh') }
  return (language) => chosen[language]
}

export const isLanguage = (text: string | undefined): text is Language => LANGUAGES.some((one) => one === text)

/** That of the messages of this computer, as POSIX orders the variables; English where it is neither of the two. */
export function languageOf({ LC_ALL, LC_MESSAGES, LANG }: Variables): Language {
  return /^zh/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'zh' : 'en'
}
