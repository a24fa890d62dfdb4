import type {
  AuditorAdmin,
  ConnectorAdmin,
  IntakeAdmin,
  LedgerAdmin,
  ServiceAdmin,
} from '@sluice/admin-client';

/** A call of each method: the compiler requires all methods. */
type CallsOf<Client, Other extends keyof Client> = Readonly<
  Record<Exclude<keyof Client, Other>, (client: Client) => Promise<unknown>>
>;

const SAID = { evidence: 'x' };
const SOME_TERMS = {
  currency: 'X',
  network: 'X',
  name: 'x',
  contract_address: null,
  decimals: 2,
  active: true,
  open_to_all: false,
  unit_worth_eur: null,
  min_withdrawal_amount: '1',
  withdrawal_fee_flat: '0',
  withdrawal_fee_percent: '0',
};

/**
 * Calls of ServiceAdmin. Methods outside `/internal` are excluded, because OpenAPI does not
 * describe them.
 */
export const SERVICE_CALLS: CallsOf<ServiceAdmin, 'http' | 'readiness' | 'metrics'> = {
  whoami: (service) => service.whoami(),
  selfCheck: (service) => service.selfCheck(),
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
  setAccount: (intake) => intake.setAccount('x', { requires_reference: true }),
  fund: (intake) =>
    intake.fund('x', { currency: 'USDT', network: 'ETH', amount: '1', reference: 'x', ...SAID }),
  balances: (intake) => intake.balances('x'),
  keys: (intake) => intake.keys('x'),
  createKey: (intake) => intake.createKey('x', {}),
  rotateKey: (intake) => intake.rotateKey('x', {}),
  revokeKey: (intake) => intake.revokeKey('x'),
  rewrapKeys: (intake) => intake.rewrapKeys(),
  routes: (intake) => intake.routes(),
  setRoute: (intake) => intake.setRoute({ currency: 'USDT', network: 'ETH', was: [], venues: [] }),
  networkTerms: (intake) => intake.networkTerms(),
  setNetworkTerms: (intake) =>
    intake.setNetworkTerms({ network: 'X', family: 'evm', active: true }),
  currencyTerms: (intake) => intake.currencyTerms(),
  setCurrencyTerms: (intake) => intake.setCurrencyTerms(SOME_TERMS),
  accountTerms: (intake) => intake.accountTerms('x'),
  setAccountTerms: (intake) =>
    intake.setAccountTerms('x', { ...SOME_TERMS, withdrawal_enabled: true }),
  withdrawals: (intake) => intake.withdrawals(),
  withdrawal: (intake) => intake.withdrawal(1),
  ledgerDifferences: (intake) => intake.ledgerDifferences(),
  recoverLedger: (intake) => intake.recoverLedger(SAID),
  halts: (intake) => intake.halts(),
  openHalt: (intake) => intake.openHalt({ details: 'x' }),
  liftHalt: (intake) => intake.liftHalt('1', SAID),
};

export const LEDGER_CALLS: CallsOf<LedgerAdmin, keyof ServiceAdmin> = {
  openAccount: (ledger) => ledger.openAccount({ account_id: 'x', name: 'x' }),
  fund: (ledger) => ledger.fund('x', { asset: 'USDT.ETH', amount: '1', reference: 'x', ...SAID }),
  freeze: (ledger) => ledger.freeze('x', { freeze_id: 'x', reason: 'x' }),
  freezes: (ledger) => ledger.freezes(),
  liftFreeze: (ledger) => ledger.liftFreeze('x', 'x'),
  signers: (ledger) => ledger.signers('x'),
  addSigner: (ledger) => ledger.addSigner('x', { key_id: 'x', public_key: 'x' }),
  revokeSigner: (ledger) => ledger.revokeSigner('x', 'x'),
  paymentApprovals: (ledger) => ledger.paymentApprovals(),
  paymentApproval: (ledger) => ledger.paymentApproval('x'),
  voteOnPayment: (ledger) => ledger.voteOnPayment('x', { decision: 'refuse', digest: 'x' }),
  addresses: (ledger) => ledger.addresses('x'),
  addAddress: (ledger) =>
    ledger.addAddress('x', { network: 'ETH', destination: { type: 'address' }, label: 'x' }),
  confirmAddress: (ledger) => ledger.confirmAddress({ account_id: 'x', entry_id: 'x' }),
  removeAddress: (ledger) => ledger.removeAddress({ account_id: 'x', entry_id: 'x' }),
  addressBook: (ledger) => ledger.addressBook('x'),
  setAddressBook: (ledger) =>
    ledger.setAddressBook('x', { only_book: true, confirmation: 'none', waits_hours: 24 }),
  passkeys: (ledger) => ledger.passkeys(),
  passkeyOptions: (ledger) => ledger.passkeyOptions(),
  registerPasskey: (ledger) => ledger.registerPasskey({ registration: {} }),
  revokePasskey: (ledger) => ledger.revokePasskey({ credential_id: 'x' }),
  orderCases: (ledger) => ledger.orderCases(),
  policyVersions: (ledger) => ledger.policyVersions(),
  publishPolicy: (ledger) => ledger.publishPolicy({ after_version: 0, policy: {} }),
  comparePolicy: (ledger) => ledger.comparePolicy({ policy: {} }),
  dryRunPolicy: (ledger) => ledger.dryRunPolicy({ policy: {}, last: 1 }),
  policyDecision: (ledger) => ledger.policyDecision('x'),
  policyPrices: (ledger) => ledger.policyPrices(),
  setPolicyPrice: (ledger) => ledger.setPolicyPrice({ asset: 'USDT.ETH', eur: '1' }),
  transfer: (ledger) =>
    ledger.transfer('x', {
      ...SAID,
      from: 'x',
      to: 'x',
      asset: 'USDT.ETH',
      amount: '1',
      reference: 'x',
    }),
  reverse: (ledger) => ledger.reverse('x', 'x', { reason: 'x' }),
  balances: (ledger) => ledger.balances('x'),
  balancesAt: (ledger) => ledger.balancesAt('x', 'x'),
  statement: (ledger) => ledger.statement('x'),
  entry: (ledger) => ledger.entry('x'),
  entriesOf: (ledger) => ledger.entriesOf('x'),
  previewPolicy: (ledger) =>
    ledger.previewPolicy({
      account_id: 'x',
      key_id: 'x',
      asset: 'USDT.ETH',
      amount: '1',
      destination: { type: 'address' },
      venue: 'x',
    }),
  holds: (ledger) => ledger.holds({ state: 'placed' }),
  compareHolds: (ledger) => ledger.compareHolds({ heads: [], withdrawals: [] }),
  findHolds: (ledger) => ledger.findHolds({ after: 'x', before: 'x' }),
  sendAgain: (ledger) => ledger.sendAgain({ withdrawals: [] }),
  houseBalances: (ledger) => ledger.houseBalances('x'),
  houseBalancesAt: (ledger) => ledger.houseBalancesAt('x', 'x'),
  bookHalts: (ledger) => ledger.bookHalts(),
  liftBookHalt: (ledger) => ledger.liftBookHalt(SAID),
  prove: (ledger) => ledger.prove(),
  detachJournal: (ledger) => ledger.detachJournal({ before: 'x' }),
};

export const AUDITOR_CALLS: CallsOf<AuditorAdmin, keyof ServiceAdmin> = {
  findings: (auditor) => auditor.findings(),
  showFinding: (auditor) => auditor.showFinding('1'),
  closeFinding: (auditor) => auditor.closeFinding('1', { reason: 'x' }),
};

export const CONNECTOR_CALLS: CallsOf<ConnectorAdmin, keyof ServiceAdmin> = {
  submissions: (connector) => connector.submissions(),
  submission: (connector) => connector.submission('x'),
  decide: (connector) => connector.decide('x', { decision: 'paid', evidence: 'x' }),
  cases: (connector) => connector.cases(),
  halts: (connector) => connector.halts(),
  breaks: (connector) => connector.breaks(),
  showBreak: (connector) => connector.showBreak('1'),
  closeBreak: (connector) => connector.closeBreak('1', SAID),
  assets: (connector) => connector.assets(),
  setAsset: (connector) =>
    connector.setAsset({
      currency: 'X',
      network: 'X',
      code: 'x',
      active: true,
      unit_worth_eur: null,
    }),
  unclaimedRecords: (connector) => connector.unclaimedRecords(),
  openHalt: (connector) => connector.openHalt({ details: 'x' }),
  liftHalt: (connector) => connector.liftHalt('1', SAID),
};
