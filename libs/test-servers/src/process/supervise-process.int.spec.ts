import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tempFolder } from '../machine/files.js';
import { startGuard } from './process-guard.js';
import { endWhenHung, isAlive } from './launch.js';
import {
  superviseProcess,
  type SupervisedProcess,
  type SupervisedSpec,
} from './supervise-process.js';
import { until } from './wait.js';

const guard = startGuard();

describe('superviseProcess', () => {
  const logFile = join(tempFolder(guard), 'child.log');
  const running: SupervisedProcess[] = [];
  afterEach(() => Promise.all(running.splice(0).map((process) => process.stop())));

  async function supervise(
    script: string,
    changes: Partial<SupervisedSpec> = {},
  ): Promise<SupervisedProcess> {
    const spec = {
      name: 'child',
      logFile,
      guard,
      restart: true,
      command: () => ({ command: process.execPath, args: ['-e', script] }),
      ready: async () => undefined,
    };
    const supervised = await superviseProcess({ ...spec, ...changes });
    running.push(supervised);
    return supervised;
  }

  it('restarts a dead process, reports the cause of death, and requests the command again', async () => {
    const events: string[] = [];
    let lives = 0;
    const child = await supervise('', {
      command: () => ({
        command: process.execPath,
        args: ['-e', `console.log('life ${++lives}'); setInterval(() => {}, 1000)`],
      }),
      events: {
        onRestarted: (name, exit, afterMs, pid) =>
          events.push(`${name} ${exit.signal} ${afterMs >= 1_000} ${isAlive(pid)}`),
      },
    });
    const first = child.pid();

    await child.kill('SIGKILL');
    await child.untilReady();

    expect(child.pid()).not.toBe(first);
    await until('no line', async () => expect(events).toEqual(['child SIGKILL true true']), 2_000);
    await until(
      'no second life',
      async () => expect(readFileSync(logFile, 'utf8')).toContain('life 2'),
      2_000,
    );
  });

  it('keeps restarting a process that dies again at once', async () => {
    const failures: string[] = [];
    let lives = 0;
    const child = await supervise('', {
      command: () => ({
        command: process.execPath,
        args: ['-e', ++lives === 2 ? 'process.exit(3)' : 'setInterval(() => {}, 1000)'],
      }),
      ready: async () => {
        if (lives === 2) throw new Error('not yet');
      },
      events: { onRestartFailed: (_name, error) => failures.push(error.message) },
    });

    await child.kill('SIGKILL');
    await until('no third life', async () => expect(lives).toBe(3), 10_000);
    await child.untilReady();

    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain('exit code 3');
  });

  it('leaves a process alone that lives again and is not ready, because something else is away', async () => {
    const events: string[] = [];
    let away = false;
    const child = await supervise('setInterval(() => {}, 1000)', {
      readyTimeoutMs: 300,
      alive: async () => undefined,
      ready: async () => {
        if (away) throw new Error('Kafka is away');
      },
      events: {
        onUnready: (name, error) => events.push(`${name} unready: ${error.message}`),
        onRestartFailed: (name) => events.push(`${name} failed`),
        onStarted: (name) => events.push(`${name} ready`),
      },
    });
    away = true;

    await child.kill('SIGKILL');
    await until('nothing is events', async () => expect(events).toHaveLength(2), 10_000);
    const second = child.pid();
    await sleep(1_500); // longer than it had to become ready
    away = false;
    await until('it is not ready', async () => expect(events).toHaveLength(3), 10_000);

    expect(events).toEqual(['child ready', 'child unready: Kafka is away', 'child ready']);
    expect(child.pid()).toBe(second);
  });

  it('keeps a process that is not ready at its first start, and reports cause and readiness', async () => {
    const events: string[] = [];
    let away = true;
    const child = await supervise('setInterval(() => {}, 1000)', {
      keepsUnready: true,
      readyTimeoutMs: 300,
      alive: async () => undefined,
      ready: async () => {
        if (away) throw new Error('a row is wrong');
      },
      events: {
        onUnready: (name, error) => events.push(`${name} unready: ${error.message}`),
        onStarted: (name) => events.push(`${name} ready`),
      },
    });
    expect(events).toEqual(['child unready: a row is wrong']);
    expect(isAlive(child.pid() ?? 0)).toBe(true);

    away = false;

    await until('it is not ready', async () => expect(events[1]).toBe('child ready'), 10_000);
  });

  it('restarts a process that ends at its first start, and reports the end of its log', async () => {
    const events: string[] = [];
    let lives = 0;
    const child = await supervise('', {
      keepsUnready: true,
      command: () => ({
        command: process.execPath,
        args: [
          '-e',
          ++lives === 1 ? 'console.log("no key"); process.exit(3)' : 'setInterval(() => {}, 1000)',
        ],
      }),
      ready: async () => {
        if (lives === 1) throw new Error('not yet');
      },
      events: { onUnready: (_name, error) => events.push(error.message) },
    });

    expect(events).toEqual([expect.stringMatching(/ended at start \(exit code 3\)[^]*no key$/)]);
    await until('no second life', async () => expect(lives).toBe(2), 10_000);
    await child.untilReady();
  });

  it('ends a life that has not answered for long, and no other', async () => {
    const child = await supervise('setInterval(() => {}, 1000)', { restart: false });
    const life = {
      pid: child.pid() ?? 0,
      exit: () => undefined,
      ended: child.ended(),
      signal: (signal: NodeJS.Signals) => void child.kill(signal),
    };
    const answers = async (): Promise<void> => undefined;
    const hangs = async (): Promise<never> => Promise.reject(new Error('no answer'));
    let watched = true;

    const watching = endWhenHung(life, answers, () => watched, 10);
    await sleep(300);
    expect(isAlive(life.pid)).toBe(true);
    watched = false;
    await watching;
    await endWhenHung(life, hangs, () => true, 10);

    expect((await child.ended()).signal).toBe('SIGKILL');
  });

  it('has one life when it is restarted in the pause after a death', async () => {
    let lives = 0;
    const child = await supervise('', {
      command: () => ({
        command: process.execPath,
        args: ['-e', `setInterval(() => {}, ${1_000 + ++lives})`],
      }),
    });

    await child.kill('SIGKILL');
    await child.restart();
    const second = child.pid();
    await sleep(1_500);

    expect({ lives, pid: child.pid() }).toEqual({ lives: 2, pid: second });
  });

  it('tries again when the command itself could not be found out', async () => {
    let asked = 0;
    const child = await supervise('', {
      command: async () => {
        if (++asked === 2) throw new Error('the simulator does not answer yet');
        return { command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'] };
      },
    });

    await child.kill('SIGKILL');
    await child.untilReady();

    expect(asked).toBe(3);
  });

  it('stops a process that ignores SIGTERM after its grace, and does not restart it', async () => {
    const child = await supervise(
      `process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000)`,
      { stopGraceMs: 300 },
    );
    await until(
      'not deaf yet',
      async () => expect(readFileSync(logFile, 'utf8')).toContain('deaf'),
      5_000,
    );
    const pid = child.pid();

    await child.stop();

    expect(pid !== undefined && isAlive(pid)).toBe(false);
    expect(child.pid()).toBeUndefined();
  });

  it('fails at once, with the end of the log, when a process ends before it was ready', async () => {
    const ready = async (): Promise<never> => Promise.reject(new Error('no answer'));

    await expect(
      supervise(`console.error('port is taken'); process.exit(1)`, { ready }),
    ).rejects.toThrow(/ended at start \(exit code 1\)[\s\S]*port is taken/);
  });
});
