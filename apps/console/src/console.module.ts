import { type DynamicModule, Module } from '@nestjs/common';
import { ClientAddresses } from '@sluice/service-shell';
import { AuthController } from './auth/auth.controller.js';
import { Logins } from './auth/logins.js';
import { FanOutController } from './gateway/fan-out.controller.js';
import { GatewayController } from './gateway/gateway.controller.js';
import { CalledServices } from './gateway/called-services.js';
import { PasskeyDuty } from './gateway/passkey-duty.js';
import { Issuer } from './issuer/issuer.js';
import { AccessTokens } from './sessions/access-tokens.js';
import { LoginAttempts } from './sessions/login-attempts.js';
import { LoginRate } from './sessions/login-rate.js';
import { RunningAnswers } from './sessions/running-answers.js';
import { PersonEnds } from './sessions/person-ends.js';
import { SessionEnds } from './sessions/session-ends.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { Sessions } from './sessions/sessions.js';
import { TokenProofs } from './sessions/token-proofs.js';
import { TokenSeals } from './sessions/token-seals.js';
import { WebController } from './web/web.controller.js';
import { WEB_FILES, type WebFiles } from './web/web-files.js';

@Module({
  controllers: [
    AuthController,
    SessionsController,
    GatewayController,
    FanOutController,
    WebController,
  ],
  providers: [
    ClientAddresses,
    LoginRate,
    Issuer,
    TokenSeals,
    Sessions,
    LoginAttempts,
    Logins,
    AccessTokens,
    TokenProofs,
    RunningAnswers,
    SessionEnds,
    PersonEnds,
    CalledServices,
    PasskeyDuty,
  ],
})
export class ConsoleModule {
  /** Module with the built page. */
  static of(files: WebFiles): DynamicModule {
    return {
      module: ConsoleModule,
      providers: [{ provide: WEB_FILES, useValue: files }],
    };
  }
}
