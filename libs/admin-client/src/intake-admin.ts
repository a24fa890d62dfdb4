import type {
  AccountBalanceDto,
  AccountFundingDto,
  AccountRowDto,
  AccountSettingsDto,
  AccountTermsDto,
  ApiKeyDto,
  AwaitedDto,
  CreateAccountDto,
  CreateApiKeyDto,
  CreatedAccountDto,
  CreatedApiKeyDto,
  CurrencyTermsDto,
  LedgerDifferencesDto,
  RecoverLedgerDto,
  FundAccountDto,
  NetworkTermsDto,
  RevokedApiKeyDto,
  RewrappedKeysDto,
  RotateApiKeyDto,
  RotatedApiKeyDto,
  RouteDto,
  SetAccountTermsDto,
  SetCurrencyTermsDto,
  SetNetworkTermsDto,
  SetRouteDto,
  WithdrawalDto,
  WithdrawalListQuery,
  WithdrawalRowDto,
} from '@sluice/http-api';
import { path } from './admin-http.js';
import { HaltingAdmin } from './halting-admin.js';

/** Some hundred withdrawals are sent to the ledger meanwhile. */
const RECOVERY_WITHIN_MS = 120_000;

/** Client of intake-api's admin API. */
export class IntakeAdmin extends HaltingAdmin {
  accounts(): Promise<readonly AccountRowDto[]> {
    return this.http.list('/internal/accounts');
  }

  createAccount(account: CreateAccountDto): Promise<CreatedAccountDto> {
    return this.http.post('/internal/accounts', account);
  }

  setAccount(accountId: string, settings: AccountSettingsDto): Promise<AccountSettingsDto> {
    return this.http.put(path`/internal/accounts/${accountId}/settings`, settings);
  }

  fund(accountId: string, funding: FundAccountDto): Promise<AccountFundingDto | AwaitedDto> {
    return this.http.post(path`/internal/accounts/${accountId}/fundings`, funding);
  }

  balances(accountId: string): Promise<readonly AccountBalanceDto[]> {
    return this.http.list(path`/internal/accounts/${accountId}/balances`);
  }

  keys(accountId: string): Promise<readonly ApiKeyDto[]> {
    return this.http.list(path`/internal/accounts/${accountId}/keys`);
  }

  createKey(accountId: string, key: CreateApiKeyDto): Promise<CreatedApiKeyDto | AwaitedDto> {
    return this.http.post(path`/internal/accounts/${accountId}/keys`, key);
  }

  rotateKey(keyId: string, rotation: RotateApiKeyDto): Promise<RotatedApiKeyDto | AwaitedDto> {
    return this.http.post(path`/internal/keys/${keyId}/rotate`, rotation);
  }

  revokeKey(keyId: string): Promise<RevokedApiKeyDto> {
    return this.http.post(path`/internal/keys/${keyId}/revoke`);
  }

  rewrapKeys(): Promise<RewrappedKeysDto> {
    return this.http.post('/internal/keys/rewrap');
  }

  routes(): Promise<readonly RouteDto[]> {
    return this.http.list('/internal/routes');
  }

  setRoute(route: SetRouteDto): Promise<RouteDto> {
    return this.http.put('/internal/routes', route);
  }

  /** Lists all versions, sorted by start time. */
  networkTerms(): Promise<readonly NetworkTermsDto[]> {
    return this.http.list('/internal/terms/networks');
  }

  setNetworkTerms(terms: SetNetworkTermsDto): Promise<NetworkTermsDto | AwaitedDto> {
    return this.http.post('/internal/terms/networks', terms);
  }

  currencyTerms(): Promise<readonly CurrencyTermsDto[]> {
    return this.http.list('/internal/terms/currencies');
  }

  setCurrencyTerms(terms: SetCurrencyTermsDto): Promise<CurrencyTermsDto | AwaitedDto> {
    return this.http.post('/internal/terms/currencies', terms);
  }

  accountTerms(accountId: string): Promise<readonly AccountTermsDto[]> {
    return this.http.list(path`/internal/accounts/${accountId}/terms`);
  }

  setAccountTerms(
    accountId: string,
    terms: SetAccountTermsDto,
  ): Promise<AccountTermsDto | AwaitedDto> {
    return this.http.post(path`/internal/accounts/${accountId}/terms`, terms);
  }

  ledgerDifferences(): Promise<LedgerDifferencesDto> {
    return this.http.get('/internal/ledger-differences');
  }

  recoverLedger(recovery: RecoverLedgerDto): Promise<LedgerDifferencesDto | AwaitedDto> {
    return this.http.post('/internal/ledger-differences/recover', recovery, RECOVERY_WITHIN_MS);
  }

  withdrawals(query: WithdrawalListQuery = {}): Promise<readonly WithdrawalRowDto[]> {
    return this.http.list('/internal/withdrawals', { ...query });
  }

  /** Returns a withdrawal by public number or UUID. */
  withdrawal(ref: string | number): Promise<WithdrawalDto> {
    return this.http.get(path`/internal/withdrawals/${ref}`);
  }
}
