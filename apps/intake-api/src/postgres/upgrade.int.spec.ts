import { describeUpgrade } from '@sluice/postgres/testing';
import { INTAKE_SCHEMA } from './schema.js';

describeUpgrade('the intake', INTAKE_SCHEMA, 'INTAKE_SCHEMA');
