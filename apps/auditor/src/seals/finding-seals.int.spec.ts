import { type Database, type UnitOfWork } from '@sluice/postgres';
import { Health, RecordSeals, AuditKeys } from '@sluice/service-shell';
import { register } from 'prom-client';
import { givenAuditor } from '../testkit/given-auditor.js';
import { inSnapshot } from '../checks/run-checks.js';
import { FindingClosings } from './finding-closings.js';
import { FindingSeals } from './finding-seals.js';

const logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
} as never;

let owner: Database;
let service: Database;
let unitOfWork: UnitOfWork;
let seals: FindingSeals;
let closings: FindingClosings;
beforeEach(async () => {
  ({ owner, service, unitOfWork } = await givenAuditor());
  seals = process();
  for (const subject of ['one', 'two', 'three']) await opened(subject);
  expect(await altered()).toEqual([]);
});
afterEach(() => Promise.all([owner.close(), service.close()]));

/** A process of the auditor, which remembers nothing. */
function process(): FindingSeals {
  register.clear();
  const records = new RecordSeals('auditor', AuditKeys.ofDevelopment());
  closings = new FindingClosings({ database: service, unitOfWork, logger }, records);
  return new FindingSeals(
    { database: service, unitOfWork, health: new Health(), logger },
    records,
    closings,
  );
}

const INSERT = `INSERT INTO finding (kind, scope, target, subject, evidence, fact_at) VALUES ('paid_twice', 'venue', 'gateio', $1, '{}', now()) ON CONFLICT DO NOTHING`;
const opened = (subject: string) =>
  inSnapshot(service, async (query) => {
    await query(INSERT, [subject]);
    await seals.sealNew(query);
  });

async function altered(): Promise<readonly string[]> {
  await closings.look();
  await seals.look();
  const rows = await owner.query<{ because: string }>(
    `SELECT scope || ' ' || (evidence ->> 'because') AS because FROM finding WHERE kind = 'finding_altered' ORDER BY id`,
  );
  return rows.map(({ because }) => because);
}
const UNSEALED = 'all the finding has no valid seal';
const MISSING = 'all the finding with this number is missing';

describe('the seals of findings', () => {
  it('number findings without gaps, also where an equal finding is open already', async () => {
    await opened('two');
    await opened('four');

    expect(await owner.query('SELECT subject, number::int FROM finding ORDER BY number')).toEqual(
      ['one', 'two', 'three', 'four'].map((subject, at) => ({ subject, number: at + 1 })),
    );
    expect(await altered()).toEqual([]);
  });

  it('find a planted finding, which would hide a true one, once', async () => {
    await service.query(
      `INSERT INTO finding (kind, scope, target, subject, evidence, fact_at) VALUES ('paid_twice', 'account', 'nobody', 'four', '{}', now())`,
    );

    expect(await altered()).toEqual([UNSEALED]);
    expect(await altered()).toHaveLength(1);
  });

  it('undo and find a closing by the auditor’s own login', async () => {
    await service.query(
      `UPDATE finding SET closed_at = now(), closed_by = 'a', close_approved_by = 'b', close_reason = 'x' WHERE subject = 'one'`,
    );

    expect(await altered()).toEqual(['all the closing has no valid seal']);
    expect(await owner.query(`SELECT closed_at FROM finding WHERE subject = 'one'`)).toEqual([
      { closed_at: null },
    ]);
  });

  it('keep a closing that the process has sealed', async () => {
    await unitOfWork.run(async (tx) => {
      const [row] = await tx.query<{ id: string }>(
        `UPDATE finding SET closed_at = now(), closed_by = 'a', close_approved_by = 'b', close_reason = 'x' WHERE subject = 'one' RETURNING id::text`,
      );
      await closings.seal(tx, row?.id ?? '');
    });

    expect(await altered()).toEqual([]);
    expect(await owner.query('SELECT FROM finding WHERE closed_at IS NOT NULL')).toHaveLength(1);
  });

  it('find a change and a removal by the owner', async () => {
    await owner.query(`UPDATE finding SET target = 'bybit' WHERE subject = 'one'`);
    await owner.query(`DELETE FROM finding WHERE subject = 'three'`);

    expect(await altered()).toEqual([UNSEALED, MISSING]);
  });

  it('find a removal together with the counter, while a process remembers the number', async () => {
    await owner.query(`DELETE FROM finding WHERE subject = 'three'`);
    await owner.query(`UPDATE finding_counter SET last = 2`);

    expect(await altered()).toEqual([MISSING]);
  });

  it('find the removal of a report of an alteration', async () => {
    await owner.query(`DELETE FROM finding WHERE subject = 'three'`);
    expect(await altered()).toEqual([MISSING]);
    await owner.query(`DELETE FROM finding WHERE kind = 'finding_altered'`);

    expect((await altered()).length).toBeGreaterThan(0);
  });
});
