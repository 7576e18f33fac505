// Joins the files that a start loads, start -5 %: esbuild's splitting leaves a dozen small ones, each with a price.
import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { build } from 'esbuild'

/**
 * Moves what `entry` loads at once, without what `main` has loaded before it, into the file of `entry`; the other files
 * of those names only pass on what is in it now.
 */
export async function joinChunks({ outputs }, main, entry) {
  const pathOf = (name) => Object.keys(outputs).find((path) => outputs[path].entryPoint === name)
  const before = loadedWith(outputs, pathOf(main))
  const target = pathOf(entry)
  const joined = loadedWith(outputs, target).filter((path) => !before.includes(path))
  const passedOn = joined.filter((path) => path !== target)

  const unique = (path, name) => `${basename(path, '.js').replace(/\W/g, '_')}_${name}`
  const reexports = passedOn.map((path) => {
    const names = outputs[path].exports.map((name) => `${name} as ${unique(path, name)}`)
    return `export { ${names} } from './${basename(path)}'`
  })
  const contents = [`export * from './${basename(target)}'`, ...reexports].join('\n')
  const inside = new Set(joined.map((path) => `./${basename(path)}`))
  const others = {
    name: 'others',
    setup: ({ onResolve }) =>
      onResolve({ filter: /^\.\// }, ({ path, kind }) =>
        kind === 'dynamic-import' || !inside.has(path) ? { path, external: true } : undefined,
      ),
  }
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: 'dist' },
    bundle: true,
    write: false,
    outdir: 'dist',
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    legalComments: 'none',
    plugins: [others],
  })
  await writeFile(target, outputFiles[0].contents)
  for (const path of passedOn) {
    const names = outputs[path].exports.map((name) => `${unique(path, name)} as ${name}`)
    await writeFile(path, `export { ${names} } from './${basename(target)}'\n`)
  }
}

function loadedWith(outputs, path, found = []) {
  if (found.includes(path)) return found
  found.push(path)
  for (const { path: next, kind } of outputs[path].imports)
    if (kind === 'import-statement' && outputs[next]) loadedWith(outputs, next, found)
  return found
}
