import type { InboxItemDto } from '@sluice/http-api';
import { testDatabase } from '@sluice/test-servers';
import { givenAuditedApp } from '../testkit/given-audited-app.js';
import { Inbox } from './inbox.js';

const REQUEST = `INSERT INTO approval (action, target, request, digest, requested_by, requested_at, expires_at, voided_by, voided_at)`;
const DIGEST = `sha256('x'::bytea)`;

describe('the inbox of every service', () => {
  let app: Awaited<ReturnType<typeof givenAuditedApp>>;
  beforeEach(async () => void (app = await givenAuditedApp(await testDatabase('audited'))));
  afterEach(() => app.close());

  const items = async () => (await app.ask<InboxItemDto[]>('GET', '/internal/inbox')).body.data;
  const letters = (count: number, from = 1) =>
    app.database.query(
      `INSERT INTO dead_letter (topic, partition, "offset", headers, value, encoding, cause) SELECT 't', 0, n, '{}', 'x', 'utf8', 'not JSON' FROM generate_series($1::int, $2::int) AS n`,
      [from, from + count - 1],
    );

  it('has the requests and dead letters that wait, oldest first, and who may act', async () => {
    await app.owner.query(
      `${REQUEST} VALUES ('decide submission', '0193a000-0000-7000-8000-00000000000a', '{}', ${DIGEST}, 'ada', now() - interval '1 hour', now() + interval '1 hour', NULL, NULL),
                         ('lift halt', '7', '{}', ${DIGEST}, 'ada', now() - interval '2 hours', now() - interval '1 hour', NULL, NULL),
                         ('lift halt', '8', '{}', ${DIGEST}, 'ada', now(), now() + interval '1 hour', 'ada', now())`,
    );
    await letters(1);

    expect(await items()).toEqual([
      {
        kind: 'approval',
        id: '1',
        title: 'ada asks a second person to decide submission 0193a000-0000-7000-8000-00000000000a',
        withdrawal_id: '0193a000-0000-7000-8000-00000000000a',
        account_id: null,
        venue: null,
        asset: null,
        since: expect.stringMatching(/Z$/),
        asked_by: 'ada',
        expires_at: expect.stringMatching(/Z$/),
        roles: ['approve'],
        people: 2,
        more: false,
      },
      expect.objectContaining({
        kind: 'dead_letter',
        id: '1',
        title: 'A message of t cannot be processed: not JSON',
        roles: ['operate'],
        people: 1,
        more: false,
      }),
    ]);
  });

  it('is bounded, and says where a kind has more', async () => {
    await letters(100);
    const full = await items();
    await letters(1, 101);
    const fuller = await items();

    expect([full.length, full.some(({ more }) => more)]).toEqual([100, false]);
    expect([fuller.length, fuller.every(({ more }) => more)]).toEqual([100, true]);
  });

  it('is no list at all while a kind of it cannot be read', async () => {
    app.app
      .get(Inbox)
      .add({ kind: 'finding', roles: ['operate'], people: 2, sql: 'SELECT 1/0 LIMIT $1::int' });

    expect((await app.ask('GET', '/internal/inbox')).status).toBe(500);
  });
});
