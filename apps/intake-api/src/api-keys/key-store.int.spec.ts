import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '@sluice/runtime';
import { createLogger } from '@sluice/service-shell';
import { testDatabase } from '@sluice/test-servers';
import { register } from 'prom-client';
import { SecretBox } from './sealed-secret.js';
import { givenAccount, givenInstance, type TestInstance } from '../testkit/given-intake.js';
import { CONFIG_CHANNEL } from '../instances/look-up-cache.js';
import { ALONE } from '../testkit/given-api.js';
import { KeyChanges, type NewKey } from './key-changes.js';
import { KeyStore } from './key-store.js';

const aKek = () => randomBytes(32).toString('base64');

describe('KeyStore', () => {
  const kek = aKek();
  let a: TestInstance;
  let b: TestInstance;
  let accountId: string;
  let here: KeyStore;
  let there: KeyStore;
  let changes: KeyChanges;
  beforeAll(async () => {
    const url = await testDatabase('intake');
    [a, b] = [await givenInstance(url), await givenInstance(url)];
    accountId = await givenAccount(a.database);
    [here, there] = [storeOf(a, kek).keys, storeOf(b, kek).keys];
    changes = new KeyChanges(a.unitOfWork, here, boxOf(kek));
    await b.database.listen(CONFIG_CHANNEL, () => there.clear());
  });
  beforeEach(() => here.clear());
  afterAll(() => Promise.all([a, b].map((instance) => instance.close())));

  const boxOf = (own: string, others = '') =>
    new SecretBox({ secretsKeks: [new Secret(own), ...(others ? [new Secret(others)] : [])] });
  function storeOf({ database, unitOfWork }: TestInstance, own: string, others = '') {
    const box = boxOf(own, others);
    const keys = new KeyStore(database, box, createLogger('test', 'silent'));
    return { keys, changes: new KeyChanges(unitOfWork, keys, box) };
  }
  const aKey = (change: Partial<NewKey> = {}) =>
    changes.create(
      {
        accountId,
        label: 'ci',
        permissions: ['withdraw', 'read_balance'],
        rateLimit: 600,
        allowedIps: ['10.0.0.0/8'],
        expiresInDays: 0,
        ...change,
      },
      ALONE,
    );
  const refusedRows = async () =>
    (await register.getSingleMetric('sluice_sealed_rows_refused_total')?.get())?.values[0]?.value;

  it('finds what was created, in any instance', async () => {
    const { keyId, secret } = await aKey();
    const key = {
      keyId,
      accountId,
      referenceScope: keyId,
      algorithm: 'hmac-sha256',
      secret,
      previous: null,
      permissions: new Set(['withdraw', 'read_balance']),
      rateLimit: 600,
      allowedIps: ['10.0.0.0/8'],
      expiresAt: null,
    };
    expect([await here.find(keyId), await there.find(keyId)]).toEqual([key, key]);
  });

  it('never stores a secret in plain, not in any column of any row', async () => {
    const { keyId, secret } = await aKey();
    const [row] = await a.database.query<{ row: string }>(
      'SELECT row_to_json(k)::text AS row FROM api_key k WHERE key_id = $1',
      [keyId],
    );
    expect(row?.row).toContain(keyId);
    for (const form of [
      secret,
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('hex'),
    ])
      expect(row?.row).not.toContain(form);
  });

  it.each([
    ['another account', `account_id = gen_random_uuid()`],
    ['more permissions', `permissions = permissions || '{read_withdrawal_status}'`],
    ['permissions in another order', `permissions = '{read_balance,withdraw}'`],
    ['no list of addresses', `allowed_ips = '{}'`],
    ['a higher limit', `rate_limit_per_min = 2000000000`],
    ['references of another scope', `shares_references = true`],
    ['another algorithm', `algorithm = 'ed25519'`],
    ['another label', `label = 'cj'`],
    ['a longer life', `expires_at = expires_at + interval '1 day'`],
    ['no end', `expires_at = NULL`],
    ['a longer overlap', `overlap_until = clock_timestamp() + interval '1 year'`],
    ['another beginning', `created_at = created_at + interval '1 ms'`],
    ['a later generation', `generation = generation + 1`],
    ['an older format', `sealed = sealed || '{"wrappedKey":""}'`],
  ])(
    'refuses a key whose row was given %s, like an unknown one, and counts it',
    async (_what, set) => {
      const { keyId } = await aKey({ expiresInDays: 30 });
      const before = (await refusedRows()) ?? 0;
      await a.database.query(
        'ALTER TABLE api_key DROP CONSTRAINT IF EXISTS api_key_account_id_fkey',
      );
      await a.database.query(`UPDATE api_key SET ${set} WHERE key_id = $1`, [keyId]);

      expect(await here.find(keyId)).toBeNull();

      expect(await refusedRows()).toBe(before + 1);
      await expect(changes.rotate(keyId, { overlapSeconds: 0 }, ALONE)).rejects.toThrow(
        'not as it was sealed',
      );
      expect(await changes.revoke(keyId)).toBe(true); // whatever has become of the row
    },
  );

  it('does not open a sealed secret moved to another key', async () => {
    const [victim, thief] = [await aKey(), await aKey()];
    await a.database.query(
      'UPDATE api_key SET sealed = (SELECT sealed FROM api_key WHERE key_id = $1) WHERE key_id = $2',
      [victim.keyId, thief.keyId],
    );
    expect(await here.find(thief.keyId)).toBeNull();
  });

  it('takes no row of before for the newest: one that is put back under a later number does not open, nor does a revocation taken away', async () => {
    const { keyId } = await aKey();
    await changes.revoke(keyId);
    const again = (generation: number) =>
      a.database.query(
        `INSERT INTO api_key SELECT (jsonb_populate_record(k, jsonb_build_object('generation', $2::int))).* FROM api_key k WHERE key_id = $1 AND generation = 1`,
        [keyId, generation],
      );
    await expect(again(1)).rejects.toThrow('api_key_pkey');
    await again(3);
    expect(await here.find(keyId)).toBeNull();
    await a.database.query('DELETE FROM api_key WHERE key_id = $1 AND generation = 3', [keyId]);
    await a.database.query('UPDATE api_key SET revoked_at = NULL WHERE key_id = $1', [keyId]);
    here.clear();
    expect(await here.find(keyId)).toBeNull();
  });

  it('rotates: the same key with a second secret, and the one before it for as long as told', async () => {
    const { keyId, secret } = await aKey({ expiresInDays: 1 });
    await there.find(keyId); // cached there from now on

    const rotated = await changes.rotate(keyId, { overlapSeconds: 3_600 }, ALONE);

    const found = await here.find(keyId);
    expect(found).toMatchObject({
      accountId,
      secret: rotated?.secret,
      previous: { secret, until: rotated?.overlapUntil },
      allowedIps: ['10.0.0.0/8'],
    });
    const now = a.database.clock.now().getTime();
    expect(Math.round(((rotated?.overlapUntil?.getTime() ?? 0) - now) / 60_000)).toBe(60);
    expect(Math.round(((rotated?.expiresAt?.getTime() ?? 0) - now) / 86_400_000)).toBe(90);
    const deadline = Date.now() + 8_000; // it would be cached for ten seconds
    while ((await there.find(keyId))?.secret !== rotated?.secret && Date.now() < deadline)
      await sleep(10);
    expect(await there.find(keyId)).toEqual(found);
    expect(await here.list(accountId)).toContainEqual(
      expect.objectContaining({
        key_id: keyId,
        overlap_until: rotated?.overlapUntil?.toISOString(),
        revoked_at: null,
      }),
    );
  });

  it('rotates twice: the secret before the last two is good no more', async () => {
    const { keyId } = await aKey();
    const second = await changes.rotate(keyId, { overlapSeconds: 60 }, ALONE);
    const third = await changes.rotate(keyId, { overlapSeconds: 60 }, ALONE);
    expect(await here.find(keyId)).toMatchObject({
      secret: third?.secret,
      previous: { secret: second?.secret },
      expiresAt: null,
    });
  });

  it('rotates nothing that is unknown or revoked', async () => {
    const { keyId } = await aKey();
    await changes.revoke(keyId);
    const rotation = { overlapSeconds: 60 };
    expect([
      await changes.rotate(keyId, rotation, ALONE),
      await changes.rotate('ck_none', rotation, ALONE),
    ]).toEqual([null, null]);
  });

  it('makes one change of a key at a time', async () => {
    const { keyId } = await aKey();
    const rotations = await Promise.all(
      [1, 2, 3].map(() => changes.rotate(keyId, { overlapSeconds: 60 }, ALONE)),
    );
    const found = await here.find(keyId);
    expect(rotations.map((rotated) => rotated?.secret)).toContain(found?.secret);
    expect(
      await a.database.query('SELECT generation FROM api_key WHERE key_id = $1 ORDER BY 1', [
        keyId,
      ]),
    ).toEqual([1, 2, 3, 4].map((generation) => ({ generation })));
  });

  it('seals every key anew under another KEK, after which the one of before opens nothing, and names the keys that it cannot open', async () => {
    await a.database.query('DELETE FROM api_key');
    const newKek = aKek();
    const [kept, revoked, changed] = [await aKey(), await aKey(), await aKey()];
    const rotated = await changes.rotate(kept.keyId, { overlapSeconds: 60 }, ALONE);
    await changes.revoke(revoked.keyId);
    await a.database.query('UPDATE api_key SET rate_limit_per_min = 1 WHERE key_id = $1', [
      changed.keyId,
    ]);
    const both = storeOf(a, newKek, kek);

    expect(await both.changes.rewrap()).toEqual({ sealed: 1, refused: [changed.keyId] });

    const alone = storeOf(a, newKek);
    expect(await alone.keys.find(kept.keyId)).toMatchObject({
      secret: rotated?.secret,
      previous: { secret: kept.secret },
    });
    expect(await here.find(kept.keyId)).toBeNull();
    expect(await both.changes.rewrap()).toEqual({ sealed: 0, refused: [changed.keyId] });
    await a.database.query('DELETE FROM api_key');
  });

  it('knows nobody under an unknown or an absurdly long id', async () => {
    expect([
      await here.find('ck_none'),
      await here.find('x'.repeat(10_000)),
      await here.find(''),
    ]).toEqual([null, null, null]);
  });

  it('revokes at once here, and in the other instance as soon as it is notified', async () => {
    const { keyId } = await aKey();
    expect(await there.find(keyId)).not.toBeNull(); // cached there from now on

    expect(await changes.revoke(keyId)).toBe(true);

    expect(await here.find(keyId)).toBeNull();
    const deadline = Date.now() + 8_000; // it would be cached for ten seconds
    while ((await there.find(keyId)) !== null && Date.now() < deadline) await sleep(10);
    expect(await there.find(keyId)).toBeNull();
  });

  it('says whether there was something to revoke; twice is fine and keeps the first time', async () => {
    const { keyId } = await aKey();
    const revokedAt = async () =>
      (await here.list(accountId)).find(({ key_id }) => key_id === keyId)?.revoked_at;
    expect([await changes.revoke('ck_none'), await changes.revoke(keyId)]).toEqual([false, true]);
    const first = await revokedAt();
    expect(first).not.toBeNull();
    expect(await changes.revoke(keyId)).toBe(true);
    expect(await revokedAt()).toEqual(first);
  });

  it('lists when a key was last used, by the minute that is counted or by what is left of it', async () => {
    const lastUsed = async (wanted: string) =>
      (await here.list(accountId)).find(({ key_id }) => key_id === wanted)?.last_used_at;
    const [used, swept, never] = [await aKey(), await aKey(), await aKey()];
    await a.database.query('INSERT INTO rate_window VALUES ($1, 29400000, 3)', [used.keyId]);
    await a.database.query(
      `INSERT INTO api_key_use VALUES ($1, '2025-01-01T00:00:00Z'), ($2, '2025-01-01T00:00:00Z')`,
      [used.keyId, swept.keyId],
    );

    expect([
      await lastUsed(used.keyId),
      await lastUsed(swept.keyId),
      await lastUsed(never.keyId),
    ]).toEqual(['2025-11-24T16:00:00.000Z', '2025-01-01T00:00:00.000Z', null]);
  });
});
