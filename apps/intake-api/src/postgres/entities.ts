import { HaltEntity } from '@sluice/service-shell';
import type { EntityClass } from '@sluice/postgres';
import { AccountEntity } from '../accounts/account.entity.js';
import { ApiKeyEntity } from '../api-keys/api-key.entity.js';
import { CurrencyEntity } from '../catalogue/currency.entity.js';
import { RouteEntity } from '../catalogue/route.entity.js';
import { WithdrawalCaseEntity } from '../cases/withdrawal-case.entity.js';

export const INTAKE_ENTITIES: readonly EntityClass[] = [
  AccountEntity,
  ApiKeyEntity,
  CurrencyEntity,
  RouteEntity,
  WithdrawalCaseEntity,
  HaltEntity,
];
