import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
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
