import { BackgroundLoop } from './background-loop.js';

const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('BackgroundLoop', () => {
  const started: BackgroundLoop[] = [];
  afterEach(() => Promise.all(started.splice(0).map((loop) => loop.stop())));

  const given = (loop: BackgroundLoop): BackgroundLoop => {
    started.push(loop);
    loop.start();
    return loop;
  };

  it('pauses for the duration returned by a step, and continues at once when woken', async () => {
    let steps = 0;
    const loop = given(
      new BackgroundLoop('test', null, () => Promise.resolve(++steps < 3 ? 0 : 60_000)),
    );
    await tick();
    expect(steps).toBe(3);
    loop.wake();
    await tick();

    expect(steps).toBe(4);
  });

  it('does not pause after a wake-up during the step', async () => {
    let steps = 0;
    const loop = given(
      new BackgroundLoop('test', null, async () => {
        await tick();
        if (++steps === 1) loop.wake();
        return 60_000;
      }),
    );
    while (steps < 2) await tick();

    expect(steps).toBe(2);
  });

  it('logs a step that throws and does it again', async () => {
    const logged: object[] = [];
    let steps = 0;
    const logger = { warn: (fields: object) => void logged.push(fields) };
    given(
      new BackgroundLoop(
        'test',
        logger,
        () => (++steps === 1 ? Promise.reject(new Error('away')) : Promise.resolve(60_000)),
        { afterFaultMs: 1 },
      ),
    );
    while (steps < 2) await tick();

    expect(logged).toEqual([{ err: new Error('away'), worker: 'test' }]);
  });

  it('logs a fault of each step once', async () => {
    let lines = 0;
    let steps = 0;
    const fail = () => Promise.reject(new Error(`block ${1_000_000 + ++steps} is unknown`));
    given(new BackgroundLoop('test', { warn: () => void lines++ }, fail, { afterFaultMs: 1 }));
    while (steps < 5) await tick();

    expect(lines).toBe(1);
  });

  it('pauses before the first run of a periodic task', async () => {
    let runs = 0;
    const loop = given(BackgroundLoop.every(60_000, 'test', null, () => Promise.resolve(++runs)));
    await tick();
    expect(runs).toBe(0);
    loop.wake();
    await tick();

    expect(runs).toBe(1);
  });

  it('stops after the step in progress, which hears of it, and never steps again', async () => {
    const ended: boolean[] = [];
    const loop = given(
      new BackgroundLoop('test', null, async (signal) => {
        await tick();
        return ended.push(signal.aborted);
      }),
    );
    await loop.stop();
    loop.wake();
    await tick();

    expect(ended).toEqual([true]);
  });

  it('stops at once during a pause, and may be stopped before the start', async () => {
    const resting = given(new BackgroundLoop('test', null, () => Promise.resolve(60_000)));
    await tick();
    const idle = new BackgroundLoop('test', null, () => Promise.reject(new Error('never')));

    await expect(Promise.all([resting.stop(), idle.stop()])).resolves.toEqual([
      undefined,
      undefined,
    ]);
  });
});
