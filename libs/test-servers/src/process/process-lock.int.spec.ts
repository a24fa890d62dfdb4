import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startGuard } from './process-guard.js';
import { tempFolder } from '../machine/files.js';
import { lockHolder, takeLock } from './process-lock.js';

describe('takeLock', () => {
  const file = join(tempFolder(startGuard()), 'lock.json');

  it('refuses a second start while the first holds it, and lets it in after the release', () => {
    const release = takeLock(file);
    expect(lockHolder(file)).toBe(process.pid);
    expect(() => takeLock(file)).toThrow(/already running \(pid \d+\)/);

    release();

    expect(lockHolder(file)).toBeUndefined();
    takeLock(file)();
  });

  it('explains an unusable folder and a damaged lock', () => {
    const notFolder = join(tempFolder(startGuard()), 'file');
    writeFileSync(notFolder, 'x');
    expect(() => takeLock(join(notFolder, 'lock.json'))).toThrow(/file cannot be used for data: /);

    const damaged = join(tempFolder(startGuard()), 'lock.json');
    writeFileSync(damaged, '');
    expect(() => takeLock(damaged)).toThrow(
      /lock\.json cannot be read \(.*\): delete a damaged file/,
    );
  });

  it('takes over the lock of a start whose pid belongs to another program by now', () => {
    writeFileSync(file, JSON.stringify({ pid: process.ppid, program: 'node of an earlier boot' }));

    expect(() => takeLock(file)()).not.toThrow();
  });
});
