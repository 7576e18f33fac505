// Runs all tests under each Node.js line that is supported, with the binaries of npm's `node` package.
import { spawnSync } from 'node:child_process'

const LINES = process.argv.slice(2).length > 0 ? process.argv.slice(2) : ['20', '22', '24']
const VITEST = ['node', 'node_modules/vitest/vitest.mjs', 'run']

const results = LINES.map((line) => {
  const npm = ['exec', '--yes', `--package=node@${line}`, '--']
  const version = spawnSync('npm', [...npm, 'node', '--version'], { encoding: 'utf8' }).stdout.trim()
  console.log(`\nNode.js ${version}`)
  const wanted = version.startsWith(`v${line}.`)
  const { status } = spawnSync('npm', [...npm, ...VITEST], { stdio: 'inherit' })
  return { version: version || line, passed: wanted && status === 0 }
})

// Whoever has an older one is to read why it does not start.
const tooOld = spawnSync('npm', ['exec', '--yes', '--package=node@18', '--', 'node', 'dist/main.js'], {
  encoding: 'utf8',
})
const refused = tooOld.status === 1 && /needs Node\.js 20 or newer; this is v18\./.test(tooOld.stderr)
results.push({ version: '18 is refused readably', passed: refused })

for (const { version, passed } of results) console.log(`${passed ? 'passed' : 'FAILED'}  Node.js ${version}`)
process.exit(results.every(({ passed }) => passed) ? 0 : 1)
