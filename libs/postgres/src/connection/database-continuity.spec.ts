import { eventually } from '@sluice/test-kit';
import {
  DatabaseContinuity,
  discontinuityOf,
  type ContinuityClient,
} from './database-continuity.js';

describe('whether a database is still the one that was written to', () => {
  const known = { identity: '7 00000001 16384', nextXid: 100n };

  it('is not known before it was seen once', () => {
    expect(discontinuityOf(null, 0n, known)).toBeNull();
  });

  it('holds while its transactions go on', () => {
    expect(discontinuityOf(known, 99n, known)).toBeNull();
    expect(discontinuityOf(known, 120n, { ...known, nextXid: 121n })).toBeNull();
  });

  it.each([
    ['server', '8 00000001 16384'],
    ['timeline', '7 00000002 16384'],
    ['database', '7 00000001 16385'],
  ])('does not hold when the %s is another one', (_what, identity) => {
    expect(discontinuityOf(known, 99n, { identity, nextXid: 5_000n })).toContain('is another one');
  });

  it('does not hold when the number of a committed transaction is to be given again', () => {
    expect(discontinuityOf(known, 120n, { ...known, nextXid: 120n })).toBe(
      'transaction 120 was committed, and the next one is to be 120',
    );
  });
});

describe('a connection that is opened while another one brings an earlier discontinuity in order', () => {
  const position = { isStandby: false, identity: '7 00000001 16384', nextXid: '100' };
  const connection = (): ContinuityClient => ({
    query: <R extends object>() => Promise.resolve({ rows: [position as R] }),
  });

  it('is handed out when its own discontinuity is in order, by a connection of its own time', async () => {
    const continuity = new DatabaseContinuity();
    const settledBy: unknown[] = [];
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    continuity.listen({
      settle: async (client) => {
        settledBy.push(client);
        if (settledBy.length === 1) await held;
      },
    });
    const [early, late] = [connection(), connection()];
    continuity.broken('the first');
    const first = continuity.admit(early);
    await eventually(() => expect(settledBy).toEqual([early]));
    continuity.broken('the second');
    const second = continuity.admit(late);
    goOn();
    await Promise.all([first, second]);

    expect(settledBy).toEqual([early, late]);
    expect([continuity.isStale(early), continuity.isStale(late)]).toEqual([true, false]);
  });
});
