import { basename, dirname } from 'node:path';
import { filesLike, filesOf, PROJECTS, read } from './repository.js';

const INVARIANTS = filesLike(/\/postgres\/invariants\/(?!populations\.)[^/]+\.sql$/);

describe('invariants', () => {
  it('exist', () => expect(INVARIANTS.length).toBeGreaterThan(0));

  it.each(INVARIANTS)(
    '%s is named by a spec of its project, or in full by one of a project that uses it, which plants its violation',
    (file) => {
      const project = PROJECTS.find(({ folder }) => file.startsWith(`${folder}/`));
      const own = project ? filesOf(project, /\.int\.spec\.ts$/).map(read) : [];
      const others = filesLike(/\.int\.spec\.ts$/).map(read);

      const named = [
        ...own.filter((text) => nameOf(file).test(text)),
        ...others.filter((text) => text.includes(`'${basename(file, '.sql')}'`)),
      ];

      expect(named).not.toEqual([]);
    },
  );
});

/** The file's name, or its number where no other file has it, between quotes: `'L1 L2'`. */
function nameOf(file: string): RegExp {
  const number = numberOf(file);
  const alone =
    INVARIANTS.filter((other) => dirname(other) === dirname(file) && numberOf(other) === number)
      .length === 1;
  return new RegExp(
    `['"\`][^'"\`\n]*\\b(?:${basename(file, '.sql')}${alone ? `|${number}` : ''})\\b`,
    'i',
  );
}

function numberOf(file: string): string {
  return basename(file).split('-')[0] ?? '';
}
