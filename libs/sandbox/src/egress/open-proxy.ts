import type { Room } from '../workspace/room.js';
import { EgressProxy } from './egress-proxy.js';
import type { EgressSession } from './egress-session.js';

/** The way out of a new room, where its session may have one. Nothing is left if it cannot be made. */
export async function openProxy(room: Room, egress: EgressSession | undefined): Promise<EgressProxy | undefined> {
  if (egress === undefined) return undefined;
  try {
    return await EgressProxy.open(room.directory, egress);
  } catch (error) {
    await room.remove();
    throw error;
  }
}
