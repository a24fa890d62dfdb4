import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '@sluice/config';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { SecretBox } from './sealed-secret.js';
import { givenAccount, givenInstance, type TestInstance } from '../testkit/given-intake.js';
import { CONFIG_CHANNEL } from '../channels.js';
import { KeyStore } from './key-store.js';

describe('KeyStore', () => {
  const box = new SecretBox({ secretsKek: new Secret(randomBytes(32).toString('base64')) });
  let postgres: TestPostgres;
  let a: TestInstance;
  let b: TestInstance;
  let accountId: string;
  let here: KeyStore;
  let there: KeyStore;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    const url = await postgres.createDatabase('intake');
    [a, b] = [await givenInstance(url), await givenInstance(url)];
    accountId = await givenAccount(a.database);
    [here, there] = [a, b].map(
      ({ database, unitOfWork }) => new KeyStore(database, unitOfWork, box),
    ) as [KeyStore, KeyStore];
    await b.database.listen(CONFIG_CHANNEL, () => there.clear());
  });
  afterAll(async () => {
    await Promise.all([a, b].map(({ database }) => database.close()));
    await postgres.stop();
  });

  const aKey = () =>
    here.create({
      accountId,
      label: 'ci',
      permissions: ['withdraw', 'read_balance'],
      rateLimit: 600,
      allowedIps: ['10.0.0.0/8'],
    });

  it('finds what it created, in any instance', async () => {
    const { keyId, secret } = await aKey();
    const key = {
      keyId,
      accountId,
      secret,
      permissions: new Set(['withdraw', 'read_balance']),
      rateLimit: 600,
      allowedIps: ['10.0.0.0/8'],
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

  it('does not open a sealed secret moved to another key', async () => {
    const [victim, thief] = [await aKey(), await aKey()];
    await a.database.query(
      'UPDATE api_key SET secret = (SELECT secret FROM api_key WHERE key_id = $1) WHERE key_id = $2',
      [victim.keyId, thief.keyId],
    );
    await expect(here.find(thief.keyId)).rejects.toThrow();
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

    expect(await here.revoke(keyId)).toBe(true);

    expect(await here.find(keyId)).toBeNull();
    const deadline = Date.now() + 8_000; // it would be cached for ten seconds
    while ((await there.find(keyId)) !== null && Date.now() < deadline) await sleep(10);
    expect(await there.find(keyId)).toBeNull();
  });

  it('says whether there was something to revoke; twice is fine and keeps the first time', async () => {
    const { keyId } = await aKey();
    const revokedAt = async () =>
      (
        await a.database.query<{ at: Date }>(
          'SELECT revoked_at AS at FROM api_key WHERE key_id = $1',
          [keyId],
        )
      )[0]?.at;
    expect([await here.revoke('ck_none'), await here.revoke(keyId)]).toEqual([false, true]);
    const first = await revokedAt();
    expect(await here.revoke(keyId)).toBe(true);
    expect(await revokedAt()).toEqual(first);
  });
});
