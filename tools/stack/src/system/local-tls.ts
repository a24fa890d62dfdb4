import { join } from 'node:path';
import { believeAuthority } from '@sluice/admin-client';
import { CertificateAuthority, writeServerTls, type ServerTls } from '@sluice/test-servers';
import { SERVICE_NAMES, type ServiceName } from '../services.js';

type TlsServer = ServiceName | 'postgres' | 'kafka';

const SERVERS: readonly TlsServer[] = [...SERVICE_NAMES, 'postgres', 'kafka'];
const HOSTS = ['localhost', '127.0.0.1'];

/** A certificate for each server of this stack, and the authority that signed them. */
export interface LocalTls {
  readonly caFile: string;
  of(server: TlsServer): ServerTls;
}

/** Made anew with each start, and believed by this process from then on. */
export async function provideTls(folder: string): Promise<LocalTls> {
  const authority = await CertificateAuthority.create();
  const made = await Promise.all(
    SERVERS.map(
      async (server) =>
        [server, await writeServerTls(join(folder, server), authority, { hosts: HOSTS })] as const,
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
  return { caFile, of };
}
