import { startService } from '@sluice/service-shell';
import { intakeConfig } from './config.js';
import { intakeApi } from './intake-api.service.js';

await startService(() => intakeApi(intakeConfig()));
