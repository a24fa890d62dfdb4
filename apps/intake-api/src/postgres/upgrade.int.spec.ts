import { describeUpgrade } from '@sluice/upgrade-testing';
import { INTAKE_SCHEMA } from './schema.js';

describeUpgrade('the intake', INTAKE_SCHEMA, 'INTAKE_SCHEMA');
