import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { X509Certificate } from 'node:crypto';

/** Address of a TLS server. */
export interface TlsPlace {
  readonly host: string;
  readonly port: number;
  /** PEM file of the CA; null: the CAs known to Node. */
  readonly caFile: string | null;
  /** True for PostgreSQL: the server starts TLS only on request. */
  readonly isPostgres: boolean;
}

const WITHIN_MS = 5_000;
const SSL_REQUEST = Buffer.of(0, 0, 0, 8, 4, 210, 22, 47);

/**
 * Returns the certificate presented by a server. Throws if the certificate is not trusted or the
 * server does not answer.
 */
export async function peerCertificate(place: TlsPlace): Promise<X509Certificate> {
  const signal = AbortSignal.timeout(WITHIN_MS);
  const { host, port, caFile } = place;
  const socket = connect(port, host);
  try {
    await once(socket, 'connect', { signal });
    if (place.isPostgres) await askForTls(socket, signal);
    const secure: TLSSocket = connectTls({
      socket,
      host,
      ...(isIP(host) === 0 && { servername: host }),
      ...(caFile !== null && { ca: readFileSync(caFile, 'utf8') }),
    });
    await once(secure, 'secureConnect', { signal });
    const certificate = secure.getPeerX509Certificate();
    secure.end();
    if (certificate === undefined) throw new Error('it shows no certificate');
    return certificate;
  } finally {
    socket.destroy();
  }
}

async function askForTls(socket: Socket, signal: AbortSignal): Promise<void> {
  socket.write(SSL_REQUEST);
  const [answer] = (await once(socket, 'data', { signal })) as [Buffer];
  if (answer.toString('latin1') !== 'S') throw new Error('it does not speak TLS');
}
