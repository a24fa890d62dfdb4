import { describeAccountRows } from '@sluice/postgres/testing';
import { INTAKE_SCHEMA } from './schema.js';

describeAccountRows('the intake', INTAKE_SCHEMA);
