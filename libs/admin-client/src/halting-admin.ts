import type { AwaitedDto, HaltDto, LiftHaltDto, OpenHaltDto } from '@sluice/http-api';
import { path } from './admin-http.js';
import { ServiceAdmin } from './service-admin.js';

/** Client of the admin API of a service with halts. */
export class HaltingAdmin extends ServiceAdmin {
  halts(): Promise<readonly HaltDto[]> {
    return this.http.list('/internal/halts');
  }

  openHalt(halt: OpenHaltDto): Promise<HaltDto> {
    return this.http.post('/internal/halts', halt);
  }

  liftHalt(id: string, lift: LiftHaltDto): Promise<HaltDto | AwaitedDto> {
    return this.http.post(path`/internal/halts/${id}/lift`, lift);
  }
}
