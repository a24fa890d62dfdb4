import { join } from 'node:path';
import { believeAuthority } from '@sluice/admin-client';
import { CertificateAuthority, writeServerTls, type ServerTls } from '@sluice/test-servers';
import { SERVICE_NAMES, type ServiceName } from '../tables/services.js';

type TlsServer = ServiceName | 'postgres' | 'kafka';

const SERVERS: readonly TlsServer[] = [...SERVICE_NAMES, 'postgres', 'kafka'];
const HOSTS = ['localhost', '127.0.0.1'];

/** Certificates of the stack's servers, and the authority for all certificates. */
export interface LocalTls {
  readonly caFile: string;
  of(server: TlsServer): ServerTls;
}

/**
 * Creates new certificates on each start, for this machine and the additional hosts. This process
 * trusts the authority from the call on.
 */
export async function provideTls(
  folder: string,
  ...hosts: readonly string[]
): Promise<LocalTls & { readonly authority: CertificateAuthority }> {
  const authority = await CertificateAuthority.create();
  const made = await Promise.all(
    SERVERS.map(
      async (server) =>
        [
          server,
          await writeServerTls(join(folder, server), authority, { hosts: [...HOSTS, ...hosts] }),
        ] as const,
    ),
  );
  const servers = new Map(made);
  const of = (server: TlsServer): ServerTls => {
    const tls = servers.get(server);
    if (tls === undefined) throw new Error(`${server} has no certificate`);
    return tls;
  };
  const { caFile } = of('kafka');
  believeAuthority(caFile);
  return { caFile, of, authority };
}
