import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file system of its own, a few pages large, for what happens when a disk is full or can only be read. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** Null where this machine lets nobody mount: then what needs it is skipped. */
  static mount(folder: string): SmallDisk | null {
    mkdirSync(folder, { recursive: true });
    return run('mount', '-t', 'tmpfs', '-o', 'size=256k', 'sluice-test', folder)
      ? new SmallDisk(folder)
      : null;
  }

  /** Takes all the space that is left. */
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
