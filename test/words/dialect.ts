// What no text for people or models may hold: words of our own dialect, sentences of more than 40 words, `he` for a person.

const LONGEST_SENTENCE = 40

/** Each with what to write instead. */
const DIALECT: readonly [RegExp, string][] = [
  [/\bwish(es|ed)?\b/i, 'request, or what the merchant asks for'],
  [/\bbooks\b/i, 'orders, or the ledger'],
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\btold\b/i, 'say who says what'],
  [/\bfor ?ever\b/i, 'until when'],
  [/\bshall\b/i, 'must, or will'],
  [/\borders that fit\b|\bof all that fit\b/i, 'orders that match'],
  [/\bnot[ _]known yet is\b/i, 'unknown'],
  [/\b(he|him|his|she|her)\b/i, 'they, or the noun'],
  [/意愿/, '请求'],
  [/应答/, '响应、返回'],
  [/运营者/, '管理员'],
  [/(?<!二级)(?<!特约)(?<!直连)商户(?!号)/, '商家'],
  [/退款号/, '退款请求号'],
  [/(?<![「发入全号密限账]|开发)设置(?!」)/, '配置'],
  [/见英文|参见英文/, '写出中文内容'],
]

/** @returns what is wrong, each with the words that are */
export function faultsOf(text: string): string[] {
  return [...dialectIn(text), ...longSentencesIn(text)]
}

function dialectIn(text: string): string[] {
  return DIALECT.flatMap(([pattern, instead]) => {
    const found = pattern.exec(text)
    return found ? [`"${around(text, found.index)}": write ${instead}`] : []
  })
}

const around = (text: string, at: number) => text.slice(Math.max(0, at - 30), at + 40).replaceAll('\n', ' ')

function longSentencesIn(text: string): string[] {
  const sentences = text.split(/(?<=[.!?:;])\s+|[。！？；]|\n/)
  return sentences
    .filter((sentence) => wordsIn(sentence) > LONGEST_SENTENCE)
    .map((sentence) => `${wordsIn(sentence)} words: "${sentence.slice(0, 80)}..."`)
}

/** Numbers, codes and names of settings count as words; a link counts once. */
const wordsIn = (sentence: string) => sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length

/** The prose of a page: without its code, its comments and the frames of its tables. */
export function proseOf(markdown: string): string {
  return markdown
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/`[^`]*`/g, 'code')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/ \| /g, '\n')
}
