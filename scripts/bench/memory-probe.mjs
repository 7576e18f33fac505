// Loaded into the soaked server with --import: tells its memory after a garbage collection, when asked.
process.on('message', () => {
  globalThis.gc()
  const { heapUsed, external, rss } = process.memoryUsage()
  process.send({ live: (heapUsed + external) / 1e6, resident: rss / 1e6 })
})
process.channel.unref()
