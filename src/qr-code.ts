// QR codes as pictures: PNG for hosts and files, characters for terminals.

/** A PNG of about 360 pixels. The library is loaded when the first code is drawn. */
export async function drawPng(content: string): Promise<Buffer> {
  const { default: qrcode } = await import('qrcode')
  return qrcode.toBuffer(content, { errorCorrectionLevel: 'M', margin: 4, scale: 8 })
}

/** Half-block characters, dark on light, for a terminal. */
export async function drawForTerminal(content: string): Promise<string> {
  const { default: qrcode } = await import('qrcode')
  return qrcode.toString(content, { type: 'utf8', errorCorrectionLevel: 'M' })
}
