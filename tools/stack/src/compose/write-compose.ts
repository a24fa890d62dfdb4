import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import { composeFiles } from './compose-files.js';

for (const [file, text] of composeFiles()) {
  const path = join(workspaceRoot(), file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
