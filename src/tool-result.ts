// What a tool answers: plain data, and for a code its picture.

export type Value = string | number | boolean | undefined
/** One of several orders or refunds in a result. */
export type Item = Readonly<Record<string, Value>>

/** Plain data; `message` is a sentence for people, `next_step` the call that follows. */
export type ToolResult = { message: string } & Readonly<Record<string, Value | readonly Item[]>>

/** A result with a picture, which goes out beside the text. */
export class Pictured {
  constructor(
    readonly result: ToolResult,
    readonly png: Uint8Array,
  ) {}
}
