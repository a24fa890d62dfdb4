import { BackgroundLoop, causeOf, FaultLog, Patience } from './background-loop.js';

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

function givenLog() {
  const lines: object[] = [];
  let ms = 0;
  const log = new FaultLog({ warn: (fields, text) => lines.push({ ...fields, text }) }, () => ms);
  const fail = (cause: string): void => log.warn(cause, { cause }, 'failed');
  return { lines, fail, pass: (forMs: number) => (ms += forMs) };
}

describe('a fault of repeated work', () => {
  it('is logged once per cause and minute, and counts the lines left out', () => {
    const { lines, fail, pass } = givenLog();
    for (let i = 0; i < 120; i++, pass(500)) fail(i % 2 === 0 ? 'refused' : 'time-out');
    fail('refused');

    expect(lines).toEqual([
      { cause: 'refused', text: 'failed' },
      { cause: 'time-out', text: 'failed' },
      { cause: 'refused', text: 'failed', leftOut: 59 },
    ]);
  });

  it('is logged also if each cause is another, in bounded memory', () => {
    const { lines, fail } = givenLog();
    for (let i = 0; i < 1_000; i++) fail(`cause ${i}`);
    expect(lines).toHaveLength(1_000);
  });

  it.each([
    ['block 18000001 is unknown', 'block 18000002 is unknown', true],
    ['order 7c1e0b52-9d3f-4b1a is late', 'order 0a1e0b53-9d3f-4c2b is late', true],
    ['a pause until 2026-11-29T01:00:10.001Z', 'a pause until 2026-11-30T13:20:05.400Z', true],
    ['status 403', 'status 429', false],
    ['connect ECONNREFUSED', 'read ECONNRESET', false],
  ])('%j and %j are the same cause: %s', (first, second, isSame) => {
    expect(causeOf(new Error(first)) === causeOf(new Error(second))).toBe(isSame);
  });
});

describe('Patience', () => {
  let now = 0;
  const given = () => {
    now = 0;
    return new Patience(10, () => now);
  };
  const refused = () => Promise.resolve(false);
  const taken = () => Promise.resolve(true);

  it('permits the work at once with the lock', async () => {
    expect(await given().permits(taken)).toBe(true);
  });

  it('permits the work once without the lock after the limit, and not before', async () => {
    const patience = given();
    const permitted: number[] = [];
    for (; now <= 40; now += 1) if (await patience.permits(refused)) permitted.push(now);

    expect(permitted).toEqual([11, 23, 35]);
  });

  it('does not wait for a lock after the limit', async () => {
    const patience = given();
    await patience.permits(refused);
    now = 11;

    expect(await patience.permits(() => new Promise(() => undefined))).toBe(true);
  });

  it('counts a lock that cannot be read as refused', async () => {
    const patience = given();
    const failed = () => Promise.reject(new Error('canceling statement due to lock timeout'));
    await expect(patience.permits(failed)).rejects.toThrow('lock timeout');
    now = 11;

    expect(await patience.permits(failed)).toBe(true);
  });

  it('starts again after each permission', async () => {
    const patience = given();
    await patience.permits(refused);
    now = 8;
    expect(await patience.permits(taken)).toBe(true);
    now = 12;

    expect(await patience.permits(refused)).toBe(false);
  });
});
