/**
 * Parameters of constructors of NestJS providers, by file. The container passes collaborators by
 * type, so the position of an argument has no meaning. Such a class is a candidate for a split: lower
 * the number with the class, and remove the file at five.
 */
const COLLABORATORS = {
  'apps/connector-evm/src/balances/coin-count.ts': 6,
  'apps/connector-evm/src/following/followers.ts': 12,
  'apps/connector-evm/src/sending/remembered-payments.ts': 6,
  'apps/connector-evm/src/top-ups/gas-tank.ts': 6,
  'apps/connector-evm/src/venue/wallet.adapter.ts': 9,
  'apps/intake-api/src/api-keys/authentication.guard.ts': 7,
  'apps/intake-api/src/ledger-comparison/recover-ledger.ts': 6,
  'apps/intake-api/src/ledger-comparison/restore-lost.ts': 8,
  'apps/intake-api/src/withdrawals/recovery/recovery.ts': 6,
  'apps/intake-api/src/withdrawals/saga/events.consumer.ts': 8,
  'apps/intake-api/src/withdrawals/saga/saga.ts': 6,
  'apps/ledger/src/commands/apply-commands.ts': 6,
  'apps/ledger/src/hash-chain/compare-heads.ts': 6,
  'apps/ledger/src/ledger-workers.ts': 10,
  'apps/webhooks/src/sending/sender.ts': 6,
  'apps/webhooks/src/webhooks/webhooks.admin.controller.ts': 9,
  'libs/connector-engine/src/balance/balance-watch.ts': 6,
  'libs/connector-engine/src/cancel/canceller.ts': 7,
  'libs/connector-engine/src/commands/command-handler.ts': 9,
  'libs/connector-engine/src/confirm/restored-database.ts': 8,
  'libs/connector-engine/src/connector-engine.ts': 18,
  'libs/connector-engine/src/queue/submission-queue.ts': 7,
  'libs/connector-engine/src/record/first-lookup.ts': 9,
  'libs/connector-engine/src/record/record-reader.ts': 11,
  'libs/connector-engine/src/refusal/refusal-check.ts': 9,
  'libs/connector-engine/src/status/status-poller.ts': 7,
  'libs/connector-engine/src/unknown/unknown-resolver.ts': 7,
  'libs/connector-engine/src/worker/submission-workers.ts': 9,
};

/** Functions with six parameters that await an object for some of the parameters. */
const FUNCTIONS = {
  'tools/nemesis/src/system/chain-book.ts': 6,
};

export const MOST_PARAMETERS = 5;

export const MANY_PARAMETERS = Object.entries({ ...COLLABORATORS, ...FUNCTIONS }).map(
  ([file, most]) => ({ files: [file], rules: { 'max-params': ['error', most] } }),
);
