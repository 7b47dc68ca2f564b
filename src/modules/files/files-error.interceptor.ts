import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { WireError } from '@libs/openai-wire';
import { catchError, throwError, type Observable } from 'rxjs';
import { FilesEndpointError } from './files.errors.js';

/** Gives the errors of the files endpoints the form that only they have. */
@Injectable()
export class FilesErrorInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next
      .handle()
      .pipe(
        catchError((error: unknown) =>
          throwError(() => (error instanceof WireError ? new FilesEndpointError(error) : error)),
        ),
      );
  }
}
