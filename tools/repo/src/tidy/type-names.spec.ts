import ts from 'typescript';
import { nodesIn, read } from '../repository.js';
import { filesLike } from './repository.js';

const SOURCES = filesLike(
  /^(?:apps|libs|tools)\/[^/]+\/src\/(?!.*(?:\.spec|\.migration|\.d)\.ts$).*\.tsx?$/,
);
/** Names with several exported definitions; lower the number with each renamed type. */
const MOST_EXPORTED_TWICE = 51;
/** Names with more than three definitions; lower the number with each renamed type. */
const MOST_COMMON_NAMES = 2;

interface Definition {
  readonly name: string;
  readonly isExported: boolean;
}

describe('names of types, interfaces and classes', () => {
  const definitions = Map.groupBy(
    SOURCES.flatMap((file) => definitionsIn(read(file), file)),
    ({ name }) => name,
  );
  const namesOf = (accepts: (all: readonly Definition[]) => boolean): readonly string[] =>
    [...definitions].filter(([, all]) => accepts(all)).map(([name]) => name);

  it('are exported by a single file', () => {
    const twice = namesOf((all) => all.filter(({ isExported }) => isExported).length > 1);

    expect(twice.length > MOST_EXPORTED_TWICE ? twice : []).toEqual([]);
  });

  it('have at most three definitions', () => {
    const common = namesOf((all) => all.length > 3);

    expect(common.length > MOST_COMMON_NAMES ? common : []).toEqual([]);
  });

  it('are read with their exports', () => {
    expect(definitionsIn('export type A = 1;\ninterface B {}\nexport class C {}')).toEqual([
      { name: 'A', isExported: true },
      { name: 'B', isExported: false },
      { name: 'C', isExported: true },
    ]);
  });
});

function definitionsIn(text: string, file = ''): readonly Definition[] {
  return nodesIn(text, file).flatMap((node) =>
    ts.isTypeAliasDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isClassDeclaration(node)
      ? [
          {
            name: node.name?.text ?? 'default',
            isExported:
              node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true,
          },
        ]
      : [],
  );
}
