import { basename, dirname } from 'node:path';
import { filesLike, read } from './repository.js';

const MIGRATIONS = filesLike(/\.migration\.ts$/);
const LISTS = filesLike(/\/migrations\.ts$/);

describe('migrations', () => {
  it('exist', () => expect(MIGRATIONS.length).toBeGreaterThan(0));

  it.each(MIGRATIONS)(
    '%s lies in a folder `migrations`, has the timestamp of its class in its name and is in the list beside the folder',
    (file) => {
      const timestamp = /^(\d{13})-[a-z0-9-]+\.migration\.ts$/.exec(basename(file))?.[1];
      const [, name] = /^export class (\w+) implements MigrationInterface/m.exec(read(file)) ?? [];
      expect([basename(dirname(file)), timestamp]).toEqual(['migrations', name?.slice(-13)]);
      expect(listed(`${dirname(file)}.ts`)).toContain(name);
    },
  );

  it.each(LISTS)('%s lists each once, in the order in which they are applied', (list) => {
    const timestamps = listed(list).map((name) => name.slice(-13));
    expect(timestamps).toEqual([...new Set(timestamps)].sort());
  });

  it('have no class in another file', () => {
    const others = filesLike(/\/src\/.*\.ts$/).filter(
      (file) => !/\.migration\.ts$|spec\.ts$/.test(file),
    );
    expect(others.filter((file) => /implements MigrationInterface/.test(read(file)))).toEqual([]);
  });
});

/** The classes in the list of a file `migrations.ts`. */
function listed(list: string): readonly string[] {
  const [, entries = ''] = /_MIGRATIONS: [^=]*= \[([^\]]*)\]/.exec(read(list)) ?? [];
  return entries.match(/\w+/g) ?? [];
}
