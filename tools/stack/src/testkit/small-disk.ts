import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A separate file system of a few pages, for tests of a full or read-only disk. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /**
   * Mounts the file system. Returns null if this machine does not allow mounts; tests needing the
   * disk are skipped.
   */
  static mount(folder: string): SmallDisk | null {
    mkdirSync(folder, { recursive: true });
    return run('mount', '-t', 'tmpfs', '-o', 'size=256k', 'sluice-test', folder)
      ? new SmallDisk(folder)
      : null;
  }

  /** Fills all remaining space. */
  fill(): void {
    for (const size of [65_536, 4_096]) {
      for (let file = 0; write(join(this.folder, `filler-${size}-${file}`), size); file++);
    }
  }

  freeSpace(): void {
    for (let file = 0; file < 100; file++)
      for (const size of [65_536, 4_096])
        rmSync(join(this.folder, `filler-${size}-${file}`), { force: true });
  }

  readOnly(): void {
    run('mount', '-o', 'remount,ro', this.folder);
  }

  unmount(): void {
    run('umount', '--lazy', this.folder);
  }
}

function write(file: string, size: number): boolean {
  try {
    writeFileSync(file, Buffer.alloc(size, 1));
    return true;
  } catch {
    return false;
  }
}

function run(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
