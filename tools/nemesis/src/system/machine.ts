import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { Socket } from 'node:net';
import type { Environment } from '@sluice/stack';

// The offset, in microseconds, lies in a file that every PostgreSQL process maps: a step reaches all of them at once.
const SOURCE = `#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *offset;

__attribute__((constructor)) static void map_offset(void) {
  const char *path = getenv("NEMESIS_MACHINE_CLOCK");
  int file = path == NULL ? -1 : open(path, O_RDONLY);
  if (file < 0) return;
  void *mapped = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (mapped != MAP_FAILED) offset = mapped;
}

static int64_t micros(void) {
  struct timespec now;
  syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000 + (offset == NULL ? 0 : *offset);
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void)zone;
  int64_t at = micros();
  now->tv_sec = at / 1000000;
  now->tv_usec = at % 1000000;
  return 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  if (clock != CLOCK_REALTIME) return (int)syscall(SYS_clock_gettime, clock, now);
  int64_t at = micros();
  now->tv_sec = at / 1000000;
  now->tv_nsec = at % 1000000 * 1000;
  return 0;
}

time_t time(time_t *now) {
  time_t at = (time_t)(micros() / 1000000);
  if (now != NULL) *now = at;
  return at;
}
`;

/**
 * PostgreSQL's time of day, moved like the time of the services; the monotonic clock stays right. A
 * preloaded library replaces the clock functions of the C library. The library is compiled on this
 * machine; without a compiler, the clock cannot be moved.
 */
export class MachineClock {
  private constructor(
    private readonly library: string,
    private readonly file: string,
  ) {}

  /** Undefined if this machine cannot compile the library. */
  static in(folder: string): MachineClock | undefined {
    if (process.platform !== 'linux') return undefined;
    const place = join(folder, 'machine-clock');
    mkdirSync(place, { recursive: true, mode: 0o755 });
    const [source, library] = [join(place, 'clock.c'), join(place, 'clock.so')];
    writeFileSync(source, SOURCE);
    const args = ['-shared', '-fPIC', '-O2', '-o', library, source];
    if (spawnSync('cc', args, { stdio: 'ignore' }).status !== 0) return undefined;
    const clock = new MachineClock(library, join(place, 'offset'));
    writeFileSync(clock.file, Buffer.alloc(8));
    return clock;
  }

  /** Environment for starting PostgreSQL. */
  get environment(): Environment {
    return { LD_PRELOAD: this.library, NEMESIS_MACHINE_CLOCK: this.file };
  }

  /** Sets the offset, effective immediately. */
  set(offsetMs: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(offsetMs) * 1_000n);
    const handle = openSync(this.file, 'r+'); // the same file, because the file is mapped
    writeSync(handle, bytes, 0, bytes.length, 0);
    closeSync(handle);
  }
}

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
