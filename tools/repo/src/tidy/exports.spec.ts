import { exportsWithoutImporters } from './exports.js';
import { filesLike, PROJECTS, read } from './repository.js';

/** Files that may import: sources, tests, scripts and the templates of the generators. */
const IMPORTERS = filesLike(/^(?!.*\.d\.mts$).*\.(?:tsx?|mts|mjs)(?:\.template)?$/);
/** Entries of the packages that others install. */
const PUBLIC = PROJECTS.filter(({ tags }) => tags.includes('type:package')).map(
  ({ folder }) => `import * as entry from './${folder}/src/index.js';`,
);

/** Most exports without importers in projects that still have some; lower a number with the exports. */
const REMAINING: Readonly<Record<string, number>> = {
  'connector-bybit': 1, // the generator gives the mapping of every connector the same exports
};

describe('exports', () => {
  const texts = new Map(IMPORTERS.map((file) => [file, read(file)] as const));
  const unused = exportsWithoutImporters(texts.set('public.ts', PUBLIC.join('\n')));

  it.each(PROJECTS.map(({ name, folder }) => [name, folder] as const))(
    'of %s are imported by another file',
    (name, folder) => {
      const ours = unused.filter(
        (key) => key.startsWith(`${folder}/src/`) && /\.tsx? (?!default$)/.test(key),
      );

      expect(ours.length > (REMAINING[name] ?? 0) ? ours : []).toEqual([]);
    },
  );

  it.each([
    ['a name', `import { a } from './a.js';`, []],
    ['another name', `import { b } from './a.js';`, ['a.ts a']],
    ['a renamed name', `import { a as b } from './a.js';`, []],
    ['all names', `import * as all from './a.js';`, []],
    ['a type', `export type B = import('./a.js').a;`, ['b.ts B']],
    ['a name again', `export { a } from './a.js';`, ['a.ts a', 'b.ts a']],
    ['all names again', `export * from './a.js';`, ['a.ts a', 'b.ts *']],
  ])('are found by the import of %s', (_what, importer, expected) =>
    expect(without({ 'a.ts': 'export const a = 1;', 'b.ts': importer })).toEqual(expected),
  );

  it('are found through an entry', () =>
    expect(
      without({
        'a.ts': 'export interface A {}\nexport class B {}',
        'index.ts': `export { type A as C } from './a.js';\nexport * from './a.js';`,
        'c.ts': `import { type C, B } from './index.js';`,
      }),
    ).toEqual([]));
});

function without(files: Readonly<Record<string, string>>): readonly string[] {
  return exportsWithoutImporters(new Map(Object.entries(files)));
}
