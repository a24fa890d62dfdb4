import { monotonicMs, RemoteClock } from '@sluice/runtime';
import { eventually } from '@sluice/test-kit';
import {
  CommonPoll,
  DatabaseClock,
  type DatabaseClockOptions,
  type PolledQuestion,
} from './database-clock.js';

describe('DatabaseClock', () => {
  /** The process is `aheadMs` ahead of a database whose clock says what `ask` answers. */
  const given = async (
    ask: () => Promise<number>,
    aheadMs = 0,
    options: DatabaseClockOptions = {},
  ) => {
    const query = async <R>() => [{ ms: await ask() }] as R[];
    const clock = new DatabaseClock(
      { query },
      { clock: new RemoteClock(undefined, () => new Date(Date.now() + aheadMs)), ...options },
    );
    await clock.read();
    return clock;
  };
  const right = () => Promise.resolve(Date.now());

  it('does not start without a reading, so that it can always say a time', async () => {
    await expect(given(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
  });

  it.each([
    [
      121_000,
      `this process's clock is 121 s ahead of its database's: one of the two machines has a wrong time`,
    ],
    [
      -2_600,
      `this process's clock is 3 s behind its database's: one of the two machines has a wrong time`,
    ],
    [1_900, null],
    [-1_900, null],
  ])('a process that is %d ms ahead: %s', async (aheadMs, fault) => {
    expect((await given(right, aheadMs)).fault()).toBe(fault);
  });

  it('tells the time of the database, whatever the process believes', async () => {
    const clock = await given(right, 3_600_000);

    expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(2_000);
  });

  it('says by how much the clock of the database was set, and believes it', async () => {
    const jumps: number[] = [];
    let offMs = 0;
    const clock = await given(() => Promise.resolve(Date.now() + offMs), 0, {
      onJump: (byMs) => jumps.push(byMs),
    });

    offMs = -60_000;
    await clock.read();

    expect(jumps).toHaveLength(1);
    expect(jumps[0]).toBeLessThan(-58_000);
    expect(clock.fault()).toContain('60 s ahead');
  });

  it('takes the readings of the common poll', async () => {
    const clock = await given(right);
    const [askedAtMs, answeredAtMs] = [monotonicMs(), monotonicMs() + 1];
    clock.question.onAnswer(Date.now() - 60_000, { askedAtMs, answeredAtMs });

    expect(clock.fault()).toContain('60 s ahead');
  });

  it('goes on by what it knows while the database does not answer, and asks one question at a time', async () => {
    let asked = 0;
    let answer: () => Promise<number> = right;
    const clock = await given(() => (asked++, answer()));
    let give: (ms: number) => void = () => undefined;
    answer = () => new Promise((resolve) => (give = resolve));

    const [first, second] = [clock.read(), clock.read()];

    expect([first === second, asked]).toEqual([true, 2]);
    expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(2_000);
    give(Date.now());
    await first;
  });
});

/** Statement of the poll, as a fake database receives it. */
interface Asked {
  readonly sql: string;
  readonly params: readonly unknown[];
}

const denied = Object.assign(new Error('relation "a" does not exist'), { code: '42P01' });
const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });

describe('CommonPoll', () => {
  let asked: Asked[];
  let answer: (of: Asked) => Promise<object>;
  let answers: string[];
  let poll: CommonPoll;
  beforeEach(() => {
    [asked, answers] = [[], []];
    answer = ({ sql }) =>
      Promise.resolve(
        Object.fromEntries(
          [...sql.matchAll(/\((\w+)[^)]*\) AS (a\d)/g)].map(([, of, as]) => [as, of]),
        ),
      );
    const query = async <R>(sql: string, params: readonly unknown[]) => {
      asked.push({ sql, params });
      return [await answer({ sql, params })] as R[];
    };
    poll = new CommonPoll({ query }, 20);
  });
  afterEach(() => poll.stop());

  const question = (sql: string, everyMs?: number): PolledQuestion => ({
    sql: () => sql,
    onAnswer: (of) => void answers.push(String(of)),
    ...(everyMs !== undefined && { everyMs }),
  });

  it('asks all questions in one statement, each with its parameters', async () => {
    poll.add({ ...question('one'), sql: (param) => `one ${param('x')}` });
    poll.add({ ...question('two'), sql: (param) => `two ${param('y')} ${param('z')}` });
    await poll.ask();

    expect(asked).toEqual([
      { sql: 'SELECT (one $1) AS a0, (two $2 $3) AS a1', params: ['x', 'y', 'z'] },
    ]);
    expect(answers).toEqual(['one', 'two']);
  });

  it('asks by itself at the shortest interval, and at once after an addition', async () => {
    poll.add(question('slow'));
    poll.start();
    await eventually(() => expect(answers).toEqual(['slow']));
    poll.add(question('fast', 5));

    await eventually(() => expect(answers.filter((of) => of === 'fast').length).toBeGreaterThan(2));
  });

  it('asks one by one after the fault of a single question', async () => {
    const together = answer;
    answer = (of) => (of.sql.includes('(bad)') ? Promise.reject(denied) : together(of));
    poll.add(question('bad'));
    poll.add(question('good'));
    await poll.ask();

    expect(answers).toEqual(['good']);
  });

  it('asks no more than once while the database is away', async () => {
    answer = () => Promise.reject(away);
    poll.add(question('one'));
    poll.add(question('two'));
    await poll.ask();

    expect(asked).toHaveLength(1);
  });

  it('asks the other questions while one of them is blocked, and the blocked one once', async () => {
    const together = answer;
    let isBlocked = true;
    answer = (of) =>
      isBlocked && of.sql.includes('(locked)') ? new Promise(() => undefined) : together(of);
    poll.add(question('locked'));
    poll.add(question('free'));
    await poll.ask();
    await poll.ask();
    isBlocked = false;
    await poll.ask();

    expect(answers).toEqual(['free', 'free', 'free']);
    expect(asked.filter(({ sql }) => sql.includes('(locked)'))).toHaveLength(2);
  });
});
