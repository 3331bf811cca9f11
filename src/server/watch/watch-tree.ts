import { type FSWatcher, watch } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** More folders than crews have; whoever links a whole disk into one is told. */
const MAX_FOLDERS = 10_000

export interface TreeOptions {
  readonly root: string
  /** @param names of what lies below the root, from there on; a folder that is ignored is not looked into */
  readonly isIgnored: (names: readonly string[]) => boolean
  /** @param names of what has changed; empty: everything may have */
  readonly onChange: (names: readonly string[]) => void
  /** Nothing is watched any more. @param reason as the end of a sentence */
  readonly onFail: (reason: string) => void
}

/** A folder with all that is below it, also through links. */
export interface Tree {
  /** Resolves when everything that is there is watched. */
  readonly ready: Promise<void>
  /** Looks for folders once more, when events of them may have been lost. */
  refresh(): Promise<void>
  close(): void
}

interface Node {
  readonly path: string
  readonly names: readonly string[]
  /** Of device and inode. */
  readonly id: string
  readonly parent: Node | null
  readonly children: Map<string, Node>
  /** Entries that came or went, and are not looked at yet. */
  readonly renamed: Set<string>
  watcher: FSWatcher | null
  isSettling: boolean
  isDropped: boolean
}

/**
 * Watches each folder of a tree by itself. Node's own recursive watching loses, on Linux, a file that another is renamed
 * to, which is how most editors save, and follows no links.
 */
export function watchTree(options: TreeOptions): Tree {
  const { root } = options
  const above = toNode({ path: dirname(root), names: [], id: '', parent: null })
  const tree = { ...options, above, rootName: basename(root), isClosed: false, folders: 1 }
  // Tells when the root is replaced, or comes again.
  listen(tree, above)
  const refresh = () => add(tree, above, tree.rootName)
  return { ready: refresh(), refresh, close: () => close(tree) }
}

interface State extends TreeOptions {
  /** The folder that the root is in. */
  readonly above: Node
  readonly rootName: string
  isClosed: boolean
  /** That are watched. */
  folders: number
}

/** Null: nobody wants to know. */
function namesOf(tree: State, node: Node, name: string): readonly string[] | null {
  if (node === tree.above) return name === tree.rootName ? [] : null
  const names = [...node.names, name]
  return tree.isIgnored(names) ? null : names
}

function listen(tree: State, node: Node): void {
  try {
    const watcher = watch(node.path, { persistent: false }, (type, name) =>
      onEvent(tree, node, { type, name: name ?? '' }),
    )
    watcher.on('error', (error) => onError(tree, node, error))
    node.watcher = watcher
  } catch (error) {
    onError(tree, node, error)
  }
}

interface WatchEvent {
  readonly type: string
  readonly name: string
}

function onEvent(tree: State, node: Node, { type, name }: WatchEvent): void {
  const names = namesOf(tree, node, name)
  if (names === null || tree.isClosed) return
  tree.onChange(names)
  if (type !== 'rename') return
  node.renamed.add(name)
  void settle(tree, node)
}

/** A folder that came is watched, and so is one that came instead of another of its name. */
async function settle(tree: State, node: Node): Promise<void> {
  if (node.isSettling) return
  node.isSettling = true
  while (node.renamed.size > 0 && !tree.isClosed) {
    const renamed = [...node.renamed]
    node.renamed.clear()
    for (const name of renamed) drop(tree, node.children.get(name))
    const present = new Set(await foldersIn(node.path))
    for (const name of renamed.filter((one) => present.has(one))) {
      await add(tree, node, name)
      // What was made there before it was watched.
      tree.onChange(namesOf(tree, node, name) ?? [])
    }
  }
  node.isSettling = false
}

async function add(tree: State, parent: Node, name: string): Promise<void> {
  const names = namesOf(tree, parent, name)
  const path = join(parent.path, name)
  const entry = await stat(path).catch(() => null)
  if (names === null || !entry?.isDirectory() || tree.isClosed || parent.isDropped) return
  const node = toNode({ path, names, id: `${entry.dev}:${entry.ino}`, parent })
  // Through a link into a folder above it.
  if (isBelowItself(node)) return
  drop(tree, parent.children.get(name))
  parent.children.set(name, node)
  tree.folders += 1
  if (tree.folders > MAX_FOLDERS) fail(tree, `it has more than ${MAX_FOLDERS} folders; remove some`)
  else listen(tree, node)
  if (node.isDropped) return
  const folders = await foldersIn(path)
  await Promise.all(folders.map((folder) => add(tree, node, folder)))
}

/** A folder that is gone, or may not be read, is told by its parent, or when its crew is loaded. */
function onError(tree: State, node: Node, error: unknown): void {
  const reason = LIMITS[codeOf(error)]
  if (reason !== undefined) fail(tree, reason)
  else if (node !== tree.above) drop(tree, node)
}

function drop(tree: State, node: Node | undefined): void {
  if (node === undefined || node.isDropped) return
  node.isDropped = true
  tree.folders -= 1
  node.watcher?.close()
  const name = node.names.at(-1) ?? tree.rootName
  if (node.parent?.children.get(name) === node) node.parent.children.delete(name)
  for (const child of [...node.children.values()]) drop(tree, child)
}

function close(tree: State): void {
  tree.isClosed = true
  drop(tree, tree.above)
}

function fail(tree: State, reason: string): void {
  if (tree.isClosed) return
  close(tree)
  tree.onFail(reason)
}

/** What the system says when it can watch no more, and what to do about it. */
const LIMITS: Readonly<Record<string, string>> = {
  ENOSPC:
    'the system watches no more folders for this user (ENOSPC); raise fs.inotify.max_user_watches',
  EMFILE:
    'the system has no watcher left for this user (EMFILE); raise fs.inotify.max_user_instances or the limit of open files',
  ENFILE: 'the system has no open file left (ENFILE)',
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function toNode(parts: Pick<Node, 'path' | 'names' | 'id' | 'parent'>): Node {
  return {
    ...parts,
    children: new Map(),
    renamed: new Set(),
    watcher: null,
    isSettling: false,
    isDropped: false,
  }
}

function isBelowItself({ id, parent }: Node): boolean {
  for (let node = parent; node !== null; node = node.parent) if (node.id === id) return true
  return false
}

/** Names of what is a folder, or may be one behind a link. */
async function foldersIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
}
