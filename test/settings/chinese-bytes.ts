// Bytes as editors in China write them; Node reads GBK and cannot write it.

const GBK: Readonly<Record<string, readonly number[]>> = {
  应用私钥: [0xd3, 0xa6, 0xd3, 0xc3, 0xcb, 0xbd, 0xd4, 0xbf],
  支付宝公钥: [0xd6, 0xa7, 0xb8, 0xb6, 0xb1, 0xa6, 0xb9, 0xab, 0xd4, 0xbf],
}

export const inChinese = (word: string, rest: string) =>
  Buffer.concat([Buffer.from(GBK[word] ?? []), Buffer.from(rest)])

/** UTF-16 of the other order. */
export const swapBytes = (bytes: Buffer) => Buffer.from(bytes).swap16()
