import { findCycle, importsOf, projectGraph } from './imports.js';
import { filesLike, read } from './repository.js';

/** The adapter, what gives it the monotonic clock, and clients of tools and tests that act as somebody else would. */
const MAY_KNOW_KAFKAJS =
  /^(libs\/kafka\/src\/kafkajs\/|libs\/runtime\/src\/clock\/patch-kafkajs-clock\.|libs\/test-servers\/|tools\/|.*\/testkit\/|.*\.spec\.ts$)/;

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

  it('of kafkajs, also of what is inside it, stand behind the port of libs/kafka alone', () => {
    const users = filesLike(/^(apps|libs|tools)\/.*\.ts$/).filter((file) => {
      const text = read(file);
      return importsOf(text).includes('kafkajs') || /['"`]kafkajs\//.test(text);
    });

    expect(users).toContain('libs/kafka/src/kafkajs/connect-kafka.ts');
    expect(users.filter((file) => !MAY_KNOW_KAFKAJS.test(file))).toEqual([]);
  });

  it('sees each form of import', () => {
    const text = `import a from 'a';\nimport type { B } from "b";\nimport 'c';\nexport { d,\n e } from 'd';\nconst f = await import('f');\nconst g = "from 'g'";`;

    expect(importsOf(text)).toEqual(['a', 'b', 'c', 'd', 'f']);
  });
});
