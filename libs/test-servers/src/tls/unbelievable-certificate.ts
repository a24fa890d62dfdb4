import { CertificateAuthority, type Certificate } from './certificate-authority.js';

/** What no client may take, by what is wrong with it, and what Node calls that. */
export const UNBELIEVABLE = [
  ['of a foreign authority', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['that has ended', 'CERT_HAS_EXPIRED'],
  ['for another host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
] as const;

/** A certificate for 127.0.0.1 that a client who believes `authority` must not take. */
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
