import { findCycle, importsOf, projectGraph } from './imports.js';

describe('imports', () => {
  it('has no cycle between projects, tests included: a build order must exist', () => {
    const graph = projectGraph();

    expect([...graph.values()].some((targets) => targets.size > 0)).toBe(true);
    expect(findCycle(graph)).toBeNull();
  });

  it('would name a cycle', () => {
    const graph = new Map([
      ['start', new Set(['a'])],
      ['a', new Set(['b', 'c'])],
      ['b', new Set(['c'])],
      ['c', new Set(['a'])],
    ]);

    expect(findCycle(graph)).toBe('a → b → c → a');
    expect(findCycle(new Map([...graph, ['c', new Set<string>()]]))).toBeNull();
  });

  it('sees each form of import', () => {
    const text = `import a from 'a';\nimport type { B } from "b";\nimport 'c';\nexport { d,\n e } from 'd';\nconst f = await import('f');\nconst g = "from 'g'";`;

    expect(importsOf(text)).toEqual(['a', 'b', 'c', 'd', 'f']);
  });
});
