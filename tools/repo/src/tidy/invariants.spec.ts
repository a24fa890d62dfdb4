import { basename } from 'node:path';
import { filesLike, filesOf, PROJECTS, read } from './repository.js';

const INVARIANTS = filesLike(/\/postgres\/invariants\/(?!populations\.)[^/]+\.sql$/);

describe('invariants', () => {
  it('exist', () => expect(INVARIANTS.length).toBeGreaterThan(0));

  it.each(INVARIANTS)('%s begins with its name and what must hold', (file) => {
    expect(read(file).startsWith(`-- ${basename(file, '.sql')}: `)).toBe(true);
  });

  it.each(INVARIANTS)(
    '%s is named by a spec of its project, or by one of a project that uses it, which plants its violation',
    (file) => {
      const project = PROJECTS.find(({ folder }) => file.startsWith(`${folder}/`));
      const own = project ? filesOf(project, /\.int\.spec\.ts$/).map(read) : [];
      const others = filesLike(/\.int\.spec\.ts$/).map(read);
      const name = new RegExp(`['"\`][^'"\`\n]*\\b${basename(file, '.sql')}\\b`);

      expect([...own, ...others].filter((text) => name.test(text))).not.toEqual([]);
    },
  );
});
