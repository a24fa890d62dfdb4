import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Socket } from 'node:net';

const ROOMY = '3g';

/** Small file systems of their own, where the machine lets us mount some: filled and emptied on request. */
export class Disks {
  private readonly mounted: string[] = [];
  private readonly sweeper = startSweeper();

  constructor(private readonly folder: string) {}

  /** Reason why no disk can be mounted on this machine; undefined if possible. */
  static refusal(): string | undefined {
    if (process.platform !== 'linux' || process.getuid?.() !== 0)
      return 'a small file system is mounted by root on Linux only';
    const probe = mkdtempSync(join(tmpdir(), 'sluice-nemesis-mount-'));
    const { status, stderr, error } = spawnSync(
      'mount',
      ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe],
      { encoding: 'utf8' },
    );
    if (status === 0) spawnSync('umount', [probe]);
    rmSync(probe, { recursive: true, force: true });
    return status === 0
      ? undefined
      : `this machine mounts no tmpfs: ${error?.message ?? stderr.trim()}`;
  }

  /** Creates a folder on a separate file system. */
  mount(name: string): string {
    const place = join(this.folder, `disk-${name}`);
    mkdirSync(place, { recursive: true });
    run('mount', ['-t', 'tmpfs', '-o', `size=${ROOMY},mode=0711`, 'tmpfs', place]);
    this.mounted.push(place);
    this.sweeper.write(`${place}\n`);
    chmodSync(place, 0o711);
    return join(place, 'data');
  }

  /** No byte more fits. */
  fill(name: string): void {
    const place = join(this.folder, `disk-${name}`);
    const used =
      spawnSync('df', ['--output=used', '-k', place], { encoding: 'utf8' })
        .stdout.trim()
        .split('\n')
        .at(-1) ?? '0';
    run('mount', ['-o', `remount,size=${Number(used) + 64}k`, place]);
  }

  empty(name: string): void {
    run('mount', ['-o', `remount,size=${ROOMY}`, join(this.folder, `disk-${name}`)]);
  }

  unmountAll(): void {
    for (const place of this.mounted.splice(0)) spawnSync('umount', ['-l', place]);
    this.sweeper.end();
  }
}

/**
 * Unmounts the announced folders after the end of this process, even after a crash; the guard
 * removes the folders.
 */
function startSweeper(): { write(line: string): void; end(): void } {
  const script = `trap '' INT TERM HUP; places=''; while read -r place; do places="$places $place"; done; sleep 6; for place in $places; do umount -l "$place" 2>/dev/null; rmdir "$place" "\${place%/*}" 2>/dev/null; done`;
  const child = spawn('/bin/sh', ['-c', script], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.unref();
  child.stdin.on('error', () => undefined);
  if (child.stdin instanceof Socket) child.stdin.unref();
  return { write: (line) => void child.stdin.write(line), end: () => void child.stdin.end() };
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
}
