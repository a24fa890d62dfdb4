import { type Database, Outbox, UnitOfWork } from '@sluice/postgres';
import { AuditKeys, RecordSeals } from '@sluice/service-shell';
import { eventually } from '@sluice/test-kit';
import { givenAuditor } from '../testkit/given-auditor.js';
import { inSnapshot } from '../checks/run-checks.js';
import { FindingClosings } from '../seals/finding-closings.js';
import { testFindingSeals } from '../testkit/wallet-under-audit.js';
import { ALL_VENUES, Glance } from './glance.js';

const logger = { info: () => undefined, error: () => undefined } as never;
const OPEN = `INSERT INTO finding (kind, scope, target, subject, evidence, fact_at) VALUES ('paid_twice', 'venue', 'gateio', 'x', '{}', now())`;

describe('a glance', () => {
  let owner: Database;
  let service: Database;
  let closings: FindingClosings;
  let glance: Glance;
  let queries: number;
  beforeEach(async () => {
    ({ owner, service } = await givenAuditor());
    const unitOfWork = new UnitOfWork(service, 'auditor', new Outbox(service));
    const records = new RecordSeals('auditor', AuditKeys.ofDevelopment());
    closings = new FindingClosings({ database: service, unitOfWork, logger }, records);
    queries = 0;
    const counted = {
      query: (sql: string, params: readonly unknown[]) => (queries++, service.query(sql, params)),
      listen: service.listen.bind(service),
    };
    glance = new Glance(counted as never, closings);
  });
  afterEach(() => Promise.all([owner.close(), service.close()]));

  it('serves loops that wake together with one query, and shows what is stored after it is forgotten', async () => {
    const [one, other] = await Promise.all([glance.read(), glance.read()]);
    expect([one, queries]).toEqual([other, 1]);
    expect(one.venues.map(({ venue }) => venue).sort()).toEqual([...ALL_VENUES].sort());
    expect(one).toMatchObject({ waits: false, findings: [], followedThrough: null });

    await owner.query(`INSERT INTO changed_groups (venue, equality_keys) VALUES ('a', '{k}')`);
    expect((await glance.read()).waits).toBe(false);
    glance.forget();
    expect((await glance.read()).waits).toBe(true);
  });

  it('is taken again after a fault', async () => {
    const failing = { query: () => Promise.reject(new Error(`away ${++queries}`)) };
    const away = new Glance(failing as never, closings);
    await expect(away.read()).rejects.toThrow('away 1');
    await expect(away.read()).rejects.toThrow('away 2');
  });

  it('contains the findings for the verification of their seals, once', async () => {
    const seals = testFindingSeals(service, logger);
    await inSnapshot(service, async (query) => {
      await query(OPEN);
      await seals.sealNew(query);
    });
    await glance.read();
    const sealed = glance.takeSealed();
    expect(sealed).toMatchObject({ last: 1, findings: [{ number: 1 }] });
    expect(glance.takeSealed()).toBeNull();

    if (sealed) await seals.verify(sealed);
    expect(await owner.query('SELECT kind FROM finding')).toEqual([{ kind: 'paid_twice' }]);
    await owner.query(`UPDATE finding SET target = 'bybit'`);
    await seals.look();
    expect(await owner.query(`SELECT FROM finding WHERE kind = 'finding_altered'`)).toHaveLength(1);
  });

  it('is announced to every instance after a finding was opened, and after a finding was closed', async () => {
    let reported = 0;
    glance.onFindings = () => void reported++;
    await glance.onApplicationBootstrap();
    const seals = testFindingSeals(service, logger);
    await inSnapshot(service, async (query) => {
      await query(OPEN);
      await seals.sealNew(query);
    });
    await eventually(() => expect(reported).toBe(1));
    expect((await glance.read()).findings).toMatchObject([{ target: 'gateio', is_closed: false }]);

    await service.query(
      `UPDATE finding SET closed_at = clock_timestamp(), closed_by = 'a', close_approved_by = 'b', close_reason = 'x'`,
    );
    await closings.seal(service, '1');
    await eventually(() => expect(reported).toBe(2));
    expect((await glance.read()).findings).toMatchObject([{ target: 'gateio', is_closed: true }]);
    await closings.look();
    glance.forget();
    expect((await glance.read()).findings).toEqual([]);
  });
});
