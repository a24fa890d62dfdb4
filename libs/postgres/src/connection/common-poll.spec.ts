import { eventually } from '@sluice/test-kit';
import { CommonPoll, type PolledQuestion } from './common-poll.js';

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
