import { Secret } from '@sluice/runtime';
import { newServiceKey } from '@sluice/test-servers';
import { ProvenCallers } from './proven-callers.js';
import { ServiceCredential } from './service-callers.js';
import { now, refusal, settingsOf } from './testkit/refusal.js';

const INTAKE = newServiceKey();

describe('a service that calls', () => {
  const callers = new ProvenCallers(
    'ledger',
    settingsOf('http://127.0.0.1:1', {
      SERVICE_CALLERS: `{"intake-api":[${INTAKE.publicKey}]}`,
    }),
    now,
  );
  const credential = (
    { privateKey } = INTAKE,
    itself = 'intake-api',
    called = 'ledger',
    at = now,
  ): Promise<string> => new ServiceCredential(itself, called, new Secret(privateKey), at).token();

  it('is known by its own key, and has no role of a person', async () => {
    expect(await callers.prove(await credential())).toEqual({
      kind: 'service',
      name: 'intake-api',
      roles: [],
      client: '',
    });
  });

  it('uses a token again for half a minute, and signs no more often', async () => {
    const one = new ServiceCredential('intake-api', 'ledger', new Secret(INTAKE.privateKey), now);
    expect(await one.token()).toBe(await one.token());
  });

  it.each<[string, () => Promise<string>, string]>([
    ['with the key of another', () => credential(newServiceKey()), 'key that its issuer'],
    [
      'that is not known here',
      () => credential(newServiceKey(), 'connector-gateio'),
      'The token is of a service that calls nothing here',
    ],
    [
      'in the name of another, with its own key',
      () => credential(INTAKE, 'ledger'),
      'The token is of a service that calls nothing here',
    ],
    [
      'with a token for another service',
      () => credential(INTAKE, 'intake-api', 'connector-gateio'),
      'The token is refused for its aud claim',
    ],
    [
      'with a token of two minutes ago',
      () => credential(INTAKE, 'intake-api', 'ledger', () => new Date(Date.now() - 120_000)),
      'The token has expired: get a new one',
    ],
  ])('is not believed %s', async (_what, token, message) => {
    expect(await refusal(callers.prove(await token()))).toEqual([
      401,
      expect.stringContaining(message),
    ]);
  });

  it('may change its key while both are known', async () => {
    const next = newServiceKey();
    const both = settingsOf('http://127.0.0.1:1', {
      SERVICE_CALLERS: `{"intake-api":[${INTAKE.publicKey},${next.publicKey}]}`,
    });
    const overlap = new ProvenCallers('ledger', both, now);

    for (const key of [INTAKE, next])
      expect(await overlap.prove(await credential(key))).toMatchObject({ name: 'intake-api' });
  });
});
