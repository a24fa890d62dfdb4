import { describeAccountRows } from '@sluice/postgres/testing';
import { LEDGER_SCHEMA } from './schema.js';

describeAccountRows('the ledger', LEDGER_SCHEMA, ['shared_day', 'shared_minute']);
