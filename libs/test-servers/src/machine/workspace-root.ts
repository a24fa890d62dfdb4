import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Returns the root of the checkout containing this file, from `src` and from `dist`. */
export function workspaceRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'nx.json'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error(
        'no nx.json above libs/test-servers: the library must stay inside the checkout',
      );
    folder = parent;
  }
  return folder;
}
