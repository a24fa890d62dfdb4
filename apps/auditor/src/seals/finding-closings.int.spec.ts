import { type Database } from '@sluice/postgres';
import { testPlatform, testSeals } from '@sluice/service-shell/testing';
import { testMessageKeys } from '@sluice/test-kit';
import { givenAuditor } from '../testkit/given-auditor.js';
import type { OpenFinding } from '../permits/decide-permit.js';
import { FindingClosings } from './finding-closings.js';
import { OPEN_FINDINGS } from '../permits/permit-issuer.js';

const SEALS = testSeals('auditor');

describe('closings of findings', () => {
  let owner: Database;
  let service: Database;
  let closings: FindingClosings;
  beforeEach(async () => {
    ({ owner, service } = await givenAuditor());
    closings = another();
  });
  afterEach(() => Promise.all([owner.close(), service.close()]));

  const another = () =>
    new FindingClosings(testPlatform('auditor', service, testMessageKeys('auditor')), SEALS);
  const found = async (more = '') => {
    const [row] = await service.query<{ id: string }>(
      `INSERT INTO finding (kind, scope, target, subject, evidence, fact_at, is_condition)
       VALUES ('venue_not_read', 'venue', 'gateio', gen_random_uuid(), '{}', now(), ${more === '' ? 'false' : 'true'}) RETURNING id::text`,
    );
    return row?.id ?? '';
  };
  const close = (id: string, by = ['olivia', 'peter']) =>
    service.query(
      `UPDATE finding SET closed_at = clock_timestamp(), closed_by = $2, close_approved_by = $3, close_reason = 'x' WHERE id = $1`,
      [id, ...by],
    );
  const open = async (of = closings) =>
    (await service.query<OpenFinding>(OPEN_FINDINGS, [of.verified])).length;

  it('count with a seal, in every instance', async () => {
    const id = await found();
    await close(id);
    await closings.seal(service, id);
    const other = another();
    expect([other.haveBeenVerified, await open(other)]).toEqual([false, 1]);

    await other.look();
    expect([other.haveBeenVerified, await open(other)]).toEqual([true, 0]);
  });

  it('by the database’s login count at no moment, and are undone', async () => {
    const id = await found();
    await close(id);
    expect(await open()).toBe(1);

    await closings.look();
    expect(await open()).toBe(1);
    expect(await owner.query('SELECT closed_at, closed_by FROM finding')).toEqual([
      { closed_at: null, closed_by: null },
    ]);
  });

  it('with a seal of another closing do not count', async () => {
    const [one, other] = [await found(), await found()];
    await close(one);
    await closings.seal(service, one);
    await close(other);
    await service.query(
      'UPDATE finding f SET end_seal = (SELECT end_seal FROM finding WHERE id = $1) WHERE id = $2',
      [one, other],
    );
    await closings.look();

    expect(await open()).toBe(1);
  });

  it('of a condition need no person: it ends with a later reading', async () => {
    const [difference, condition] = [await found(), await found('condition')];
    const read = (at: string) =>
      owner.query(
        `INSERT INTO venue_reading (venue, read_through, completed_at, deep_read_at) VALUES ('gateio', now(), ${at}, now())
         ON CONFLICT (venue) DO UPDATE SET completed_at = EXCLUDED.completed_at`,
      );
    await read(`now() - interval '1 hour'`);
    await closings.look();
    const closed = () =>
      owner.query<{ id: string }>('SELECT id::text FROM finding WHERE closed_at IS NOT NULL');
    expect(await closed()).toEqual([]);

    await read('clock_timestamp()');
    await closings.look();
    expect(await closed()).toEqual([{ id: condition }]);
    expect(await open()).toBe(1);
    await expect(
      service.query(
        `UPDATE finding SET closed_at = now(), close_reason = 'x' WHERE id = ${difference}`,
      ),
    ).rejects.toThrow('finding_closed_by_two');
  });
});
