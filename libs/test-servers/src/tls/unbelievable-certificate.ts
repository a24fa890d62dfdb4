import { CertificateAuthority, type Certificate } from './certificate-authority.js';

/** Certificates rejected by every client, each with the fault and Node's error code. */
export const UNBELIEVABLE = [
  ['of a foreign authority', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['that has ended', 'CERT_HAS_EXPIRED'],
  ['for another host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
] as const;

/** Returns a certificate for 127.0.0.1 to be rejected by clients trusting `authority`. */
export async function unbelievableCertificate(
  what: (typeof UNBELIEVABLE)[number][0],
  authority: CertificateAuthority,
): Promise<Certificate> {
  const hosts = ['localhost', '127.0.0.1'];
  switch (what) {
    case 'of a foreign authority':
      return (await CertificateAuthority.create('somebody else')).issue({ hosts });
    case 'that has ended':
      return authority.issue({ hosts, validUntil: new Date(Date.now() - 60_000) });
    case 'for another host':
      return authority.issue({ hosts: ['elsewhere.example', '127.9.9.9'] });
  }
}
