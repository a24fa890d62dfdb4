import { allowedAddresses, guardedLookup, type Resolve } from './guarded-lookup.js';

const PUBLIC = '93.184.216.34';
const resolvingTo =
  (...addresses: string[]): Resolve =>
  () =>
    Promise.resolve(addresses);
const allowed = (hostname: string, resolve: Resolve, allowLoopback = false) =>
  allowedAddresses(hostname, { resolve, allowLoopback });

describe('the addresses of a name', () => {
  it('are those that it has, where all are public', async () => {
    expect(await allowed('a.example', resolvingTo(PUBLIC, '2606:2800::1'))).toEqual([
      PUBLIC,
      '2606:2800::1',
    ]);
  });

  it.each([['127.0.0.1'], [PUBLIC, '10.0.0.1'], [PUBLIC, '::ffff:169.254.169.254']])(
    'are none where one is forbidden: %s %s',
    async (...addresses) => {
      await expect(allowed('a.example', resolvingTo(...addresses))).rejects.toMatchObject({
        code: 'forbidden_address',
      });
    },
  );

  it('are those of localhost only where loopback is allowed', async () => {
    const none: Resolve = () => Promise.reject(new Error('not asked'));

    expect(await allowed('localhost', none, true)).toEqual(['127.0.0.1']);
    await expect(allowed('localhost', resolvingTo('127.0.0.1'))).rejects.toMatchObject({
      code: 'forbidden_address',
    });
  });
});

describe('the look-up of a socket', () => {
  const lookUp = (all: boolean, resolve: Resolve) =>
    new Promise((done) =>
      guardedLookup({ resolve, allowLoopback: false })('a.example', { all }, (...args) =>
        done(args),
      ),
    );

  it('gives one address or all of them, as it was asked', async () => {
    expect(await lookUp(true, resolvingTo(PUBLIC))).toEqual([
      null,
      [{ address: PUBLIC, family: 4 }],
    ]);
    expect(await lookUp(false, resolvingTo('2606:2800::1'))).toEqual([null, '2606:2800::1', 6]);
  });

  it('gives none that is forbidden', async () => {
    expect(await lookUp(true, resolvingTo('127.0.0.1'))).toMatchObject([
      { code: 'forbidden_address' },
      [],
    ]);
  });
});
