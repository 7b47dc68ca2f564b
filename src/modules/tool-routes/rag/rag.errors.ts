import { DetailError } from '../../../common/errors/index.js';

export function missingCollection(name: string): string {
  return `Collection '${name}' does not exist`;
}

export function noCollection(name: string): DetailError {
  return new DetailError(404, missingCollection(name));
}

export function noDocument(id: string, collection: string): DetailError {
  return new DetailError(404, `Document '${id}' not found in collection '${collection}'`);
}
