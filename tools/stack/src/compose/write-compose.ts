import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import { composeFiles } from './compose-files.js';

for (const [file, text] of composeFiles()) writeFileSync(join(workspaceRoot(), file), text);
