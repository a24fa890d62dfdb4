import { posix } from 'node:path';
import { importsOf } from './imports.js';

/** Imports of files of one folder by files of another folder, as `file → imported file`. */
interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly imports: readonly string[];
}

/** Folders importing each other, directly or over others, and the imports between them. */
export interface Knot {
  readonly folders: readonly string[];
  readonly imports: readonly string[];
}

/** Files of tests: no part of the program, hence outside the graph. */
const TESTS = /\.spec\.ts$|(?:^|\/)(?:testkit|testing)\//;

/**
 * Returns the knots of a project: groups of two or more folders importing each other, by value or by
 * type. `texts` has the text of each TypeScript file under `src`, by path below `src`. Files directly
 * under `src` form the folder `.`. A folder `migrations` counts as part of the folder with its list.
 */
export function knotsOf(texts: ReadonlyMap<string, string>): readonly Knot[] {
  const arrows = arrowsOf(texts);
  const folders = new Set([...texts.keys()].filter((file) => !TESTS.test(file)).map(folderOf));
  const reached = new Map([...folders].map((folder) => [folder, reachedFrom(folder, arrows)]));
  const isMutual = (one: string, other: string) =>
    reached.get(one)?.has(other) === true && reached.get(other)?.has(one) === true;
  const knots: Knot[] = [];
  for (const folder of [...folders].sort()) {
    if (knots.some((knot) => knot.folders.includes(folder))) continue;
    const others = [...folders].filter((other) => other !== folder && isMutual(folder, other));
    if (others.length === 0) continue;
    const knot = [folder, ...others.sort()];
    const within = arrows.filter(({ from, to }) => knot.includes(from) && knot.includes(to));
    knots.push({ folders: knot, imports: within.flatMap(({ imports }) => imports).sort() });
  }
  return knots;
}

function folderOf(file: string): string {
  const folder = posix.dirname(file);
  return posix.basename(folder) === 'migrations' ? posix.dirname(folder) : folder;
}

function arrowsOf(texts: ReadonlyMap<string, string>): readonly Arrow[] {
  const between = new Map<string, { from: string; to: string; imports: string[] }>();
  for (const [file, text] of texts) {
    if (TESTS.test(file)) continue;
    for (const name of importsOf(text).filter((one) => one.startsWith('.'))) {
      const source = posix.join(posix.dirname(file), name).replace(/\.js$/, '.ts');
      const target = texts.has(source) ? source : `${source}x`;
      const [from, to] = [folderOf(file), folderOf(target)];
      if (from === to || TESTS.test(target) || !texts.has(target)) continue;
      const arrow = between.get(`${from} ${to}`) ?? { from, to, imports: [] };
      arrow.imports.push(`${file} → ${target}`);
      between.set(`${from} ${to}`, arrow);
    }
  }
  return [...between.values()];
}

function reachedFrom(start: string, arrows: readonly Arrow[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [start];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop())
    for (const { from, to } of arrows)
      if (from === folder && !reached.has(to)) {
        reached.add(to);
        waiting.push(to);
      }
  return reached;
}
