import type {
  AccountBalanceDto,
  AccountFundingDto,
  AccountRowDto,
  AccountSettingsDto,
  ApiKeyDto,
  AwaitedDto,
  CreateAccountDto,
  CreateApiKeyDto,
  CreatedAccountDto,
  CreatedApiKeyDto,
  FundAccountDto,
  RevokedApiKeyDto,
  RewrappedKeysDto,
  RotateApiKeyDto,
  RotatedApiKeyDto,
  RouteDto,
  SetRouteDto,
  WithdrawalDto,
  WithdrawalListQuery,
  WithdrawalRowDto,
} from '@sluice/admin-api';
import { path } from './admin-http.js';
import { HaltingAdmin } from './halting-admin.js';

/** What intake-api answers operators. */
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

  createKey(accountId: string, key: CreateApiKeyDto): Promise<CreatedApiKeyDto> {
    return this.http.post(path`/internal/accounts/${accountId}/keys`, key);
  }

  rotateKey(keyId: string, rotation: RotateApiKeyDto): Promise<RotatedApiKeyDto> {
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

  withdrawals(query: WithdrawalListQuery = {}): Promise<readonly WithdrawalRowDto[]> {
    return this.http.list('/internal/withdrawals', { ...query });
  }

  /** By its public number or its uuid. */
  withdrawal(ref: string | number): Promise<WithdrawalDto> {
    return this.http.get(path`/internal/withdrawals/${ref}`);
  }
}
