import type { Command } from './command.js';
import { accountCreate } from './commands/account-create.js';
import { accountFreeze, accountUnfreeze } from './commands/account-freeze.js';
import { accountSet } from './commands/account-set.js';
import { accountFreezes } from './commands/account-freezes.js';
import { accountList } from './commands/account-list.js';
import { api } from './commands/api.js';
import { approvalsList } from './commands/approvals-list.js';
import { approve } from './commands/approve.js';
import { assetAdd } from './commands/asset-add.js';
import { assetList } from './commands/asset-list.js';
import { auditList } from './commands/audit-list.js';
import { auditProve } from './commands/audit-prove.js';
import { balances } from './commands/balances.js';
import { breaksClose } from './commands/breaks-close.js';
import { breaksList } from './commands/breaks-list.js';
import { breaksShow } from './commands/breaks-show.js';
import { fund } from './commands/fund.js';
import { haltLift } from './commands/halt-lift.js';
import { haltList } from './commands/halt-list.js';
import { haltOpen } from './commands/halt-open.js';
import { haltRecords } from './commands/halt-records.js';
import { invariantsCheck } from './commands/invariants-check.js';
import { kafkaSkip } from './commands/kafka-skip.js';
import { keyCreate } from './commands/key-create.js';
import { keyList } from './commands/key-list.js';
import { keyRevoke } from './commands/key-revoke.js';
import { keyRewrap } from './commands/key-rewrap.js';
import { keyRotate } from './commands/key-rotate.js';
import { ledgerBalance } from './commands/ledger-balance.js';
import { ledgerDetach } from './commands/ledger-detach.js';
import { ledgerEntries } from './commands/ledger-entries.js';
import { ledgerEntry } from './commands/ledger-entry.js';
import { ledgerHolds } from './commands/ledger-holds.js';
import { ledgerHalts, ledgerResume } from './commands/ledger-halts.js';
import { orderCaseList } from './commands/order-case-list.js';
import { ledgerProve } from './commands/ledger-prove.js';
import { ledgerDifferences, ledgerRecover } from './commands/ledger-recover.js';
import { ledgerReverse } from './commands/ledger-reverse.js';
import { signerAdd } from './commands/signer-add.js';
import { signerList } from './commands/signer-list.js';
import { signerRevoke } from './commands/signer-revoke.js';
import { ledgerStatement } from './commands/ledger-statement.js';
import { ledgerTransfer } from './commands/ledger-transfer.js';
import { deadLetterDrop } from './commands/dead-letter-drop.js';
import { deadLetterList } from './commands/dead-letter-list.js';
import { deadLetterReplay } from './commands/dead-letter-replay.js';
import { doctor } from './commands/doctor.js';
import { routeList } from './commands/route-list.js';
import { routeSet } from './commands/route-set.js';
import { termsAccount } from './commands/terms-account.js';
import { termsList, termsNetworks } from './commands/terms-list.js';
import { termsNetwork } from './commands/terms-network.js';
import { termsSet } from './commands/terms-set.js';
import { termsShow } from './commands/terms-show.js';
import { walletPlaceNonce } from './commands/wallet-place-nonce.js';
import { walletResume } from './commands/wallet-resume.js';
import { walletShow } from './commands/wallet-show.js';
import { webhookCreate } from './commands/webhook-create.js';
import { webhookDelete } from './commands/webhook-delete.js';
import { webhookDeliveries } from './commands/webhook-deliveries.js';
import { webhookDelivery } from './commands/webhook-delivery.js';
import { webhookList } from './commands/webhook-list.js';
import { webhookRequeue } from './commands/webhook-requeue.js';
import { webhookShow } from './commands/webhook-show.js';
import { webhookTest } from './commands/webhook-test.js';
import { webhookPause, webhookResume } from './commands/webhook-pause.js';
import { withdrawalList } from './commands/withdrawal-list.js';
import { withdrawalResolve } from './commands/withdrawal-resolve.js';
import { withdrawalShow } from './commands/withdrawal-show.js';
import { whoami } from './commands/whoami.js';

/** All operator commands, in the order of the help text. */
export const COMMANDS: readonly Command[] = [
  whoami,
  doctor,
  accountCreate,
  accountList,
  accountSet,
  accountFreeze,
  accountUnfreeze,
  accountFreezes,
  keyCreate,
  keyList,
  keyRotate,
  keyRevoke,
  keyRewrap,
  signerList,
  signerAdd,
  signerRevoke,
  orderCaseList,
  fund,
  balances,
  withdrawalList,
  withdrawalShow,
  withdrawalResolve,
  haltList,
  haltRecords,
  haltOpen,
  haltLift,
  breaksList,
  breaksShow,
  breaksClose,
  walletShow,
  walletResume,
  walletPlaceNonce,
  webhookCreate,
  webhookList,
  webhookShow,
  webhookDelete,
  webhookTest,
  webhookPause,
  webhookResume,
  webhookDeliveries,
  webhookDelivery,
  webhookRequeue,
  api,
  routeList,
  routeSet,
  termsList,
  termsShow,
  termsSet,
  termsAccount,
  termsNetworks,
  termsNetwork,
  assetList,
  assetAdd,
  deadLetterList,
  deadLetterReplay,
  deadLetterDrop,
  kafkaSkip,
  ledgerBalance,
  ledgerStatement,
  ledgerHolds,
  ledgerEntry,
  ledgerEntries,
  ledgerTransfer,
  ledgerReverse,
  invariantsCheck,
  ledgerProve,
  ledgerHalts,
  ledgerResume,
  ledgerDifferences,
  ledgerRecover,
  ledgerDetach,
  approvalsList,
  approve,
  auditList,
  auditProve,
];
