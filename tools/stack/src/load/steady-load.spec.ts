import type { IntakeAnswer } from '../clients/signed-client.js';
import { drawOrder } from './orders.js';
import { randomOf } from './random.js';
import { failuresOf, SteadyLoad } from './steady-load.js';

const TAKEN: IntakeAnswer = { status: 200, message: 'OK', data: { withdrawal_id: 7 } };
const CUT: IntakeAnswer = { status: undefined, message: 'ECONNRESET', data: undefined };
const REFUSED: IntakeAnswer = { status: 400, message: 'no', data: undefined };
const random = randomOf('steady');

function loadOf(answers: readonly IntakeAnswer[], repeatsAfterMs?: number): SteadyLoad {
  const left = [...answers];
  return new SteadyLoad({
    orderOf: (number) => drawOrder(random, number, { clients: 1, bankAccount: {}, plain: true }),
    send: () => Promise.resolve(left.shift() ?? TAKEN),
    ...(repeatsAfterMs !== undefined && { repeatsAfterMs }),
  });
}

describe('a steady load', () => {
  it('sends each request once, at its time, and counts the failures of a phase', async () => {
    const load = loadOf([TAKEN, CUT, REFUSED]);
    const phase = load.enter('quiet');

    await load.run({ perSecond: 200, count: 4 });

    expect(load.phases).toEqual([phase]);
    expect(phase.posts.map(({ number }) => number)).toEqual(['7', '', '', '7']);
    expect([...phase.failed]).toEqual([
      ['no answer: ECONNRESET', 1],
      ['400 no', 1],
    ]);
    expect(failuresOf(phase)).toBe(2);
    expect(load.all().map(({ refused }) => refused)).toEqual([
      undefined,
      undefined,
      '400 no',
      undefined,
    ]);
  });

  it('repeats a request until it is accepted or refused, if asked for', async () => {
    const load = loadOf([CUT, CUT, TAKEN, CUT, REFUSED], 1);
    const phase = load.enter('rolled');

    await load.run({ perSecond: 20, count: 2 });

    expect(phase.posts.map(({ number }) => number)).toEqual(['7', '']);
    expect(load.all().map(({ number, refused }) => [number, refused])).toEqual([
      ['7', undefined],
      [undefined, '400 no'],
    ]);
  });

  it('ends with an abort', async () => {
    const ended = new AbortController();
    const load = loadOf([]);
    const running = load.run({ perSecond: 1, ended: ended.signal });
    ended.abort();

    await running;

    expect(load.all()).toHaveLength(1);
  });
});
