import { Database, migrate, Outbox, UnitOfWork } from '@sluice/postgres';
import { asOwner, asService, TEST_LOGIN, testDatabase } from '@sluice/test-servers';
import { AUDITOR_SCHEMA } from '../postgres/schema.js';

/** A migrated database of the auditor, opened by the superuser and with the service's login. */
export async function givenAuditor() {
  const url = await testDatabase('auditor');
  await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: AUDITOR_SCHEMA });
  const owner = await Database.open({ url, name: 'owner' });
  const service = await Database.open({ url: asService(url), name: 'auditor' });
  return {
    url,
    owner,
    service,
    unitOfWork: new UnitOfWork(service, 'auditor', new Outbox(service)),
  };
}
