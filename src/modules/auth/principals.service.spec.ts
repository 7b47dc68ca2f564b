import type { Request } from 'express';
import type { CredentialResolver } from './credentials/credential-resolver.js';
import { PrincipalsService } from './principals.service.js';
import type { UsersRepository } from './users.repository.js';

const REQUEST = {} as Request;
const USER = { id: 'user_1', username: 'ann', isAdmin: false, disabled: false, tokenVersion: 1 };

/** A service over one user, which counts how often the database is asked. */
function makeService(valid: (token: string) => boolean): { service: PrincipalsService; questions: () => number } {
  let questions = 0;
  const users = {
    findById: async () => {
      questions += 1;
      return USER;
    },
    findMembership: async () => ({ projectId: 'proj_1', role: 'owner' }),
  } as unknown as UsersRepository;
  const resolver: CredentialResolver = {
    handles: () => true,
    resolve: async (token) => (valid(token) ? { userId: USER.id, tokenVersion: 1 } : undefined),
  };
  return { service: new PrincipalsService([resolver], users), questions: () => questions };
}

describe('PrincipalsService', () => {
  it('asks the database once for requests that come at once, and not again soon after', async () => {
    const { service, questions } = makeService(() => true);
    const found = await Promise.all(Array.from({ length: 5 }, () => service.fromToken('token', REQUEST, undefined)));
    found.push(await service.fromToken('token', REQUEST, undefined));
    expect(found.map((principal) => principal?.userId)).toEqual(Array(6).fill('user_1'));
    expect(questions()).toBe(1);
  });

  it('keeps tokens and projects apart', async () => {
    const { service, questions } = makeService((token) => token === 'token');
    const [known, unknown] = await Promise.all([
      service.fromToken('token', REQUEST, undefined),
      service.fromToken('another', REQUEST, undefined),
      service.fromToken('token', REQUEST, 'proj_1'),
    ]);
    expect([known?.userId, unknown]).toEqual(['user_1', undefined]);
    expect(questions()).toBe(2);
  });

  it('asks anew for a credential that was refused', async () => {
    let isValid = false;
    const { service } = makeService(() => isValid);
    expect(await service.fromToken('token', REQUEST, undefined)).toBeUndefined();
    isValid = true;
    expect(await service.fromToken('token', REQUEST, undefined)).toMatchObject({ userId: 'user_1' });
  });

  it('asks anew after the database has failed', async () => {
    const { service } = makeService((token) => {
      if (fails) throw new Error('The database is away.');
      return token === 'token';
    });
    let fails = true;
    await expect(service.fromToken('token', REQUEST, undefined)).rejects.toThrow('The database is away.');
    fails = false;
    expect(await service.fromToken('token', REQUEST, undefined)).toMatchObject({ userId: 'user_1' });
  });
});
