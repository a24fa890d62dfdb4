import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { adminFiles } from './admin-files.js';
import { CLIENT_TYPES, clientTypes, type TypedDocument } from './client-types.js';
import { eventFiles } from './generated-files.js';
import { copyOf, releasedText } from './released.js';
import { DOCUMENTS, EVENTS, filesIn, OPEN_API, ROOT } from './repository.js';

const PRINTER = 'apps/intake-api/dist/print-public-api.js';

/**
 * Writes every outdated published file, deletes files no longer generated, and prints the changed
 * files.
 */
export function writeReference(): void {
  const document = openApi();
  const files: ReadonlyMap<string, string> = new Map([
    [OPEN_API, document],
    [CLIENT_TYPES, clientTypes(JSON.parse(document) as TypedDocument)],
    ...eventFiles(),
    ...adminFiles(),
  ]);
  for (const file of DOCUMENTS) keepReleased(file, files.get(file) ?? '');
  for (const [file, text] of files) write(file, text);
  for (const name of filesIn(EVENTS)) {
    const file = `${EVENTS}/${name}`;
    if (files.has(file)) continue;
    rmSync(join(ROOT, file));
    console.log(`gone     ${file}`);
  }
}

/** Copies a released document before the first change of its file; without a change no copy is kept. */
function keepReleased(file: string, text: string): void {
  const released = releasedText(file);
  if (text === released) rmSync(join(ROOT, copyOf(file)), { force: true });
  else write(copyOf(file), released);
}

/** Runs a service to print the service's controllers: no tool imports an app. */
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
