import { type Database, rowsJson } from '@sluice/postgres';
import { givenAuditor } from '../testkit/given-auditor.js';
import { ENTRY_MISSING, entryRows, STORE_ENTRIES } from './audit-entries.js';

type Entry = Parameters<typeof entryRows>[1][number];

interface Given {
  readonly service?: string;
  readonly secondsAgo?: number;
  /** Part of the hash, for an entry after a restore. */
  readonly life?: string;
}

describe('the comparison of audit entries', () => {
  let owner: Database;
  let service: Database;
  beforeEach(async () => {
    ({ owner, service } = await givenAuditor());
    await owner.query(`UPDATE audit_progress SET followed_through = now()`);
  });
  afterEach(() => Promise.all([owner.close(), service.close()]));

  const hashOf = (number: number, life: string) => `${life} ${number}`;

  async function recorded(numbers: readonly number[], given: Given = {}): Promise<void> {
    const { service: source = 'ledger', secondsAgo = 60, life = 'a' } = given;
    const entries = numbers.map((number): object => ({
      time: new Date(Date.now() - secondsAgo * 1_000).toISOString(),
      data: {
        number: String(number),
        hash: hashOf(number, life),
        previousHash: hashOf(number - 1, life),
        callId: 'c',
        callerKind: 'person',
        callerName: 'peter',
        method: 'POST',
        route: '/r',
        target: '/r',
        status: null,
      },
    }));
    await service.query(STORE_ENTRIES, [rowsJson(entryRows(source, entries as Entry[]))]);
  }

  async function found(): Promise<readonly string[]> {
    await service.query(ENTRY_MISSING, [['connector-evm'], ['wallet']]);
    const rows = await owner.query<{ text: string }>(
      `SELECT concat_ws(' ', scope, target, ':', subject) AS text FROM finding WHERE kind = 'audit_entry_missing' ORDER BY id`,
    );
    return rows.map(({ text }) => text);
  }

  it('finds nothing in chains without a gap, wherever the audit began and however often they are read', async () => {
    await recorded([41, 42, 43]);
    await recorded([42, 43, 44]);
    await recorded([1, 2], { service: 'connector-evm' });

    expect(await found()).toEqual([]);
  });

  it('finds a gap once, and not before the messages of 15 seconds are stored', async () => {
    await recorded([1, 2]);
    await recorded([4], { secondsAgo: 5 });
    expect(await found()).toEqual([]);

    await owner.query(`UPDATE audit_progress SET followed_through = now() + interval '20 seconds'`);
    expect(await found()).toEqual(['all : ledger 4 a 4']);
    expect(await found()).toHaveLength(1);
  });

  it('finds an older log that goes on under the numbers of known entries', async () => {
    await recorded([1, 2, 3], { service: 'connector-evm' });
    await recorded([3, 4], { service: 'connector-evm', life: 'b' });

    expect(await found()).toEqual(['venue wallet : connector-evm 3 b 3']);
  });

  it('finds an entry after an entry that was replaced', async () => {
    await recorded([1, 2]);
    await recorded([3], { life: 'b' });

    expect(await found()).toEqual(['all : ledger 3 b 3']);
  });
});
