import type { State, Withdrawal } from '@sluice/withdrawal-core';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { aStored } from '../../testkit/a-withdrawal.js';
import { isAwaited, Waiters } from './waiters.js';

const isHeld = ({ state }: Withdrawal) => state !== 'requested';

const stored = (id: string, state: Withdrawal['state']) => aStored({ id }, { state });

/** What a database would have, said by the test. */
class KnownWaiters extends Waiters {
  constructor(private readonly known: (ids: readonly string[]) => Promise<StoredWithdrawal[]>) {
    super();
  }

  protected override lookUp(ids: readonly string[]): Promise<StoredWithdrawal[]> {
    return this.known(ids);
  }
}

describe('Waiters', () => {
  it('wakes only those whose condition holds, and gives the others the newest that is known when their time is over', async () => {
    const waiters = new KnownWaiters(() => Promise.resolve([]));
    const held = waiters.wait('w1', isHeld, 1_000);
    const paid = waiters.wait('w1', ({ state }) => state === 'completed', 20);
    waiters.wake(stored('w1', 'submitting'));
    expect(await held).toMatchObject({
      reached: true,
      last: { withdrawal: { state: 'submitting' } },
    });
    expect(await paid).toMatchObject({
      reached: false,
      last: { withdrawal: { state: 'submitting' } },
    });
  });

  it('answers a notification of another instance with one look-up for all', async () => {
    const lookUps: (readonly string[])[] = [];
    const waiters = new KnownWaiters((ids) => {
      lookUps.push(ids);
      return Promise.resolve(ids.map((id) => stored(id, 'submitting')));
    });
    const both = [waiters.wait('w1', isHeld, 1_000), waiters.wait('w2', isHeld, 1_000)];
    await Promise.all([waiters.refresh(), waiters.refresh(), waiters.refresh()]);
    expect((await Promise.all(both)).map(({ reached }) => reached)).toEqual([true, true]);
    expect(lookUps).toEqual([['w1', 'w2']]);
  });

  it('reads only the awaited ones of the changed withdrawals', async () => {
    const lookUps: (readonly string[])[] = [];
    const waiters = new KnownWaiters((ids) => {
      lookUps.push(ids);
      return Promise.resolve(ids.map((id) => stored(id, 'submitting')));
    });
    const waiting = waiters.wait('w1', isHeld, 1_000);
    const other = waiters.wait('w2', isHeld, 60_000);
    await waiters.refresh(['w3']);
    await waiters.refresh(['w3', 'w1']);
    expect(await waiting).toMatchObject({ reached: true });
    expect(lookUps).toEqual([['w1']]);
    waiters.drop('w2');
    await other;
  });

  it('lets go of a wait that nobody will answer', async () => {
    const waiters = new KnownWaiters(() => Promise.resolve([]));
    const waiting = waiters.wait('w1', isHeld, 60_000);
    waiters.drop('w1');
    expect(await waiting).toEqual({ reached: false, last: null });
  });

  it('goes on waiting while the database is away, and looks again', async () => {
    let away = true;
    const waiters = new KnownWaiters((ids) =>
      away
        ? Promise.reject(new Error('away'))
        : Promise.resolve(ids.map((id) => stored(id, 'submitting'))),
    );
    const waiting = waiters.wait('w1', isHeld, 5_000);
    await waiters.refresh(); // does not reject: nobody could catch it
    away = false;
    expect(await waiting).toMatchObject({ reached: true });
  });
});

const CANCEL = { requestedAt: new Date(0), requestedBy: 'ck_1', refusal: null };

function aWithdrawal(change: Partial<Withdrawal> = {}): Withdrawal {
  return { venue: 'gateio', cancel: null, ...change } as Withdrawal;
}

describe('a step is awaited', () => {
  it.each<State>(['requested', 'submitting', 'uncertain', 'undecided', 'releasing', 'cancelling'])(
    'from %s: the venue has not decided',
    (before) => {
      expect(isAwaited(before, aWithdrawal())).toBe(true);
    },
  );

  it.each<State>(['submitted', 'broadcast', 'capturing'])(
    'from %s only with a request to cancel',
    (before) => {
      expect(isAwaited(before, aWithdrawal())).toBe(false);
      expect(isAwaited(before, aWithdrawal({ cancel: CANCEL }))).toBe(true);
    },
  );

  it.each(['gateio', 'wallet'])(
    'from awaiting_approval at %s only with a request to cancel',
    (venue) => {
      expect(isAwaited('awaiting_approval', aWithdrawal({ venue }))).toBe(false);
      expect(isAwaited('awaiting_approval', aWithdrawal({ venue, cancel: CANCEL }))).toBe(true);
    },
  );

  it('at our own wallet until the broadcast', () => {
    expect(isAwaited('submitted', aWithdrawal({ venue: 'wallet' }))).toBe(true);
    expect(isAwaited('broadcast', aWithdrawal({ venue: 'wallet' }))).toBe(false);
  });
});
