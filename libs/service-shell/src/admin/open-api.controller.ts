import { Controller, Get, Injectable, UseGuards, type INestApplication } from '@nestjs/common';
import {
  ApiExcludeController,
  DocumentBuilder,
  SwaggerModule,
  type OpenAPIObject,
} from '@nestjs/swagger';
import { CallerGuard, Requires, ROLES, ServedAt } from '@sluice/http-api';

/** OpenAPI document of this service's admin API, generated from the controllers and DTOs. */
@Injectable()
export class OpenApiDocument {
  private document: OpenAPIObject | null = null;

  /** Creates the document. Called once, after all modules are loaded. */
  describe(app: INestApplication, service: string): void {
    const about = new DocumentBuilder()
      .setTitle(`Sluice ${service}: admin API`)
      .setDescription('For operators. Every answer has the envelope; a refusal has its sentence.')
      .setVersion('1')
      .addBearerAuth()
      .build();
    const document = SwaggerModule.createDocument(app, about);
    const internal = Object.entries(document.paths).filter(([path]) =>
      path.startsWith('/internal/'),
    );
    this.document = { ...document, paths: Object.fromEntries(internal) };
  }

  get(): OpenAPIObject {
    if (!this.document)
      throw new Error('the admin API is described when the service has its modules');
    return this.document;
  }
}

/** Returns the document without the response envelope, as expected by OpenAPI tools. */
@ApiExcludeController()
@ServedAt('internal')
@UseGuards(CallerGuard)
@Controller('internal/openapi.json')
export class OpenApiController {
  constructor(private readonly document: OpenApiDocument) {}

  @Get()
  @Requires(...ROLES)
  describe(): OpenAPIObject {
    return this.document.get();
  }
}
