import { describeUpgrade } from '@sluice/upgrade-testing';
import { LEDGER_SCHEMA } from './schema.js';

describeUpgrade('the ledger', LEDGER_SCHEMA, 'LEDGER_SCHEMA');
