import { type Database, rowsJson } from '@sluice/postgres';
import { givenAuditor } from '../testkit/given-auditor.js';
import { entryRows, STORE_ENTRIES } from './audit-entries.js';
import { compareDemands, demandRows, STORE_DEMANDS } from './demands.js';
import { servicesOfVenues } from './report-rows.js';

type Entry = Parameters<typeof entryRows>[1][number];
type DemandOf = Parameters<typeof demandRows>[1][number];

interface Demand {
  readonly demandId: string;
  readonly action: string;
  readonly target: string;
  readonly digest: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly callId: string | null;
  readonly approvedBy?: string;
  readonly approvedAt?: string;
}

const LIFT = '/internal/halts/:id/lift';
const APPROVE = '/internal/approvals/:id';
const DAY_S = 86_400;
/** Start of the test: a demand and its approval have the same times. */
let startedAt = 0;
const ago = (seconds: number): string => new Date(startedAt - seconds * 1_000).toISOString();

describe('the comparison of approvals', () => {
  let owner: Database;
  let service: Database;
  let source: string;
  let entries: object[];
  let demands: object[];

  beforeEach(async () => {
    startedAt = Date.now();
    ({ owner, service } = await givenAuditor());
    [source, entries, demands] = ['ledger', [], []];
    entry('first', 'ada', { secondsAgo: 3 * DAY_S, route: '/r' });
  });
  afterEach(() => Promise.all([owner.close(), service.close()]));

  function entry(
    callId: string,
    callerName: string,
    given: {
      readonly status?: number;
      readonly route?: string;
      readonly target?: string;
      readonly secondsAgo?: number;
      readonly callerKind?: string;
    } = {},
  ): void {
    const { status = null, route = LIFT, target = '/internal/halts/7/lift' } = given;
    const { secondsAgo = 60, callerKind = 'person' } = given;
    const number = entries.length + 1;
    const data = { callId, callerKind, callerName, method: 'POST', route, target, status };
    const chain = { number: String(number), hash: `${number}`, previousHash: `${number - 1}` };
    entries.push({ time: ago(secondsAgo), data: { ...data, ...chain } });
  }

  /** A successful call with both entries. */
  function called(callId: string, by: string, given: Parameters<typeof entry>[2] = {}): void {
    entry(callId, by, given);
    entry(callId, by, { ...given, status: 200 });
  }

  function demanded(demand: Demand): void {
    const type = `audit.demand-${demand.approvedBy === undefined ? 'requested' : 'approved'}.v1`;
    demands.push({ id: `m${demands.length}`, type, data: demand });
  }

  const requested = (given: Partial<Demand> = {}): Demand => ({
    demandId: '3',
    action: 'lift halt',
    target: '7',
    digest: 'ab',
    requestedBy: 'olivia',
    requestedAt: ago(120),
    callId: 'one',
    ...given,
  });
  const approved = (given: Partial<Demand> = {}): Demand => ({
    ...requested(),
    approvedBy: 'peter',
    approvedAt: ago(60),
    callId: 'two',
    ...given,
  });

  /** Stores everything, twice, as after a restart of the auditor. */
  async function store(): Promise<void> {
    for (let time = 0; time < 2; time++) {
      await service.query(STORE_DEMANDS, [rowsJson(demandRows(source, demands as DemandOf[]))]);
      await service.query(STORE_ENTRIES, [rowsJson(entryRows(source, entries as Entry[]))]);
    }
  }

  async function found(followed = `now() + interval '1 minute'`): Promise<readonly string[]> {
    await store();
    await owner.query(`UPDATE audit_progress SET followed_through = ${followed}`);
    for (let time = 0; time < 2; time++)
      await compareDemands((sql, params) => service.query(sql, params), servicesOfVenues());
    const rows = await owner.query<{ text: string }>(
      `SELECT concat_ws(' ', kind, scope, target, ':', subject) AS text FROM finding ORDER BY kind, id`,
    );
    return rows.map(({ text }) => text);
  }

  /** Both people, with their calls. */
  function lifted(): void {
    called('one', 'olivia');
    demanded(requested());
    called('two', 'peter');
    demanded(approved());
  }

  it('finds nothing where two people made the same demand, however often it is read', async () => {
    lifted();

    expect(await found()).toEqual([]);
  });

  it('finds nothing where the second person approved the number of the demand', async () => {
    called('one', 'olivia');
    demanded(requested());
    called('two', 'peter', { route: APPROVE, target: '/internal/approvals/3' });
    demanded(approved());

    expect(await found()).toEqual([]);
  });

  it('finds nothing in refused calls, calls of services, and calls that need one person', async () => {
    entry('refused', 'peter');
    entry('refused', 'peter', { status: 409 });
    called('service', 'intake-api', { callerKind: 'service' });
    called('terms', 'peter', { route: '/internal/terms/networks' });
    called('transfer', 'peter', { route: APPROVE, target: '/internal/approvals/9' });
    called('four', 'olivia', { route: '/internal/accounts/:account_id/transfers' });
    demanded(requested({ demandId: '9', action: 'transfer funds', callId: 'four' }));

    expect(await found()).toEqual([]);
  });

  it('finds nothing before the messages of 15 seconds after a fact are stored', async () => {
    demanded(approved({ requestedBy: 'peter' }));
    called('three', 'peter');

    expect(await found('now()')).toEqual([]);
    expect(await found()).not.toEqual([]);
  });

  it('finds nothing in messages whose predecessors have left the topic', async () => {
    entries = [];
    entry('two', 'peter', { status: 200 });
    demanded(approved());
    called('three', 'peter', { secondsAgo: 30 });
    expect(await found()).toEqual([]);
  });

  describe('approval_without_request', () => {
    const FOUND = ['approval_without_request all : ledger 3 m1'];
    beforeEach(() => {
      called('one', 'olivia', { route: '/r' });
      called('two', 'peter', { route: '/r' });
    });

    it.each([
      ['number', { demandId: '4' }],
      ['action', { action: 'resume book' }],
      ['subject', { target: '8' }],
      ['content', { digest: 'cd' }],
    ])('is an approval whose demand has another %s', async (_what, other) => {
      demanded(requested(other));
      demanded({ ...approved(), callId: 'two' });

      expect(await found()).toEqual(FOUND);
    });

    it('is an approval whose demand has another first person or time', async () => {
      demanded(requested());
      demanded(approved({ requestedBy: 'ada', requestedAt: ago(120) }));

      expect(await found()).toEqual(FOUND);
    });

    it('is an approval of a demand of more than a day before', async () => {
      const requestedAt = ago(60 + DAY_S + 120);
      demanded(requested({ requestedAt }));
      demanded(approved({ requestedAt }));

      expect(await found()).toEqual(FOUND);
    });

    it.each(['ＯLIVIA', '0livia', 'Оlivia'])(
      'is an approval by the same person under the name %s',
      async (approvedBy) => {
        entry('two', approvedBy);
        const first = requested();
        demanded(first);
        demanded(approved({ approvedBy, requestedAt: first.requestedAt }));

        expect(await found()).toEqual(FOUND);
      },
    );

    it('is for the venue of a connector', async () => {
      source = 'connector-evm';
      entries = [];
      entry('first', 'ada', { secondsAgo: 3 * DAY_S, route: '/r' });
      called('two', 'peter');
      demanded(approved());

      expect(await found()).toEqual(['approval_without_request venue wallet : connector-evm 3 m0']);
    });

    it('is found in a message with times from before the audit', async () => {
      await found();
      await owner.query(`UPDATE audited_entry SET seen_at = now() - interval '3 days'`);
      demanded(approved({ requestedAt: ago(9 * DAY_S), approvedAt: ago(9 * DAY_S - 60) }));

      expect(await found()).toEqual(['approval_without_request all : ledger 3 m0']);
    });
  });

  describe('approval_without_entry', () => {
    it('is a demand or an approval without a call', async () => {
      const first = requested({ callId: null });
      demanded(first);
      demanded(approved({ requestedAt: first.requestedAt }));

      expect(await found()).toEqual([
        'approval_without_entry all : ledger 3 m0',
        'approval_without_entry all : ledger 3 m1',
      ]);
    });

    it.each([
      ['of another person', () => called('one', 'ada')],
      ['of a service', () => called('one', 'olivia', { callerKind: 'service' })],
      ['without the entry before the call', () => entry('one', 'olivia', { status: 200 })],
    ])('is a demand in a call %s', async (_what, recorded) => {
      recorded();
      demanded(requested());

      expect(await found()).toContain('approval_without_entry all : ledger 3 m0');
    });

    it('is found in a message with times from before the audit', async () => {
      await found();
      await owner.query(`UPDATE audited_entry SET seen_at = now() - interval '3 days'`);
      demanded(requested({ requestedAt: ago(9 * DAY_S) }));

      expect(await found()).toEqual(['approval_without_entry all : ledger 3 m0']);
    });
  });

  describe('action_without_approval', () => {
    it.each([LIFT, '/internal/book-halts/resume'])(
      'is a successful call on %s without a demand',
      async (route) => {
        called('two', 'peter', { route });

        expect(await found()).toEqual(['action_without_approval all : ledger 3 3']);
      },
    );

    it.each([
      ['by another person', { requestedBy: 'ada' }],
      ['for another action', { action: 'resume book' }],
      ['in another call', { callId: 'other' }],
    ])('is a successful call with a demand %s', async (_what, other) => {
      called('one', 'olivia');
      demanded(requested(other));

      expect(await found()).toContain('action_without_approval all : ledger 3 3');
    });

    it('is a successful approval by number that approves nothing', async () => {
      called('one', 'olivia');
      demanded(requested());
      called('two', 'peter', { route: APPROVE, target: '/internal/approvals/3' });

      expect(await found()).toEqual(['action_without_approval all : ledger 5 5']);
    });
  });
});
