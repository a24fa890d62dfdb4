import { X509Certificate } from 'node:crypto';
import { CertificateAuthority } from './certificate-authority.js';

describe('CertificateAuthority', () => {
  it('issues certificates that it alone has signed, for these names and addresses', async () => {
    const [ours, foreign] = await Promise.all([
      CertificateAuthority.create(),
      CertificateAuthority.create(),
    ]);

    const { certificate, key } = await ours.issue({ hosts: ['ledger', '127.0.0.1'] });

    const read = new X509Certificate(certificate);
    expect(read.checkIssued(new X509Certificate(ours.certificate))).toBe(true);
    expect(read.verify(new X509Certificate(ours.certificate).publicKey)).toBe(true);
    expect(read.verify(new X509Certificate(foreign.certificate).publicKey)).toBe(false);
    expect(read.checkHost('ledger')).toBe('ledger');
    expect(read.checkHost('intake-api')).toBeUndefined();
    expect(read.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  });

  it('issues an expired certificate', async () => {
    const { certificate } = await (
      await CertificateAuthority.create()
    ).issue({ hosts: ['localhost'], validUntil: new Date(Date.now() - 1_000) });

    expect(new X509Certificate(certificate).validToDate.getTime()).toBeLessThan(Date.now());
  });
});
