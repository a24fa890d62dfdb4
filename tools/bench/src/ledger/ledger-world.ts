import { readFileSync } from 'node:fs';
import { LedgerAdmin } from '@sluice/admin-client';
import type { RecordCodec } from '@sluice/kafka';
import type { WireMessage } from '@sluice/messages';
import { testValues } from '@sluice/runtime';
import { MessageKeys, signMessage } from '@sluice/signing';
import { startServiceWorld } from '../system/service-world.js';

export type LedgerWorld = Awaited<ReturnType<typeof startLedgerWorld>>;

/**
 * Starts the servers of the ledger alone. The ledger can be stopped to gather a backlog.
 *
 * @param nodeOptions Additional options of the ledger's process, for example `--cpu-prof`.
 * @param codec Codec of the ledger's records.
 */
export async function startLedgerWorld(
  home: string,
  nodeOptions: readonly string[] = [],
  codec: RecordCodec = 'ours',
) {
  const world = await startServiceWorld(home, {
    service: 'ledger',
    nodeOptions,
    environment: testValues({ recordCodec: codec }),
  });
  const intakeKeys = MessageKeys.parse(
    readFileSync(world.layout.messageKeysOf('intake-api'), 'utf8'),
  );
  return {
    kafka: world.kafka,
    adminUrl: world.databaseUrl,
    ledger: new LedgerAdmin(world.admin),
    approver: new LedgerAdmin(world.approver),
    /** Signs a command the same way as intake-api. */
    sign: (command: WireMessage): WireMessage => signMessage(intakeKeys, 'ledger', command),
    startLedger: world.start,
    stopLedger: world.stopService,
    ledgerPid: world.pid,
    pids: world.pids,
    stop: world.stop,
  };
}
