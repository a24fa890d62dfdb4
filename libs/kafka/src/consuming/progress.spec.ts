import { Progress } from './progress.js';

const OURS = { notes: [0, 1] };
const NOBODY = () => false;

describe('Progress', () => {
  let now = 0;
  let progress: Progress;
  beforeEach(() => {
    now = 0;
    progress = new Progress(() => now);
    progress.assigned(OURS);
  });
  const measured = (end0: number, end1 = 0, committed = 0) =>
    progress.measured(
      new Map([
        ['notes 0', { start: 0, end: end0 }],
        ['notes 1', { start: 0, end: end1 }],
      ]),
      () => committed,
    );

  it('says it when records wait and none comes', () => {
    measured(7);
    now = 5_100;

    expect(progress.faults(NOBODY)).toEqual([
      'kafka: 7 records wait in notes, partition 0, and none came for 5100 ms',
    ]);
    expect(progress.faults((_topic, partition) => partition === 0)).toEqual([]);
    expect(progress.lags()).toEqual([
      { topic: 'notes', partition: 0, lag: 7 },
      { topic: 'notes', partition: 1, lag: 0 },
    ]);
  });

  it('knows no lag before the log is measured, also after a batch', () => {
    progress.moved('notes', 0, 7);

    expect(progress.lags()).toEqual([
      { topic: 'notes', partition: 0, lag: null },
      { topic: 'notes', partition: 1, lag: null },
    ]);
  });

  it('says nothing while they come, however many wait', () => {
    for (let next = 0; next < 10; next++) {
      measured(1_000);
      now += 4_000;
      progress.moved('notes', 0, next);
    }

    expect(progress.faults(NOBODY)).toEqual([]);
    expect(progress.lags()[0]?.lag).toBe(991);
  });

  it('says it when a batch does not end', () => {
    progress.began('notes', 1);
    now = 9_900;
    expect(progress.faults(NOBODY)).toEqual([]);
    now = 10_200;
    expect(progress.faults(NOBODY)).toEqual([
      'kafka: a batch of notes, partition 1, has been under way for 10200 ms',
    ]);

    progress.ended('notes', 1);
    expect(progress.faults(NOBODY)).toEqual([]);
  });

  it('counts from what the group has committed, and from where a log begins', () => {
    measured(7, 0, 5);
    expect(progress.lags()[0]?.lag).toBe(2);
    progress.assigned({ notes: [0] });
    progress.measured(new Map([['notes 0', { start: 4, end: 7 }]]), () => null);
    expect(progress.lags()).toEqual([{ topic: 'notes', partition: 0, lag: 3 }]);
  });
});
