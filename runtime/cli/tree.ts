/** Trees as text, one line a node. Promises the drawing that operators of the field know: `├─`, `└─` and `│`. */

export interface Tree<T> {
  readonly value: T;
  readonly children: readonly Tree<T>[];
}

export interface Branch<T> {
  /** What stands before the node: `│  └─ `. Empty for the root. */
  readonly prefix: string;
  readonly value: T;
}

/** The nodes from top to bottom. */
export function branches<T>(root: Tree<T>): Branch<T>[] {
  return [{ prefix: '', value: root.value }, ...below(root, '')];
}

/** The whole tree as lines. */
export function drawTree(root: Tree<string>): string[] {
  return branches(root).map(({ prefix, value }) => prefix + value);
}

function below<T>(node: Tree<T>, indent: string): Branch<T>[] {
  return node.children.flatMap((child, at) => {
    const last = at === node.children.length - 1;
    const line = { prefix: `${indent}${last ? '└─ ' : '├─ '}`, value: child.value };
    return [line, ...below(child, `${indent}${last ? '   ' : '│  '}`)];
  });
}
