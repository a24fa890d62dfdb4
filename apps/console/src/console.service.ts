import { fileURLToPath } from 'node:url';
import { checkInvariants } from '@sluice/postgres';
import type { ServiceDefinition } from '@sluice/service-shell';
import type { ConsoleConfig } from './settings/console-settings.js';
import { ConsoleModule } from './console.module.js';
import { acceptGatewayBodies } from './gateway/gateway.controller.js';
import { CONSOLE_SCHEMA } from './postgres/schema.js';
import { setAnswerHeaders } from './web/answer-headers.js';
import { readWebFiles } from './web/web-files.js';

export const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

const BUILT_PAGE = fileURLToPath(new URL('../../console-web/dist', import.meta.url));

/** The service. `page`: folder of the built page; tests have their own. */
export function consoleService(
  config: ConsoleConfig,
  page = BUILT_PAGE,
): ServiceDefinition<ConsoleConfig> {
  return {
    name: 'console',
    config,
    schema: CONSOLE_SCHEMA,
    module: ConsoleModule.of(readWebFiles(page)),
    checkInvariants: (database) => checkInvariants(database, INVARIANTS),
    internalPort: config.internalPort,
    internalHost: config.internalHost || config.host,
    hooks: (fastify) => {
      setAnswerHeaders(fastify, config.consoleUrl);
      acceptGatewayBodies(fastify);
    },
  };
}
