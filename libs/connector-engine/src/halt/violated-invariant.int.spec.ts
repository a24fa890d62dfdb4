import { haltOnViolation, type Halts, PacedInvariants } from '@sluice/service-shell';
import { byTwo } from '@sluice/test-kit';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { CONNECTOR_INVARIANTS } from '../postgres/invariants.js';
import { TestQueue } from '../testkit/given-queue.js';

describe('a violated invariant', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  let halts: Halts;
  let paced: PacedInvariants;
  beforeAll(async () => (postgres = await withTestPostgres()));
  beforeEach(async () => {
    queue = await TestQueue.start(postgres);
    halts = queue.halts;
    paced = new PacedInvariants({ folders: [CONNECTOR_INVARIANTS], newest: {} });
  });
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  const look = async () =>
    haltOnViolation(queue.service, await paced.look(queue.service), {
      scope: 'venue',
      openedBy: 'a connector',
      haltsNothing: ['nothing-overdue'],
    });
  const lookAgain = async () => {
    paced = new PacedInvariants({ folders: [CONNECTOR_INVARIANTS], newest: {} }); // without its rest
    await look();
  };
  /** As the owner of the tables: this one was sent under a reference that is not its own. */
  const plant = (withdrawalId: string) =>
    queue.database.query(
      `UPDATE submission SET attempt_reference = 'x' || substr(attempt_reference, 2) WHERE withdrawal_id = $1`,
      [withdrawalId],
    );

  it('halts the venue: what is queued stays queued, and goes on when a person has lifted it', async () => {
    const [first = ''] = await queue.submit(null);
    await queue.claim('a');
    const [queued] = await queue.submit(null);
    await plant(first);

    await look();

    const [halt] = await halts.inForce();
    expect(halt).toMatchObject({
      scope: 'venue',
      reason: 'invariant',
      openedBy: 'a connector',
      subject: expect.stringMatching(/^client-reference-unique [\w-]{8}$/),
      details: expect.stringMatching(/^client-reference-unique: A client reference .*; not so: /),
    });
    expect(await queue.claim('a')).toEqual([]);
    await byTwo((caller) => halts.lift(halt?.id ?? '', 'ticket 8812', caller));
    expect((await queue.claim('a')).map(({ withdrawalId }) => withdrawalId)).toEqual([queued]);
  });

  it('halts once for the same rows; another row halts again', async () => {
    const [first = '', second = ''] = await queue.submit(null, null);
    await queue.claim('a');
    await plant(first);
    await look();
    await lookAgain();
    const [halt, ...others] = await halts.inForce();
    expect(others).toEqual([]);
    await byTwo((caller) => halts.lift(halt?.id ?? '', 'ticket 8812', caller));

    await lookAgain();
    expect(await halts.inForce()).toEqual([]);

    await plant(second);
    await lookAgain();
    expect(await halts.inForce()).toHaveLength(1);
  });

  it('of lateness halts nothing', async () => {
    await queue.submit(null);
    await queue.claim('a');
    await queue.database.query(
      `UPDATE submission SET next_action_at = now() - interval '6 minutes'`,
    );
    await look();

    expect(await halts.inForce()).toEqual([]);
  });
});
