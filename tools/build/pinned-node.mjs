// Finds the Node version pinned by the lockfile, independent of the system's Node. All programs run
// on the pinned Node.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const NEEDED_MAJOR = 24;

export function pinnedNode(root) {
  const platform = `${process.platform}-${process.arch}`;
  const pinned = join(root, 'node_modules', `node-${platform}`, 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) return process.execPath;
  throw new Error(
    `there is no pinned Node ${NEEDED_MAJOR} for ${platform}, and this is ${process.versions.node}. ` +
      `Install Node ${NEEDED_MAJOR} (https://nodejs.org) and run the command with it; if optional packages were left out, run \`npm ci --include=optional\``,
  );
}
