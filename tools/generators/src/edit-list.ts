import { updateJson, type Tree } from '@nx/devkit';

/**
 * Edits a file once; no effect if the file contains `unless`. Throws if the file lacks the expected
 * place: no edit is skipped silently.
 */
export function editList(
  tree: Tree,
  file: string,
  unless: string | null,
  at: RegExp,
  write: (found: string) => string,
): void {
  const text = textOf(tree, file);
  if (unless !== null && text.includes(unless)) return;
  if (!at.test(text))
    throw new Error(
      `${file} has no matching place any more: ${String(at)}; adapt tools/generators`,
    );
  tree.write(file, text.replace(at, write));
}

export function textOf(tree: Tree, file: string): string {
  const text = tree.read(file, 'utf8');
  if (text === null) throw new Error(`${file} is missing; adapt tools/generators`);
  return text;
}

/** Adds a workspace to the lockfile. A package without dependencies needs no other entry. */
export function lockWorkspace(tree: Tree, app: string, version: string): void {
  const [folder, name] = [`apps/${app}`, `@sluice/${app}`];
  updateJson<{ packages: Record<string, object> }>(
    tree,
    'package-lock.json',
    ({ packages, ...rest }) => ({
      ...rest,
      packages: sorted({
        ...packages,
        [folder]: { name, version },
        [`node_modules/${name}`]: { resolved: folder, link: true },
      }),
    }),
  );
}

function sorted(packages: Record<string, object>): Record<string, object> {
  return Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
}
