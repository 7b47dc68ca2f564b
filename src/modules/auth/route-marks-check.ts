import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { readRouteMark } from './route-mark.js';

/** Refuses to start a server that has a route with neither mark: someone forgot to think of who may call it. */
@Injectable()
export class RouteMarksCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    const unmarked = this.discovery.getControllers().flatMap(({ metatype }) => this.unmarkedRoutes(metatype));
    if (unmarked.length > 0) {
      throw new Error(`These routes bear neither @RequireScope nor @Public: ${unmarked.join(', ')}`);
    }
  }

  private unmarkedRoutes(controller: unknown): string[] {
    if (typeof controller !== 'function') return [];
    const prototype = controller.prototype as Record<string, object | undefined>;
    return this.scanner
      .getAllMethodNames(prototype)
      .map((name) => ({ name, method: prototype[name] }))
      .filter(({ method }) => method !== undefined && Reflect.hasMetadata(PATH_METADATA, method))
      .filter(({ method }) => method !== undefined && readRouteMark(method, controller) === undefined)
      .map(({ name }) => `${controller.name}.${name}`);
  }
}
