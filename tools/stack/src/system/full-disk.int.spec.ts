import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startGuard, until, tempFolder, writeJsonFile, takeLock } from '@sluice/test-servers';
import { aRunFile } from '../testkit/samples.js';
import { SmallDisk } from '../testkit/small-disk.js';
import { layoutOf } from '../layout/layout.js';
import { ProcessTable } from './process-table.js';

const { processes: _, ...ENDPOINTS } = aRunFile(1);
const disk = SmallDisk.mount(join(tempFolder(startGuard()), 'disk'));
afterAll(() => disk?.unmount());

/** If the user may not mount a file system, the name of each test contains the reason for the skip. */
const onSmallDisk = (name: string, test: (disk: SmallDisk) => Promise<void> | void) =>
  it(
    disk ? name : `${name} (skipped: this user may not mount a small file system)`,
    async () => void (disk && (await test(disk))),
    30_000,
  );

describe('a data folder that takes no writes', () => {
  onSmallDisk(
    'a full disk stops nothing: it is reported once, and the files are written when there is space',
    async (full) => {
      const events: string[] = [];
      const layout = layoutOf(join(full.folder, 'home'));
      writeJsonFile(layout.ports, {}); // a folder that is in use
      const table = new ProcessTable(layout, {
        onCannotWrite: ({ message }) => events.push(message),
        onWritesAgain: () => events.push('again'),
      });
      full.fill();

      table.publish(ENDPOINTS);
      table.events.onStarted?.('ledger', 1);

      expect(events).toEqual([
        expect.stringMatching(/^\/.+ cannot be written: the disk is full\. Free disk space$/),
      ]);
      full.freeSpace();
      await until('nothing is written', async () => expect(events[1]).toBe('again'), 20_000);
      expect(existsSync(layout.run)).toBe(true);
    },
  );

  onSmallDisk(
    'an existing folder on a file system that can only be read is reported in a sentence',
    (readOnly) => {
      const file = join(readOnly.folder, 'home', 'lock.json');
      takeLock(file)();
      readOnly.readOnly();

      expect(() => takeLock(file)).toThrow(
        /home cannot be written: the file system is read-only\. Mount the file system for writing, or choose/,
      );
    },
  );
});
