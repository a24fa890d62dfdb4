import { AdminError } from '@sluice/admin-client';
import { isOpenHalt } from '../judge/gather.js';
import type { AdminClients } from '../system/admin-clients.js';

const EVIDENCE = 'the database of the ledger was put back: what was paid is sent again';

/**
 * What two people do after the ledger's database was put back: the ledger gets again what it has lost, then it goes on, then
 * intake-api. Answers whether the ledger goes on.
 */
export async function settleLedger(admin: AdminClients, colleague: AdminClients): Promise<boolean> {
  const halts = await admin.ledger((ledger) => ledger.bookHalts());
  const isBookHalted = halts.some((one) => one.lifted_at === null && isPutBack(one.reason));
  const intakes = (await admin.intake((intake) => intake.halts())).filter(
    (one) => isOpenHalt(one) && isOfLedger(one.reason),
  );
  const { open, is_sweeping: isSweeping } = await admin.intake((intake) =>
    intake.ledgerDifferences(),
  );
  if (isSweeping || (!isBookHalted && intakes.length === 0 && open === 0)) return false;
  if (open > 0)
    await both(admin, colleague, (one) =>
      one.intake((intake) => intake.recoverLedger({ evidence: EVIDENCE })),
    );
  if (isBookHalted)
    await both(admin, colleague, (one) =>
      one.ledger((ledger) => ledger.liftBookHalt({ evidence: EVIDENCE })),
    );
  for (const { id } of intakes)
    await both(admin, colleague, (one) =>
      one.intake((intake) => intake.liftHalt(id, { evidence: EVIDENCE })),
    );
  return true;
}

/** These halts end with the recovery of the ledger, not by themselves. */
export function isOfLedger(reason: string): boolean {
  return reason.startsWith('ledger_');
}

function isPutBack(reason: string): boolean {
  return reason.includes('database was put back');
}

/** One asks, another approves; what an earlier round has asked for or settled is answered by 409. */
async function both(
  admin: AdminClients,
  colleague: AdminClients,
  say: (one: AdminClients) => Promise<unknown>,
): Promise<void> {
  for (const one of [admin, colleague])
    await say(one).catch((error: unknown) => {
      if (!(error instanceof AdminError) || error.status !== 409) throw error;
    });
}
