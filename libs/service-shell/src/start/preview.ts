import { Module, type DynamicModule, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { httpAdapter } from '../http/http-adapter.js';
import { PlatformModule } from './platform.module.js';

/**
 * Nest modules of a service without instances and connections, for readers of decorators, e.g.
 * OpenAPI.
 */
export async function previewOf(module: Type | DynamicModule): Promise<INestApplication> {
  return NestFactory.create(
    { module: PreviewModule, imports: [PlatformModule.preview(), module] },
    httpAdapter(),
    { preview: true, logger: false, abortOnError: false },
  );
}

@Module({})
class PreviewModule {}
