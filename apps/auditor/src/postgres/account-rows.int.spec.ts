import { describeAccountRows } from '@sluice/postgres/testing';
import { AUDITOR_SCHEMA } from './schema.js';

describeAccountRows('auditor', AUDITOR_SCHEMA);
