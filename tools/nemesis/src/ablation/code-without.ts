import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { transformSync, type Options } from '@swc/core';
import type { Edit } from './rules.js';

const PROJECTS = ['apps/*', 'libs/*', 'tools/*'];
const OURS = '@sluice';

/**
 * Copies the built services of a checkout to a folder and compiles the edited files again.
 * Third-party packages are linked; our own packages are linked to the copy.
 */
export function codeWithout(edits: readonly Edit[], code: string, folder: string): void {
  for (const project of globSync(PROJECTS, { cwd: code })) {
    mkdirSync(join(folder, project), { recursive: true });
    // Tools consisting of tests only have no `dist`.
    for (const part of ['package.json', 'dist'].filter((one) =>
      existsSync(join(code, project, one)),
    ))
      cpSync(join(code, project, part), join(folder, project, part), {
        recursive: true,
        filter: (path) => !path.endsWith('.map'),
      });
  }
  // Bundles contain the removed rules: the compiled programs replace the bundles.
  for (const entry of globSync('apps/*/dist/**/*.entry.js', { cwd: folder }))
    renameSync(join(folder, entry), join(folder, entry.replace('.entry.js', '.js')));
  linkPackages(join(code, 'node_modules'), join(folder, 'node_modules'));
  const options = JSON.parse(readFileSync(join(code, '.swcrc'), 'utf8')) as Options;
  for (const [file, source] of edited(edits, code)) {
    const compiled = file.replace('/src/', '/dist/').replace(/\.ts$/, '.js');
    const { code: text } = transformSync(source, {
      ...options,
      swcrc: false,
      configFile: false,
      sourceMaps: false,
      filename: join(code, file),
    });
    writeFileSync(join(folder, compiled), text);
  }
}

/** Returns the edited sources by file. Throws if the code of a rule no longer matches the edit. */
export function edited(edits: readonly Edit[], code: string): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const { file, from, to } of edits) {
    const parts = (sources.get(file) ?? readFileSync(join(code, file), 'utf8')).split(from);
    if (parts.length !== 2)
      throw new Error(
        `${file} has the text of the rule ${parts.length - 1} times, not once: adapt tools/nemesis/src/ablation/rules.ts to the code. The text: ${from}`,
      );
    sources.set(file, parts.join(to));
  }
  return sources;
}

function linkPackages(from: string, to: string): void {
  mkdirSync(join(to, OURS), { recursive: true });
  for (const name of readdirSync(from))
    if (name !== OURS) symlinkSync(join(from, name), join(to, name));
  for (const name of readdirSync(join(from, OURS)))
    symlinkSync(readlinkSync(join(from, OURS, name)), join(to, OURS, name));
}
