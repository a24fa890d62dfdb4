import type { Logger } from '@sluice/runtime';
import { Amount } from '@sluice/kernel';
import type { ClaimOutcome } from '../queue/outcomes.js';
import { OutcomeCommitter } from './outcome-committer.js';

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

function accepted(id: string): ClaimOutcome {
  return {
    claim: {
      withdrawalId: id,
      clientReference: id,
      asset: 'USDT.ETH',
      accountId: id,
      token: '1',
      request: { form: 'f', body: '', gross: Amount.of('1', 'USDT.ETH'), evidence: {} },
      attempt: 1,
      isRepeat: false,
      leftMs: null,
    },
    outcome: { kind: 'accepted', venueReference: 'v1', evidence: { status: 200, body: '' } },
  };
}

let woken = 0;
const refusals = { loop: { wake: () => void woken++ } };

/** The database as far as the committer sees it: takes a batch or throws what `faults` says. */
class Store {
  readonly refuse = (): Promise<void> => Promise.resolve();
  readonly batches: (readonly ClaimOutcome[])[] = [];
  constructor(
    private readonly fault: (batch: readonly ClaimOutcome[]) => Error | undefined = () => undefined,
  ) {}

  async store(batch: readonly ClaimOutcome[]): Promise<number> {
    await Promise.resolve();
    const fault = this.fault(batch);
    if (fault !== undefined) throw fault;
    this.batches.push(batch);
    return 0;
  }
}

describe('OutcomeCommitter', () => {
  it('stores what finished during a commit together in the next one', async () => {
    const store = new Store();
    const committer = new OutcomeCommitter(store, silent, refusals, { venue: 'gateio' });
    for (const id of ['a', 'b', 'c']) committer.add(accepted(id));
    await committer.drained();

    expect(store.batches.map((batch) => batch.length)).toEqual([3]);
  });

  it('has refusals looked up at once', async () => {
    woken = 0;
    const committer = new OutcomeCommitter(new Store(), silent, refusals, { venue: 'gateio' });
    committer.add(accepted('a'));
    await committer.drained();
    expect(woken).toBe(0);

    const evidence = { status: 400, body: '' };
    const outcome = {
      kind: 'refused',
      reason: 'rejected',
      venueCode: null,
      message: 'no',
      evidence,
    };
    committer.add({ ...accepted('b'), outcome } as ClaimOutcome);
    await committer.drained();
    expect(woken).toBe(1);
  });

  it('keeps an outcome until the database takes it', async () => {
    let faults = 2;
    const store = new Store(() => (faults-- > 0 ? new Error('away') : undefined));
    const committer = new OutcomeCommitter(store, silent, refusals, { venue: 'gateio' });
    committer.add(accepted('a'));
    await committer.drained();

    expect(store.batches.flat().map(({ claim }) => claim.withdrawalId)).toEqual(['a']);
  });

  it('does not believe a reference that belongs to another submission; the rest of the batch is stored', async () => {
    const store = new Store((batch) =>
      batch.some(({ claim, outcome }) => claim.withdrawalId === 'b' && outcome.kind === 'accepted')
        ? Object.assign(new Error('unique'), { code: '23505' })
        : undefined,
    );
    const committer = new OutcomeCommitter(store, silent, refusals, { venue: 'gateio' });
    for (const id of ['a', 'b', 'c']) committer.add(accepted(id));
    await committer.drained();

    expect(
      store.batches.flat().map(({ claim, outcome }) => `${claim.withdrawalId} ${outcome.kind}`),
    ).toEqual(['a accepted', 'b unknown', 'c accepted']);
  });

  it('sets apart an outcome whose content no column takes; those behind it are stored', async () => {
    const store = new Store((batch) =>
      batch.some(({ outcome }) => outcome.evidence.body.includes('odd'))
        ? Object.assign(new Error('unsupported Unicode escape sequence'), { code: '22P05' })
        : undefined,
    );
    const committer = new OutcomeCommitter(store, silent, refusals, { venue: 'gateio' });
    const odd = accepted('b');
    committer.add(accepted('a'));
    committer.add({
      ...odd,
      outcome: { kind: 'unknown', cause: 'c', evidence: { status: 502, body: 'odd' } },
    });
    committer.add(accepted('c'));
    await committer.drained();

    expect(
      store.batches.flat().map(({ claim, outcome }) => [claim.withdrawalId, outcome.evidence.body]),
    ).toEqual([
      ['a', ''],
      ['b', '(could not be stored)'],
      ['c', ''],
    ]);
  });
});
