// What the source says in English, as forms: strings put together, {} for what differs, a form for each choice.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vitest/node'

const SRC = fileURLToPath(new URL('../../src', import.meta.url))
const BLANK = '{}'
// What is put together of more choices is no sentence.
const MOST = 64

/** A node of the syntax tree, as ESTree names its parts. */
type Node = Readonly<Record<string, unknown>> & { type: string }

export interface SourceFile {
  /** Below src. */
  name: string
  nodes: readonly Node[]
  /** What the constants of the file are, by their names; functions may have constants of one name. */
  constants: ReadonlyMap<string, readonly Node[]>
}

/** All files of src but the phrases themselves. */
export function sourceFiles(): readonly SourceFile[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('chinese'))
    .map((name) => {
      const nodes = [...nodesIn(parseAst(readFileSync(join(SRC, name), 'utf8'), { lang: 'ts' }))]
      const constants = new Map<string, Node[]>()
      for (const { type, id, init } of nodes) {
        if (type !== 'VariableDeclarator' || !isNode(init)) continue
        constants.set(nameOf(id), [...(constants.get(nameOf(id)) ?? []), init])
      }
      return { name, nodes, constants }
    })
}

/** Every text of the file. */
export function formsOf(file: SourceFile): readonly string[] {
  const texts = file.nodes.filter(({ type }) => /^(Literal|TemplateLiteral|BinaryExpression)$/.test(type))
  return [...new Set(texts.flatMap((node) => formsIn(node, file)))].filter((form) => form !== BLANK)
}

/** What is handed over in this place to a function or class of this name, in all calls of the file. */
export function argumentForms(file: SourceFile, name: string, place: number): readonly string[] {
  return file.nodes
    .filter(({ type, callee }) => /^(Call|New)Expression$/.test(type) && nameOf(callee) === name)
    .map(({ arguments: given }) => (given as readonly Node[])[place])
    .flatMap((node) => (node ? formsIn(node, file) : []))
}

function* nodesIn(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesIn(item)
  if (!isNode(value)) return
  yield value
  for (const part of Object.values(value)) yield* nodesIn(part)
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

const nameOf = (node: unknown) => (isNode(node) && node.type === 'Identifier' ? String(node.name) : '')

function formsIn(node: Node, file: SourceFile, depth = 0): readonly string[] {
  const inner = (part: unknown) => (isNode(part) && depth < 20 ? formsIn(part, file, depth + 1) : [BLANK])
  switch (node.type) {
    case 'Literal':
      return [typeof node.value === 'string' ? node.value : BLANK]
    case 'TSAsExpression':
      return inner(node.expression)
    case 'ConditionalExpression':
      return [...inner(node.consequent), ...inner(node.alternate)]
    case 'BinaryExpression':
      return node.operator === '+' ? joined([inner(node.left), inner(node.right)]) : [BLANK]
    case 'TemplateLiteral': {
      const { quasis, expressions } = node as Node & {
        quasis: { value: { cooked: string } }[]
        expressions: Node[]
      }
      return joined(
        quasis.flatMap(({ value }, at) => [...(at > 0 ? [inner(expressions[at - 1])] : []), [value.cooked]]),
      )
    }
    case 'LogicalExpression':
      return [...inner(node.left), ...inner(node.right)]
    case 'Identifier':
      return (file.constants.get(nameOf(node)) ?? [undefined]).flatMap(inner)
    default:
      return [BLANK]
  }
}

function joined(parts: readonly (readonly string[])[]): readonly string[] {
  return parts.reduce(
    (all, choices) => all.flatMap((begun) => choices.map((part) => begun + part)).slice(0, MOST),
    [''],
  )
}
