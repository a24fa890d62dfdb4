import { createHash } from 'node:crypto';
import type { AuditEntryDto } from '@sluice/http-api';
import { testDatabase } from '@sluice/test-servers';
import { changes, givenAuditedApp, streams } from '../testkit/given-audited-app.js';
import { PLATFORM_GAUGES } from '../metrics/table-gauges.js';
import { AuditKeys } from '../settings/audit-keys.js';

const keysOf = (...ids: string[]) =>
  AuditKeys.parse(ids.map((id) => `${id} ${Buffer.alloc(32, id).toString('base64')}\n`).join(''));

describe('the audit log', () => {
  let url: string;
  let app: Awaited<ReturnType<typeof givenAuditedApp>>;

  beforeEach(async () => {
    changes.length = 0;
    url = await testDatabase('audited');
    app = await givenAuditedApp(url, keysOf('k1'));
  });
  afterEach(() => app.close());

  /** What somebody with every right in the database does, whom no trigger stops. */
  const plant = (statement: string) =>
    app.owner.withClient(async (client) => {
      await client.query(
        `BEGIN; ALTER TABLE audit_entry DISABLE TRIGGER USER; ${statement}; ALTER TABLE audit_entry ENABLE TRIGGER USER; COMMIT`,
      );
    });

  it.each([
    ['a read', ['GET', '/internal/things'], [200]],
    ['a change', ['POST', '/internal/things', { what: 'a' }], [null, 201]],
    ['a change that is refused', ['POST', '/internal/things', { what: 'refused' }], [null, 409]],
    ['a body that breaks its form', ['POST', '/internal/things', '{"wat":1}'], [null, 422]],
    ['a wrong token', ['POST', '/internal/things', { what: 'a' }, 'x'], [401]],
    ['a path that nobody has', ['GET', '/internal/nothing'], [404]],
    ['another spelling of a path', ['GET', '/%69nternal/things'], [200]],
    ['a platform endpoint', ['GET', '/internal/dead-letters'], [200]],
  ] as const)(
    'has one answer for %s, and before it an entry where something might be changed',
    async (_what, [method, path, body, credential], statuses) => {
      await app.ask(method, path, body, credential);

      const entries = await app.entries();

      expect(entries.map(({ status }) => status)).toEqual(statuses);
      expect(new Set(entries.map(({ call_id }) => call_id)).size).toBe(1);
    },
  );

  it('says who has asked from where for what, with the digest of the body and without a secret', async () => {
    const body = '{"what": "refused", "api_secret": "s3cr3t"}';
    await app.ask('POST', '/internal/things?a=b', body, app.as('r.ortiz'));

    expect((await app.entries()).at(-1)).toMatchObject({
      service: 'audited',
      caller_kind: 'person',
      caller_name: 'r.ortiz',
      caller_roles: ['operate', 'approve', 'administer', 'audit'],
      remote: '127.0.0.1',
      method: 'POST',
      route: '/internal/things',
      target: '/internal/things',
      body_digest: createHash('sha256').update(body).digest(),
      summary: 'what: refused; api_secret: ***',
      status: 409,
      refusal: 'It is refused',
      key_id: 'k1',
    });
    await app.ask('GET', '/internal/things', undefined, 'wrong');
    expect((await app.entries()).at(-1)).toMatchObject({
      caller_kind: 'nobody',
      caller_name: '',
      refusal: 'The token is refused for its form, algorithm or signature',
    });
  });

  it('names whoever was known and may not do it', async () => {
    await app.ask('GET', '/internal/things/for-services', undefined, app.as('r.ortiz'));

    expect(await app.entries()).toMatchObject([{ status: 403, caller_name: 'r.ortiz' }]);
  });

  it('has an equal read of a page once, another read and each refusal always', async () => {
    const read = (person: string, query = '') =>
      app.ask('GET', `/internal/things/often${query}`, undefined, app.as(person));
    for (let n = 0; n < 3; n++) await read('ada');
    await read('bob');
    await read('ada', '?page=2');
    changes.push('broken');
    for (let n = 0; n < 2; n++) await read('ada');
    for (let n = 0; n < 2; n++) await app.ask('GET', '/internal/things', undefined, app.as('ada'));

    const entries = await app.entries();

    expect(entries.map(({ caller_name: name, status }) => [name, status])).toEqual([
      ['ada', 200],
      ['bob', 200],
      ['ada', 200],
      ['ada', 409],
      ['ada', 409],
      ['ada', 200],
      ['ada', 200],
    ]);
  });

  it('has no entry for probes and metrics', async () => {
    for (const path of ['/healthz', '/readyz']) await app.ask('GET', path);

    expect(await app.entries()).toEqual([]);
  });

  it('names whoever dismisses a dead letter, and the metric of those that wait goes down', async () => {
    await app.database.query(
      `INSERT INTO dead_letter (topic, partition, "offset", headers, value, encoding, cause) VALUES ('t', 0, 1, '{}', 'x', 'utf8', 'not JSON')`,
    );
    const path = '/internal/dead-letters/1/dismissal';
    const waiting = PLATFORM_GAUGES.find(({ name }) => name === 'sluice_dead_letters')?.sql ?? '';

    expect(await app.database.query(waiting)).toEqual([{ value: 1 }]);
    const [first, second] = [
      await app.ask('POST', path, { reason: 'rubbish' }, app.as('r.ortiz')),
      await app.ask('POST', path, { reason: 'rubbish' }),
    ];

    expect(first).toMatchObject({ status: 200, body: { data: { dismissed_by: 'r.ortiz' } } });
    expect(second.status).toBe(404);
    expect(await app.database.query(waiting)).toEqual([{ value: 0 }]);
  });

  it('has the address of the browser that the console claims for a person, under its hash', async () => {
    const claims = (claim: string) => ({ 'sluice-browser': claim });
    const change = (credential: string | undefined, claim: string) =>
      app.ask('POST', '/internal/things', { what: 'a' }, credential, claims(claim));
    await change(undefined, '::ffff:203.0.113.7');
    await change(undefined, '203.0.113.7; what: b');
    await change('x', '203.0.113.7');

    const summaries = (await app.entries()).map(({ summary }) => summary);

    expect(summaries).toEqual([
      'browser 203.0.113.7; what: a',
      'browser 203.0.113.7; what: a',
      'what: a',
      'what: a',
      'what: a',
    ]);
    expect(await app.prove()).toMatchObject({ proven: true });
  });

  it('refuses every call while it takes no entry, before anything is changed', async () => {
    await app.owner.query('ALTER TABLE audit_entry RENAME TO away');

    const [read, stream, change] = [
      await app.ask('GET', '/internal/things'),
      await app.ask('GET', '/internal/things/stream'),
      await app.ask('POST', '/internal/things', { what: 'unseen' }),
    ];

    const refused = { status: 503, body: { message: 'Service temporarily unavailable' } };
    expect([read, stream, change]).toMatchObject([refused, refused, refused]);
    expect(changes).toEqual([]);
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([true]);
  });

  it('is one chain for all instances, whatever they write at once', async () => {
    const other = await givenAuditedApp(url, keysOf('k1'));
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 ? app : other).ask('GET', '/internal/things')),
    );
    await other.close();

    expect(await app.prove()).toMatchObject({ proven: true, entries: 41 }); // with that of the proof
    expect((await app.ask('GET', '/internal/invariants')).body.data).toMatchObject({
      violations: [],
    });
  });

  it('is listed by pages, the newest first, by name and time', async () => {
    for (const name of ['A', 'B', 'A'])
      await app.ask('GET', '/internal/things', undefined, app.as(name));
    const list = async (query: string) =>
      (await app.ask<AuditEntryDto[]>('GET', `/internal/audit?${query}`)).body;

    const first = await list('by=A&limit=1');
    expect(first.data.map(({ sequence }) => sequence)).toEqual(['3']);
    const second = await list(`by=A&limit=1&cursor=${first.next_cursor}`);
    expect(second.data.map(({ sequence }) => sequence)).toEqual(['1']);
    expect((await list('since=2999-01-01T00:00:00Z')).data).toEqual([]);
  });

  describe('that was tampered with', () => {
    let heads: { sequence: string; hash: string }[];
    beforeEach(async () => {
      for (const what of ['a', 'b', 'c']) await app.ask('POST', '/internal/things', { what });
      const { head } = await app.prove();
      heads = head ? [head] : [];
    });

    it('is proven while nobody has touched it, with the head that was kept', async () => {
      expect(await app.prove(heads)).toMatchObject({ proven: true, broken: null });
    });

    it.each([
      [
        'an entry was edited',
        `UPDATE audit_entry SET caller_name = 'somebody else' WHERE sequence = 3`,
        '3',
        'the hash of the entry does not match the content',
      ],
      [
        'an entry was deleted',
        'DELETE FROM audit_entry WHERE sequence = 3',
        '4',
        'the records between 2 and 4 are missing',
      ],
      [
        'the first entry was deleted',
        'DELETE FROM audit_entry WHERE sequence = 1',
        '2',
        'the records between 0 and 2 are missing',
      ],
      [
        'an entry was forged with a hash that has no key',
        `UPDATE audit_entry SET summary = 'what: nothing', hash = sha256(('{"forged":"' || summary || '"}')::bytea) WHERE sequence = 4`,
        '4',
        'the hash of the entry does not match the content',
      ],
      [
        'an entry names another key',
        `UPDATE audit_entry SET key_id = 'k9' WHERE sequence = 2`,
        '2',
        'the entry is sealed with k9, an unknown key',
      ],
    ])('names the first entry that is wrong: %s', async (_what, statement, sequence, because) => {
      await plant(statement);

      expect(await app.prove()).toMatchObject({ proven: false, broken: { sequence, because } });
    });

    it('shows a tail that was cut off by a head that was kept, whatever was written since', async () => {
      await plant('DELETE FROM audit_entry WHERE sequence > 5');
      for (let n = 0; n < 3; n++) await app.ask('GET', '/internal/things');
      expect(await app.prove(heads)).toMatchObject({
        proven: false,
        broken: { sequence: '7', because: expect.stringMatching(/^another head of it was kept/) },
      });
    });

    it('shows a tail that is cut shorter than the head that was kept', async () => {
      await plant('DELETE FROM audit_entry WHERE sequence > 3');
      expect(await app.prove(heads)).toMatchObject({
        broken: { sequence: '5', because: 'the log ends with 4, and the head of 7 was kept' },
      });
    });

    it('violates audit-chain-has-no-gap when an entry is gone', async () => {
      await plant('DELETE FROM audit_entry WHERE sequence = 3');

      expect((await app.ask('GET', '/internal/invariants')).body.data).toMatchObject({
        violations: [{ invariant: expect.stringMatching(/^audit-chain-has-no-gap: /) }],
      });
    });

    it('lets nobody change or remove an entry, not even the owner of the table', async () => {
      for (const statement of [
        `UPDATE audit_entry SET summary = ''`,
        'DELETE FROM audit_entry',
        'TRUNCATE audit_entry',
      ])
        await expect(app.owner.query(statement)).rejects.toThrow(
          'audit_entry is evidence: nothing in it is changed or removed',
        );
    });

    it('gives the login of a service no right but to read and to insert', async () => {
      await app.ask('GET', '/internal/things');
      for (const statement of [`UPDATE audit_entry SET summary = ''`, 'DELETE FROM audit_entry'])
        await expect(app.database.query(statement)).rejects.toThrow('permission denied');
      expect(await app.database.query('SELECT 1 FROM audit_entry LIMIT 1')).toHaveLength(1);
    });

    it('is proven over a change of keys while the earlier key is known, and not without it', async () => {
      const rotated = await givenAuditedApp(url, keysOf('k2', 'k1'));
      await rotated.ask('GET', '/internal/things');
      expect(await rotated.prove(heads)).toMatchObject({ proven: true });
      expect((await rotated.entries()).at(-1)).toMatchObject({ key_id: 'k2' });
      await rotated.close();

      expect(await app.prove()).toMatchObject({
        broken: { because: 'the entry is sealed with k2, an unknown key' },
      });
    });
  });
});
