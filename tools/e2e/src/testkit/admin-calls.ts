import type { ConnectorAdmin, IntakeAdmin, LedgerAdmin, ServiceAdmin } from '@sluice/admin-client';

/** One call of each method: the compiler asks for all of them. */
type CallsOf<Client, Other extends keyof Client> = Readonly<
  Record<Exclude<keyof Client, Other>, (client: Client) => Promise<unknown>>
>;

const SAID = { by: 'x', evidence: 'x' };

/** What is not under `/internal`, and so is not described, is left out. */
export const SERVICE_CALLS: CallsOf<ServiceAdmin, 'http' | 'readiness' | 'metrics'> = {
  invariants: (service) => service.invariants(),
  deadLetters: (service) => service.deadLetters(),
  replayDeadLetter: (service) => service.replayDeadLetter('1'),
  dismissDeadLetter: (service) => service.dismissDeadLetter('1', { reason: 'x' }),
  skippedBatches: (service) => service.skippedBatches(),
  approvals: (service) => service.approvals(),
  approve: (service) => service.approve('1'),
  auditEntries: (service) => service.auditEntries(),
  proveAudit: (service) => service.proveAudit(),
  skipBatch: (service) => service.skipBatch({ topic: 'x', partition: 0, offset: '1' }, SAID),
};

export const INTAKE_CALLS: CallsOf<IntakeAdmin, keyof ServiceAdmin> = {
  accounts: (intake) => intake.accounts(),
  createAccount: (intake) => intake.createAccount({ name: 'x' }),
  fund: (intake) =>
    intake.fund('x', { currency: 'USDT', network: 'ETH', amount: '1', reference: 'x' }),
  balances: (intake) => intake.balances('x'),
  keys: (intake) => intake.keys('x'),
  createKey: (intake) => intake.createKey('x', {}),
  revokeKey: (intake) => intake.revokeKey('x'),
  routes: (intake) => intake.routes(),
  setRoute: (intake) => intake.setRoute({ currency: 'USDT', network: 'ETH', was: [], venues: [] }),
  withdrawals: (intake) => intake.withdrawals(),
  withdrawal: (intake) => intake.withdrawal(1),
};

export const LEDGER_CALLS: CallsOf<LedgerAdmin, keyof ServiceAdmin> = {
  openAccount: (ledger) => ledger.openAccount({ account_id: 'x', name: 'x' }),
  fund: (ledger) => ledger.fund('x', { asset: 'USDT.ETH', amount: '1', reference: 'x' }),
  freeze: (ledger) => ledger.freeze('x', { freeze_id: 'x', reason: 'x' }),
  liftFreeze: (ledger) => ledger.liftFreeze('x', 'x'),
  transfer: (ledger) =>
    ledger.transfer('x', { from: 'x', to: 'x', asset: 'USDT.ETH', amount: '1', reference: 'x' }),
  reverse: (ledger) => ledger.reverse('x', 'x', { reason: 'x' }),
  balances: (ledger) => ledger.balances('x'),
  balancesAt: (ledger) => ledger.balancesAt('x', 'x'),
  statement: (ledger) => ledger.statement('x'),
  entry: (ledger) => ledger.entry('x'),
  entriesOf: (ledger) => ledger.entriesOf('x'),
  holds: (ledger) => ledger.holds({ state: 'placed' }),
  houseBalances: (ledger) => ledger.houseBalances('x'),
  houseBalancesAt: (ledger) => ledger.houseBalancesAt('x', 'x'),
  prove: (ledger) => ledger.prove(),
  detachJournal: (ledger) => ledger.detachJournal({ before: 'x' }),
};

export const CONNECTOR_CALLS: CallsOf<ConnectorAdmin, keyof ServiceAdmin> = {
  submissions: (connector) => connector.submissions(),
  submission: (connector) => connector.submission('x'),
  decide: (connector) => connector.decide('x', { decision: 'paid', evidence: 'x' }),
  cases: (connector) => connector.cases(),
  halts: (connector) => connector.halts(),
  unclaimedRecords: (connector) => connector.unclaimedRecords(),
  openHalt: (connector) => connector.openHalt({ by: 'x', details: 'x' }),
  liftHalt: (connector) => connector.liftHalt('1', SAID),
};
