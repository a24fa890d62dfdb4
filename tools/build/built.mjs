// Remembers that a build is up to date, and saves the half second needed even by a fully cached Nx.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const WORKSPACES = ['apps', 'libs', 'tools'];
const ALSO = [
  'package-lock.json',
  'tsconfig.base.json',
  '.swcrc',
  'nx.json',
  'tools/build/build.mjs',
];

/** Stands for all projects, as the whole build makes them. */
export const EVERYTHING = ['everything'];

/** True when `projects` were built and no source file was added, changed or removed since, nor any output removed. */
export function isBuilt(projects, main) {
  const notes = [projects, EVERYTHING].map(noteOf).filter((note) => existsSync(note));
  if (!existsSync(main) || notes.length === 0) return false;
  const now = fingerprint();
  return notes.some((note) => readFileSync(note, 'utf8') === now);
}

export function noteBuilt(projects) {
  const note = noteOf(projects);
  mkdirSync(dirname(note), { recursive: true });
  writeFileSync(note, fingerprint());
}

function noteOf(projects) {
  return join('.nx', 'built', projects[0]);
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const file of ALSO) add(hash, file);
  for (const workspace of WORKSPACES) {
    for (const project of readdirSync(workspace).sort()) {
      const folder = join(workspace, project);
      if (existsSync(join(folder, 'dist'))) hash.update(`built ${folder}\n`);
      for (const file of filesBelow(join(folder, 'src'))) add(hash, file);
    }
  }
  return hash.digest('hex');
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function add(hash, file) {
  const { mtimeMs, size } = statSync(file);
  hash.update(`${file} ${mtimeMs} ${size}\n`);
}
