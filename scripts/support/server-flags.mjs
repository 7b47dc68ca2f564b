/**
 * What Node is started with to serve: the space of young objects is bounded, which V8 else lets grow to 48 MB and keeps.
 * package.json, the Dockerfile and docs/operations.md cannot read it here; a test holds them to it.
 */
export const SERVER_FLAGS = ['--max-semi-space-size=4'];
