// What both processes of listen do: they speak to the operator on standard error, and end on a signal.

export function say(line: string): void {
  process.stderr.write(`[alipay-mcp] ${line}\n`)
}

/** Not once: a second signal would end the process at once. Of a half, also the end of the process that began it. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve())
    process.once('disconnect', () => resolve())
    if (process.connected === false) resolve()
  })
}
