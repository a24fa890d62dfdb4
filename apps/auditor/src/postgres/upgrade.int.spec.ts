import { describeUpgrade } from '@sluice/postgres/testing';
import { AUDITOR_SCHEMA } from './schema.js';

describeUpgrade('auditor', AUDITOR_SCHEMA, 'AUDITOR_SCHEMA');
