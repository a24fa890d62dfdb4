import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { read, readJson, ROOT } from '../repository.js';

export { read, readJson, ROOT } from '../repository.js';

/** Every file tracked by git or added by `git add --all`, relative to the root. */
export const FILES: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
  {
    cwd: ROOT,
    encoding: 'utf8',
  },
)
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)));

export interface Project {
  readonly name: string;
  readonly folder: string;
  readonly tags: readonly string[];
  readonly targets: readonly string[];
}

export const PROJECTS: readonly Project[] = filesLike(
  /^(apps|libs|tools)\/[^/]+\/project\.json$/,
).map((file) => {
  const {
    name,
    tags = [],
    targets = {},
  } = readJson<{ name: string; tags?: string[]; targets?: object }>(file);
  return {
    name,
    folder: file.slice(0, -'/project.json'.length),
    tags,
    targets: Object.keys(targets),
  };
});

export function filesLike(pattern: RegExp): readonly string[] {
  return FILES.filter((file) => pattern.test(file));
}

export function filesOf({ folder }: Project, pattern: RegExp): readonly string[] {
  return FILES.filter((file) => file.startsWith(`${folder}/`) && pattern.test(file));
}

/** Returns `file:line text` of each matching line; binary files are skipped. */
export function linesLike(files: readonly string[], pattern: RegExp): readonly string[] {
  return files.flatMap((file) => {
    const text = read(file);
    if (text.includes('\0')) return [];
    return text
      .split('\n')
      .flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1} ${line.trim()}`] : []));
  });
}
