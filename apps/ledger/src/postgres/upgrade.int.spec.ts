import { describeUpgrade } from '@sluice/postgres/testing';
import { LEDGER_SCHEMA } from './schema.js';

describeUpgrade('the ledger', LEDGER_SCHEMA, 'LEDGER_SCHEMA');
