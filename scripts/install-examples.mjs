// Installs what the examples need: `npm ci` in each of their folders whose lock is newer than what is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const EXAMPLES = fileURLToPath(new URL('../examples', import.meta.url))

/** npm writes a lock of its own at the end of each installation. */
function isInstalled(folder) {
  const installed = join(folder, 'node_modules', '.package-lock.json')
  const lock = join(folder, 'package-lock.json')
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs
}

const folders = readdirSync(EXAMPLES).map((name) => join(EXAMPLES, name))
const outdated = folders.filter((folder) => existsSync(join(folder, 'package-lock.json')) && !isInstalled(folder))
for (const cwd of outdated) {
  console.log(`npm ci in ${cwd}`)
  const shell = process.platform === 'win32'
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd, shell, stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}
