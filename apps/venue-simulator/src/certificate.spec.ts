import { createPrivateKey, X509Certificate } from 'node:crypto';
import { selfSigned } from './certificate.js';

const NOW = new Date('2026-11-22T12:00:00Z');

describe('selfSigned', () => {
  it('is a certificate of its own key for all the names, good for a year', () => {
    const { certificate, key } = selfSigned(['localhost', '127.0.0.1', '::1', 'fd00::1:2'], NOW);
    const read = new X509Certificate(certificate);

    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(read.ca).toBe(true);
    expect(read.checkHost('localhost')).toBe('localhost');
    expect(['127.0.0.1', '::1', 'fd00::1:2'].map((address) => read.checkIP(address))).toEqual([
      '127.0.0.1',
      '::1',
      'fd00::1:2',
    ]);
    expect(read.checkHost('example.com')).toBeUndefined();
    expect([new Date(read.validFrom), new Date(read.validTo)]).toEqual([
      new Date('2026-11-21T12:00:00Z'),
      new Date('2027-12-24T12:00:00Z'),
    ]);
  });

  it('has a key and a number of its own each time', () => {
    const [one, other] = [selfSigned(['localhost'], NOW), selfSigned(['localhost'], NOW)].map(
      ({ certificate }) => new X509Certificate(certificate),
    );

    expect(one?.serialNumber).not.toBe(other?.serialNumber);
    expect(one?.fingerprint256).not.toBe(other?.fingerprint256);
  });
});
