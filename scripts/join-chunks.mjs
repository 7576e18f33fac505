// Joins the files that a start loads, start -9 %: esbuild's splitting leaves a dozen small ones, each with a price.
import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { build } from 'esbuild'

/**
 * What `main` loads at once comes into one file beside it, and what `entry` loads besides into the file of `entry`; the
 * other files of those names only pass on what is in it now.
 */
export async function joinChunks({ outputs }, main, entry) {
  const pathOf = (name) => Object.keys(outputs).find((path) => outputs[path].entryPoint === name)
  const [mainFile, ...shared] = loadedWith(outputs, pathOf(main))
  const entryFile = pathOf(entry)
  const own = loadedWith(outputs, entryFile).filter((path) => path !== entryFile && !shared.includes(path))
  // Not into the main file: one that was started by another name would run a second time.
  const [first, ...others] = shared
  const moved = passedOn(outputs, others, first)
  const files = new Map([
    [mainFile, await joined(outputs, mainFile, [], moved)],
    [first, await joined(outputs, first, others, new Map())],
    [entryFile, await joined(outputs, entryFile, own, moved)],
    ...moved,
    ...passedOn(outputs, own, entryFile),
  ])
  for (const [path, text] of files) await writeFile(path, text)
}

/** The text of `target` with `others` in it. @param moved what else is in another file now, with the text that says so */
async function joined(outputs, target, others, moved) {
  const reexports = others.map((path) => `export { ${names(outputs, path, forward)} } from './${basename(path)}'`)
  const inside = new Set([target, ...others].map((path) => `./${basename(path)}`))
  const texts = new Map([...moved].map(([path, text]) => [`./${basename(path)}`, text]))
  const elsewhere = {
    name: 'elsewhere',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\// }, ({ path, kind }) => {
        if (kind === 'entry-point') return undefined
        if (kind === 'dynamic-import' || !(inside.has(path) || texts.has(path))) return { path, external: true }
        return texts.has(path) ? { path, namespace: 'moved' } : undefined
      })
      onLoad({ filter: /./, namespace: 'moved' }, ({ path }) => ({ contents: texts.get(path), resolveDir: 'dist' }))
    },
  }
  const { outputFiles } = await build({
    ...(others.length === 0
      ? { entryPoints: [target] }
      : {
          stdin: { contents: [`export * from './${basename(target)}'`, ...reexports].join('\n'), resolveDir: 'dist' },
        }),
    bundle: true,
    write: false,
    outdir: 'dist',
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    legalComments: 'none',
    plugins: [elsewhere],
  })
  return outputFiles[0].contents
}

/** For each of the files a text that passes on what is in `target` now. */
const passedOn = (outputs, paths, target) =>
  new Map(paths.map((path) => [path, `export { ${names(outputs, path, back)} } from './${basename(target)}'\n`]))

const names = (outputs, path, each) => outputs[path].exports.map((name) => each(name, unique(path, name))).join(', ')
const forward = (name, other) => `${name} as ${other}`
const back = (name, other) => `${other} as ${name}`
const unique = (path, name) => `${basename(path, '.js').replace(/\W/g, '_')}_${name}`

function loadedWith(outputs, path, found = []) {
  if (found.includes(path)) return found
  found.push(path)
  for (const { path: next, kind } of outputs[path].imports)
    if (kind === 'import-statement' && outputs[next]) loadedWith(outputs, next, found)
  return found
}
