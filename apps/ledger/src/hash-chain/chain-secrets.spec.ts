import { createHmac, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { aKey } from '../testkit/test-authority.js';
import { ChainKeys } from './chain-keys.js';
import { HeadSigner } from './head-signer.js';

const HEAD = { shard: 7, sequence: '12', hash: 'ab'.repeat(32) };

describe('the keys of chains', () => {
  const [old, renewed] = [aKey(), aKey()];

  it.each([32, 64, 100])('are HMAC-SHA-256 of Node: %s bytes', (bytes) => {
    const secret = randomBytes(bytes);
    const fields = ['a', 1, null, 'é'];

    const { keyId, mac } = ChainKeys.parse(secret.toString('base64')).sign('chain entry', fields);

    const hmac = (text: string) => createHmac('sha256', secret).update(text).digest('hex');
    expect(keyId).toBe(hmac('sluice chain key').slice(0, 16));
    expect(mac).toBe(hmac(JSON.stringify(['sluice chain entry', 1, keyId, ...fields])));
  });

  it('vouch for what they were given and nothing else, the new one first and the old one still', () => {
    const before = ChainKeys.parse(old).sign('chain entry', [1, 'a']);
    const both = ChainKeys.parse(`${renewed}\n\n${old}\n`);

    expect(both.verify('chain entry', [1, 'a'], before)).toBe(true);
    expect(both.sign('chain entry', [1, 'a']).keyId).not.toBe(before.keyId);
    expect(both.verify('chain entry', [1, 'b'], before)).toBe(false);
    expect(both.verify('checkpoint', [1, 'a'], before)).toBe(false);
    expect(both.verify('chain entry', [1, 'a'], { ...before, mac: '' })).toBe(false);
    expect(ChainKeys.parse(renewed).verify('chain entry', [1, 'a'], before)).toBe(false);
  });

  it.each(['', '\n', 'short', Buffer.alloc(31).toString('base64'), `${'x'.repeat(60)}!`])(
    'are no %j, which is not repeated',
    (text) => {
      expect(() => ChainKeys.parse(text)).toThrow(/^must be 32 bytes or more in base64/);
      expect(() => HeadSigner.parse(text)).toThrow(/^must be 32 bytes/);
    },
  );

  it('are never shown', () => {
    const shown = inspect([ChainKeys.parse(old), HeadSigner.parse(old)], { depth: 9 });

    expect(shown).not.toContain(old);
    expect(JSON.stringify([ChainKeys.parse(old), HeadSigner.parse(old)])).toBe('[{},{}]');
  });
});

describe('a signed head', () => {
  const [ours, others] = [HeadSigner.parse(aKey()), HeadSigner.parse(aKey())];

  it('is told from one that was changed, from one of others and from one without a signature', () => {
    const signed = ours.sign(HEAD);

    expect(ours.signed(signed)).toBe(true);
    for (const forged of [
      { ...signed, sequence: '13' },
      { ...signed, shard: 8 },
      { ...signed, hash: 'cd'.repeat(32) },
      { ...signed, signature: 'no base64!' },
      others.sign(HEAD),
      { ...others.sign(HEAD), key: signed.key },
      HEAD,
    ])
      expect(ours.signed(forged)).toBe(false);
  });

  it('stays good under a key that was replaced and is still kept', () => {
    const [old, renewed] = [aKey(), aKey()];
    const before = HeadSigner.parse(old).sign(HEAD);
    const both = HeadSigner.parse(`${renewed}\n${old}`);

    expect(both.signed(before)).toBe(true);
    expect(both.sign(HEAD).key).not.toBe(before.key);
  });
});
