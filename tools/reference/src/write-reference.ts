import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { eventFiles } from './generated-files.js';
import { EVENTS, filesIn, OPEN_API, ROOT } from './repository.js';

const PRINTER = 'apps/intake-api/dist/reference/print-public-api.js';

/** Writes every published file that is not as it would be made now, takes away those that nothing makes any more, and says which. */
export function writeReference(): void {
  const files = new Map([[OPEN_API, openApi()], ...eventFiles()]);
  for (const [file, text] of files) write(file, text);
  for (const name of filesIn(EVENTS)) {
    const file = `${EVENTS}/${name}`;
    if (files.has(file)) continue;
    rmSync(join(ROOT, file));
    console.log(`gone     ${file}`);
  }
}

/** A service says itself what its controllers are: nothing imports an app. */
function openApi(): string {
  return execFileSync(process.execPath, [join(ROOT, PRINTER)], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
}

export function write(file: string, text: string): void {
  const path = join(ROOT, file);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`written  ${file}`);
}
