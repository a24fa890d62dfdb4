import { knotsOf, type Knot } from './folder-graph.js';
import { filesOf, PROJECTS, read, type Project } from './repository.js';

describe('folders of a project', () => {
  it.each(PROJECTS)(
    '$folder: no two folders of src import each other, directly or over others',
    (project) => {
      expect(knotsIn(project)).toEqual([]);
    },
  );

  it('are read in a project with sources', () => {
    expect(sourcesOf(projectIn('apps/ledger')).has('commands/apply-commands.ts')).toBe(true);
  });
});

describe('a knot', () => {
  it('is named with its folders and the imports that tie it, types and folders in between included', () => {
    const files = knotted({
      'a/one.ts': `import type { Two } from '../b/two.js';`,
      'b/two.ts': `import { three } from './c/three.js';`,
      'b/c/three.ts': `export { one } from '../../a/one.js';`,
      'd/four.ts': `import { one } from '../a/one.js';`,
    });

    expect(files).toEqual([
      {
        folders: ['a', 'b', 'b/c'],
        imports: ['a/one.ts → b/two.ts', 'b/c/three.ts → a/one.ts', 'b/two.ts → b/c/three.ts'],
      },
    ]);
  });

  it('is also one with the files directly under src', () => {
    const [knot] = knotted({
      'config.ts': `import { limit } from './money/limit.js';`,
      'money/limit.ts': `import type { Config } from '../config.js';`,
    });

    expect(knot?.folders).toEqual(['.', 'money']);
  });

  it('is none within a folder, by a test, or between migrations and their list', () => {
    expect(
      knotted({
        'a/one.ts': `import { two } from './two.js';\nimport { root } from '../root.js';`,
        'a/two.ts': `import { one } from './one.js';`,
        'root.ts': '',
        'root.spec.ts': `import { one } from './a/one.js';`,
        'testkit/given.ts': `import { one } from '../a/one.js';`,
        'a/testing/kit.ts': `import { one } from '../../b/b.js';`,
        'b/b.ts': `import { one } from '../a/one.js';\nimport { kit } from '../testkit/given.js';`,
        'postgres/migrations.ts': `import { First } from './migrations/1-first.migration.js';`,
        'postgres/rows.ts': '',
        'postgres/migrations/1-first.migration.ts': `import { row } from '../rows.js';`,
      }),
    ).toEqual([]);
  });
});

function knotted(files: Readonly<Record<string, string>>): readonly Knot[] {
  return knotsOf(new Map(Object.entries(files)));
}

function knotsIn(project: Project): readonly Knot[] {
  return knotsOf(sourcesOf(project));
}

function sourcesOf(project: Project): ReadonlyMap<string, string> {
  const files = filesOf(project, /^[^/]+\/[^/]+\/src\/.*\.tsx?$/);
  return new Map(files.map((file) => [file.slice(`${project.folder}/src/`.length), read(file)]));
}

function projectIn(folder: string): Project {
  const project = PROJECTS.find((one) => one.folder === folder);
  if (!project) throw new Error(`there is no project ${folder}`);
  return project;
}
