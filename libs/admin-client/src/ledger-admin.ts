import type {
  AddAddressDto,
  AddressBookActionDto,
  AddressBookDto,
  AddressEntriesQuery,
  AddressEntryDto,
  AddressEntryParams,
  SetAddressBookDto,
  AddSignerDto,
  AwaitedDto,
  BalancesAtQuery,
  BalancesQuery,
  BookHaltDto,
  CompareHoldsDto,
  ComparePolicyDto,
  DetachJournalDto,
  DetachmentDto,
  DryRunDto,
  DryRunPolicyDto,
  EntryDto,
  FindHoldsDto,
  FoundHoldDto,
  FreezeAccountDto,
  FreezeDto,
  FreezeInForceDto,
  FundLedgerAccountDto,
  HoldDto,
  HoldsComparedDto,
  HoldsQuery,
  HouseBalancesDto,
  LedgerAccountDto,
  LedgerBalanceDto,
  LedgerFundingDto,
  LiftBookHaltDto,
  OpenLedgerAccountDto,
  OrderCaseDto,
  Page,
  PasskeyDto,
  PasskeyOptionsDto,
  PaymentApprovalDto,
  PaymentApprovalsQuery,
  PolicyDecisionDto,
  PolicyDifferencesDto,
  PolicyPriceDto,
  PolicyVersionDto,
  PolicyPreviewDto,
  PreviewPolicyDto,
  ProofDto,
  ProveBookDto,
  PublishPolicyDto,
  RegisterPasskeyDto,
  ReversalDto,
  ReverseEntryDto,
  RevokePasskeyDto,
  SendAgainDto,
  SentAgainDto,
  SetPolicyPriceDto,
  SignerDto,
  StatementLineDto,
  StatementQuery,
  TransferDto,
  TransferFundsDto,
  VoteOnPaymentDto,
} from '@sluice/http-api';
import { path } from './admin-http.js';
import { ServiceAdmin } from './service-admin.js';

/** A proof reads the whole book. */
const PROOF_WITHIN_MS = 3_600_000;
const REPLAY_WITHIN_MS = 600_000;

/** Client of the ledger's admin API. */
export class LedgerAdmin extends ServiceAdmin {
  openAccount(account: OpenLedgerAccountDto): Promise<LedgerAccountDto> {
    return this.http.post('/internal/accounts', account);
  }

  fund(accountId: string, funding: FundLedgerAccountDto): Promise<LedgerFundingDto | AwaitedDto> {
    return this.http.post(path`/internal/accounts/${accountId}/fundings`, funding);
  }

  freeze(accountId: string, freeze: FreezeAccountDto): Promise<FreezeDto> {
    return this.http.post(path`/internal/accounts/${accountId}/freezes`, freeze);
  }

  liftFreeze(accountId: string, freezeId: string): Promise<FreezeDto> {
    return this.http.post(path`/internal/accounts/${accountId}/freezes/${freezeId}/lift`);
  }

  freezes(): Promise<readonly FreezeInForceDto[]> {
    return this.http.list('/internal/freezes');
  }

  signers(accountId: string): Promise<readonly SignerDto[]> {
    return this.http.list(path`/internal/accounts/${accountId}/signers`);
  }

  addSigner(accountId: string, signer: AddSignerDto): Promise<SignerDto | AwaitedDto> {
    return this.http.post(path`/internal/accounts/${accountId}/signers`, signer);
  }

  revokeSigner(accountId: string, publicKey: string): Promise<SignerDto> {
    return this.http.post(path`/internal/accounts/${accountId}/signers/revoke`, {
      public_key: publicKey,
    });
  }

  policyVersions(): Promise<readonly PolicyVersionDto[]> {
    return this.http.list('/internal/policy');
  }

  publishPolicy(next: PublishPolicyDto): Promise<PolicyVersionDto | AwaitedDto> {
    return this.http.post('/internal/policy', next);
  }

  comparePolicy(compared: ComparePolicyDto): Promise<PolicyDifferencesDto> {
    return this.http.post('/internal/policy/differences', compared);
  }

  /** Replays up to 100,000 requests. */
  dryRunPolicy(run: DryRunPolicyDto): Promise<DryRunDto> {
    return this.http.post('/internal/policy/dry-run', run, REPLAY_WITHIN_MS);
  }

  policyDecision(withdrawalId: string): Promise<PolicyDecisionDto> {
    return this.http.get(path`/internal/policy/decisions/${withdrawalId}`);
  }

  policyPrices(): Promise<readonly PolicyPriceDto[]> {
    return this.http.list('/internal/policy/prices');
  }

  setPolicyPrice(price: SetPolicyPriceDto): Promise<PolicyPriceDto | AwaitedDto> {
    return this.http.post('/internal/policy/prices', price);
  }

  paymentApprovals(query: PaymentApprovalsQuery = {}): Promise<readonly PaymentApprovalDto[]> {
    return this.http.list('/internal/payment-approvals', { ...query });
  }

  paymentApproval(withdrawalId: string): Promise<PaymentApprovalDto> {
    return this.http.get(path`/internal/payment-approvals/${withdrawalId}`);
  }

  voteOnPayment(withdrawalId: string, vote: VoteOnPaymentDto): Promise<PaymentApprovalDto> {
    return this.http.post(path`/internal/payment-approvals/${withdrawalId}/votes`, vote);
  }

  addresses(
    accountId: string,
    query: AddressEntriesQuery = {},
  ): Promise<readonly AddressEntryDto[]> {
    return this.http.list(path`/internal/accounts/${accountId}/addresses`, { ...query });
  }

  addAddress(accountId: string, entry: AddAddressDto): Promise<AddressEntryDto> {
    return this.http.post(path`/internal/accounts/${accountId}/addresses`, entry);
  }

  confirmAddress(
    { account_id: account, entry_id: id }: AddressEntryParams,
    by: AddressBookActionDto = {},
  ): Promise<AddressEntryDto> {
    return this.http.post(path`/internal/accounts/${account}/addresses/${id}/confirm`, by);
  }

  removeAddress(
    { account_id: account, entry_id: id }: AddressEntryParams,
    by: AddressBookActionDto = {},
  ): Promise<AddressEntryDto> {
    return this.http.post(path`/internal/accounts/${account}/addresses/${id}/remove`, by);
  }

  addressBook(accountId: string): Promise<AddressBookDto> {
    return this.http.get(path`/internal/accounts/${accountId}/address-book`);
  }

  setAddressBook(accountId: string, settings: SetAddressBookDto): Promise<AddressBookDto> {
    return this.http.post(path`/internal/accounts/${accountId}/address-book`, settings);
  }

  passkeys(): Promise<readonly PasskeyDto[]> {
    return this.http.list('/internal/passkeys');
  }

  /** Options for the browser of the caller. */
  passkeyOptions(): Promise<PasskeyOptionsDto> {
    return this.http.get('/internal/passkeys/options');
  }

  registerPasskey(registration: RegisterPasskeyDto): Promise<PasskeyDto | AwaitedDto> {
    return this.http.post('/internal/passkeys', registration);
  }

  revokePasskey(passkey: RevokePasskeyDto): Promise<PasskeyDto> {
    return this.http.post('/internal/passkeys/revoke', passkey);
  }

  orderCases(): Promise<readonly OrderCaseDto[]> {
    return this.http.list('/internal/order-cases');
  }

  transfer(accountId: string, transfer: TransferFundsDto): Promise<TransferDto | AwaitedDto> {
    return this.http.post(path`/internal/accounts/${accountId}/transfers`, transfer);
  }

  reverse(
    accountId: string,
    entryId: string,
    reversal: ReverseEntryDto,
  ): Promise<ReversalDto | AwaitedDto> {
    return this.http.post(
      path`/internal/accounts/${accountId}/entries/${entryId}/reversal`,
      reversal,
    );
  }

  balances(accountId: string, query: BalancesQuery = {}): Promise<readonly LedgerBalanceDto[]> {
    return this.http.list(path`/internal/accounts/${accountId}/balances`, { ...query });
  }

  balancesAt(
    accountId: string,
    time: string,
    query: BalancesAtQuery = {},
  ): Promise<readonly LedgerBalanceDto[]> {
    return this.http.list(path`/internal/accounts/${accountId}/balances/at/${time}`, { ...query });
  }

  statement(accountId: string, query: StatementQuery = {}): Promise<Page<StatementLineDto>> {
    return this.http.page(path`/internal/accounts/${accountId}/statement`, { ...query });
  }

  entry(entryId: string): Promise<EntryDto> {
    return this.http.get(path`/internal/entries/${entryId}`);
  }

  entriesOf(withdrawalId: string): Promise<readonly EntryDto[]> {
    return this.http.list(path`/internal/withdrawals/${withdrawalId}/entries`);
  }

  previewPolicy(withdrawal: PreviewPolicyDto): Promise<PolicyPreviewDto> {
    return this.http.post('/internal/policy/preview', withdrawal);
  }

  holds(query: HoldsQuery): Promise<Page<HoldDto>> {
    return this.http.page('/internal/holds', { ...query });
  }

  compareHolds(comparison: CompareHoldsDto): Promise<HoldsComparedDto> {
    return this.http.post('/internal/holds/comparison', comparison);
  }

  findHolds(range: FindHoldsDto): Promise<readonly FoundHoldDto[]> {
    return this.http.post('/internal/holds/found', range);
  }

  sendAgain(again: SendAgainDto): Promise<readonly SentAgainDto[]> {
    return this.http.post('/internal/holds/again', again);
  }

  houseBalances(account: string): Promise<HouseBalancesDto> {
    return this.http.get(path`/internal/shared-accounts/${account}/balances`);
  }

  houseBalancesAt(
    account: string,
    time: string,
    query: BalancesAtQuery = {},
  ): Promise<readonly LedgerBalanceDto[]> {
    return this.http.list(path`/internal/shared-accounts/${account}/balances/at/${time}`, {
      ...query,
    });
  }

  bookHalts(): Promise<readonly BookHaltDto[]> {
    return this.http.list('/internal/book-halts');
  }

  liftBookHalt(lift: LiftBookHaltDto): Promise<BookHaltDto | AwaitedDto> {
    return this.http.post('/internal/book-halts/resume', lift);
  }

  prove(heads: ProveBookDto = {}): Promise<ProofDto> {
    return this.http.post('/internal/proof', heads, PROOF_WITHIN_MS);
  }

  detachJournal(detachment: DetachJournalDto): Promise<DetachmentDto> {
    return this.http.post('/internal/journal/detachments', detachment, PROOF_WITHIN_MS);
  }
}
